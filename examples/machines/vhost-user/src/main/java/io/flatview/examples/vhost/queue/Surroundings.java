package io.flatview.examples.vhost.queue;

import io.flatview.examples.vhost.memory.Iotlb;
import io.flatview.examples.virtio.VirtioDevice;
import io.flatview.memory.MemorySystem;
import java.io.IOException;

/** The parts of a session that the threads of a queue need. */
public interface Surroundings {

  /** The device. */
  VirtioDevice device();

  /** The map. */
  MemorySystem memory();

  /** The mappings of the IOMMU. */
  Iotlb iotlb();

  /** Asks the front end for what an access missed. May block. */
  void ask(Iotlb.Miss miss) throws IOException;

  /** Counts. */
  QueueCounters counters();
}
