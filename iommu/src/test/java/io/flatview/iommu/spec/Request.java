package io.flatview.iommu.spec;

/**
 * An untranslated request.
 *
 * @param device its {@code device_id}
 * @param process its {@code process_id}, or -1 for none
 * @param privileged whether it asks for supervisor privilege
 * @param kind 'r' for reads, 'w' for writes, 'x' for reads for execution
 * @param iova where to
 */
record Request(int device, int process, boolean privileged, char kind, long iova) {

  Request at(long address) {
    return new Request(device, process, privileged, kind, address);
  }

  Request as(char other) {
    return new Request(device, process, privileged, other, iova);
  }

  @Override
  public String toString() {
    return kind + " " + Long.toHexString(iova) + " of device " + Integer.toHexString(device)
        + (process < 0 ? "" : ", process " + Integer.toHexString(process) + (privileged ? " as supervisor" : ""));
  }
}
