package io.flatview.dispatch.fuzz;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.InvalidationSequence;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MapReader;
import java.util.Random;

/** An IOMMU of blocks of one size, each of which leads anywhere or nowhere, and elsewhere at any time. */
final class FuzzHop implements IommuTranslator {

  private record Block(int target, boolean readable, boolean writable) {}

  private final Random random;
  private final int blockSize;
  private final Block[] blocks;
  private final int targets;
  private final InvalidationSequence changes = new InvalidationSequence();
  AddressSpace target;

  /** What the region of the IOMMU refuses, whatever its blocks grant; null for nothing. */
  Access refused;

  FuzzHop(Random random, int size) {
    this.random = random;
    this.blockSize = 1 << 4 + random.nextInt(6);
    this.blocks = new Block[(size + blockSize - 1) / blockSize];
    this.targets = size / blockSize;
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = newBlock();
    }
  }

  private Block newBlock() {
    return new Block(blockSize * random.nextInt(targets), random.nextInt(8) != 0, random.nextInt(8) != 0);
  }

  /** No commit tells of it. */
  void change() {
    blocks[random.nextInt(blocks.length)] = newBlock();
    changes.advance();
  }

  boolean refuses(Access access) {
    return refused == access;
  }

  /** Where an address leads, or -1. */
  int target(int address, Access access) {
    int number = address / blockSize;
    if (number >= blocks.length) {
      return -1;
    }
    Block block = blocks[number];
    boolean granted = access.writes() ? block.writable : block.readable;
    return granted ? block.target + address % blockSize : -1;
  }

  /** How many bytes of the block are left. */
  int reach(int address) {
    return blockSize - address % blockSize;
  }

  @Override
  public void translate(long address, Access access, int index, MapReader reader, IommuTlbEntry entry) {
    if (Long.compareUnsigned(address, (long) blocks.length * blockSize) < 0) {
      long number = changes.current();
      Block block = blocks[(int) address / blockSize];
      entry.grant(target, block.target, blockSize - 1, block.readable, block.writable);
      entry.reusableWhile(changes, number);
    }
  }
}
