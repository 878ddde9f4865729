package io.flatview.examples.bench.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The streams are QEMU's, address by address. */
class AddressStreamTest {

  private static final String[] MAPS = {"q35", "gap-100", "gap-1000", "gap-10000", "sparse-1000"};

  @ParameterizedTest
  @EnumSource
  void everyStreamComesToQemusChecksum(AddressStream stream) {
    for (String name : MAPS) {
      Topology topology = Topology.named(name);
      assertEquals(Checksums.ofQemu(topology, stream).orElseThrow(),
          Checksums.bySearch(topology, stream.over(topology)), name);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 12_345, AddressStream.LENGTH - 1})
  void oneWrongAddressGivesAnotherChecksum(int wrong) {
    Topology topology = Topology.named("q35");
    long[] addresses = AddressStream.RND_RANGES.over(topology);
    addresses[wrong] += 4;
    assertNotEquals(Checksums.ofQemu(topology, AddressStream.RND_RANGES).orElseThrow(),
        Checksums.bySearch(topology, addresses));
  }
}
