package io.flatview.examples.bench.bank;

import java.util.Arrays;

/** Arrays by page of 1 KiB, of which a selection replaces some; what an emulator does without a framework. */
final class ArrayBus implements Bus {

  private static final int PAGE_BITS = 10;
  private static final int PAGE = 1 << PAGE_BITS;

  private final Layout layout;
  private final byte[][] rom = new byte[Cartridge.ROM >>> PAGE_BITS][];
  private final byte[][] ram = new byte[64][PAGE];

  /** A page that is null is the device's. */
  private final byte[][] map = ram.clone();

  ArrayBus(Layout layout) {
    this.layout = layout;
    byte[] content = Cartridge.content();
    for (int page = 0; page < rom.length; page++) {
      rom[page] = Arrays.copyOfRange(content, page * PAGE, (page + 1) * PAGE);
    }
  }

  @Override
  public void select(int choice) {
    switch (layout) {
      case WINDOW -> show(32, rom, 16 * choice, 16);
      case SIX_WINDOWS -> {
        int window = Layout.window(choice);
        show(Layout.place(window), rom, Layout.page(choice), window < 2 ? 2 : 1);
      }
      case OVERLAY -> overlay(choice);
    }
  }

  private void overlay(int choice) {
    show(40, Layout.basic(choice) ? rom : ram, Layout.basic(choice) ? 0 : 40, 8);
    show(56, Layout.kernal(choice) ? rom : ram, Layout.kernal(choice) ? 8 : 56, 8);
    if (Layout.device(choice)) {
      Arrays.fill(map, 52, 56, null);
    } else {
      show(52, Layout.characters(choice) ? rom : ram, Layout.characters(choice) ? 16 : 52, 4);
    }
  }

  private void show(int place, byte[][] pages, int first, int count) {
    System.arraycopy(pages, first, map, place, count);
  }

  @Override
  public int load(int address) {
    byte[] page = map[address >>> PAGE_BITS];
    return page != null ? page[address & PAGE - 1] & 0xff : device(address);
  }

  private static int device(int address) {
    return (int) Cartridge.DEVICE.read(address & 0xfff, 1);
  }
}
