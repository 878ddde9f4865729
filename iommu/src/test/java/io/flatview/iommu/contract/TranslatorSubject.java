package io.flatview.iommu.contract;

import io.flatview.memory.IommuTranslator;

/** An IOMMU under test, with a driver's hands. It refuses everything to begin with. */
public interface TranslatorSubject extends AutoCloseable {

  /**
   * The translator under test.
   *
   * @return always the same
   */
  IommuTranslator translator();

  /**
   * Maps addresses that are not mapped. What it takes so that sections entered from now on see it is done when this
   * returns.
   *
   * @param first the first address, a multiple of 4,096
   * @param size in bytes, a multiple of 4,096
   * @param target where the first address leads in the memory, a multiple of 4,096
   * @param writable whether writes are granted beside reads
   */
  void map(long first, long size, long target, boolean writable);

  /**
   * Unmaps what one call has mapped. No section entered from now on uses it.
   *
   * @param first as it was mapped
   * @param size as it was mapped
   */
  void unmap(long first, long size);

  /** Lets go of all that the model keeps. */
  @Override
  void close();
}
