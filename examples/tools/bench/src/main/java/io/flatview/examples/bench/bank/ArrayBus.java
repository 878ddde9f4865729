package io.flatview.examples.bench.bank;

import java.util.Arrays;

/** Arrays by page, of which a selection replaces some, as an emulator does without a framework. */
final class ArrayBus implements Bus {

  private final Layout layout;
  private final int pageBits;
  private final int mask;
  private final byte[][] rom;
  private final byte[][] ram;

  /** A page that is null is the device's. */
  private final byte[][] map;

  ArrayBus(Layout layout) {
    this.layout = layout;
    pageBits = layout.pageBits;
    mask = (1 << pageBits) - 1;
    ram = new byte[1 << 16 - pageBits][1 << pageBits];
    map = ram.clone();
    rom = new byte[Cartridge.ROM >>> pageBits][];
    byte[] content = Cartridge.content();
    for (int page = 0; page < rom.length; page++) {
      rom[page] = Arrays.copyOfRange(content, page << pageBits, page + 1 << pageBits);
    }
  }

  @Override
  public void select(int choice) {
    switch (layout) {
      case WINDOW -> map[2] = rom[choice];
      case SIX_WINDOWS -> {
        int window = Layout.window(choice);
        show(Layout.place(window), rom, Layout.page(choice), window < 2 ? 2 : 1);
      }
      case OVERLAY -> overlay(choice);
    }
  }

  private void overlay(int choice) {
    show(10, Layout.basic(choice) ? rom : ram, Layout.basic(choice) ? 0 : 10, 2);
    show(14, Layout.kernal(choice) ? rom : ram, Layout.kernal(choice) ? 2 : 14, 2);
    if (Layout.device(choice)) {
      map[13] = null;
    } else {
      show(13, Layout.characters(choice) ? rom : ram, Layout.characters(choice) ? 4 : 13, 1);
    }
  }

  private void show(int place, byte[][] pages, int first, int count) {
    System.arraycopy(pages, first, map, place, count);
  }

  @Override
  public int load(int address) {
    byte[] page = map[address >>> pageBits];
    return page != null ? page[address & mask] & 0xff : device(address);
  }

  private static int device(int address) {
    return (int) Cartridge.DEVICE.read(address & 0xfff, 1);
  }
}
