package io.flatview.examples.cli.demo.dma;

import java.util.List;

/**
 * The results of a run.
 *
 * @param seconds how long it took
 * @param loads how many words devices read, each checked
 * @param refusals how many loads the IOMMU refused, each checked
 * @param changes how many mappings the driver changed, with an invalidation each
 * @param fences how many fences it waited for
 * @param faults how many fault records it found
 * @param wrong how much was seen that must not be
 * @param examples the first of that
 */
public record DmaReport(
    double seconds, long loads, long refusals, long changes, long fences, long faults, long wrong,
    List<String> examples) {

  /**
   * Whether all was well.
   *
   * @return true if nothing was wrong and something was checked
   */
  public boolean isClean() {
    return wrong == 0 && loads > 0 && changes > 0;
  }
}
