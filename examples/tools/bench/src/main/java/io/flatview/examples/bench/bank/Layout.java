package io.flatview.examples.bench.bank;

/** The banks that are switched. A choice is a number below {@link #choices}. */
enum Layout {
  /** A window of 16 KiB at 8000, over 256 KiB of ROM. */
  WINDOW(16, 0x8000, 0x4000, 14),

  /** Two windows of 2 KiB and four of 1 KiB from 0 on, over 256 KiB of ROM, as the video memory of NES MMC3 boards. */
  SIX_WINDOWS(768, 0, 0x2000, 10),

  /** ROM at a000 and e000, ROM or a device at d000, over RAM, by three bits, as in a C64. */
  OVERLAY(8, 0xa000, 0x6000, 12);

  /** How many choices there are. */
  final int choices;

  /** The first address that is read. */
  final int first;

  /** How many addresses are read. */
  final int length;

  /** How large a page is that shows one thing throughout, as a power of 2. */
  final int pageBits;

  Layout(int choices, int first, int length, int pageBits) {
    this.pageBits = pageBits;
    this.choices = choices;
    this.first = first;
    this.length = length;
  }

  /** Of six windows, which one a choice switches. */
  static int window(int choice) {
    return choice % 6;
  }

  /** Of six windows, the 1 KiB page that a choice shows first. */
  static int page(int choice) {
    return choice / 6 & (window(choice) < 2 ? 0x7e : 0x7f);
  }

  /** Of six windows, the first 1 KiB that one covers. */
  static int place(int window) {
    return window < 2 ? 2 * window : window + 2;
  }

  /** Whether a choice shows BASIC at a000. */
  static boolean basic(int choice) {
    return (choice & 3) == 3;
  }

  /** Whether a choice shows the kernal at e000. */
  static boolean kernal(int choice) {
    return (choice & 2) != 0;
  }

  /** Whether a choice shows the device at d000. */
  static boolean device(int choice) {
    return (choice & 4) != 0 && (choice & 3) != 0;
  }

  /** Whether a choice shows the character ROM at d000. */
  static boolean characters(int choice) {
    return (choice & 4) == 0 && (choice & 3) != 0;
  }
}
