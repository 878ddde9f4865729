package io.flatview.dispatch.bank;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.dispatch.DispatchOptions;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ReclaimPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A random history of two machines, one with banks and one that renders instead. After each step both answer the same
 * at the edges of what shows and at random addresses. The banked one selects within sections that it holds.
 */
final class BankHistory {

  /** A part of a view, by what it tells: two of them that continue each other are one. */
  private record Part(long first, long last, String region, long offset, boolean readOnly, int mask) {
    boolean isContinuedBy(Part next) {
      return next.first == last + 1 && next.region.equals(region) && next.offset == offset + (next.first - first)
          && next.readOnly == readOnly && next.mask == mask;
    }
  }

  private final Random random;
  private final Plan plan;
  private final ReclaimPolicy policy;
  private final BankedMachine banked;
  private final RenderedMachine rendered;
  private final boolean[] placed;
  private final int[][] variants;
  private ReadSection held;
  private AddressSpace.Registration told;
  private String step = "nothing";
  private int visible;

  private BankHistory(long seed, ReclaimPolicy policy, RenderedMachine.Defect defect) {
    this.random = new Random(seed);
    this.plan = Plan.of(random);
    this.policy = policy;
    DispatchOptions options = DispatchOptions.defaults().withPageSize(256);
    this.banked = new BankedMachine(DispatchMemory.create(policy, options), plan);
    this.rendered = new RenderedMachine(DispatchMemory.create(policy, options), plan, defect);
    this.placed = new boolean[plan.count()];
    this.variants = new int[plan.count()][];
    for (int i = 0; i < plan.count(); i++) {
      variants[i] = new int[plan.kind(i) == Plan.Kind.BANK ? plan.regions().get(i).other() : 0];
    }
  }

  /** How many selections showed. Throws an AssertionError that tells the seed if the machines differ. */
  static int run(long seed, int steps, ReclaimPolicy policy, RenderedMachine.Defect defect) {
    BankHistory history = new BankHistory(seed, policy, defect);
    try {
      for (int region = history.plan.count() - 1; region >= 0; region--) {
        history.place(region);
      }
      for (int i = 0; i < steps; i++) {
        history.step();
        history.compare();
      }
      return history.visible;
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed " + seed + " after " + history.step, e);
    } finally {
      history.close();
    }
  }

  private void close() {
    leave();
    banked.close();
    rendered.close();
    policy.close();
  }

  private void leave() {
    if (held != null) {
      held.close();
      held = null;
    }
  }

  private void step() {
    int choice = random.nextInt(20);
    if (choice < 14) {
      select();
    } else if (choice < 16) {
      leave();
      held = told == null && random.nextBoolean() ? banked.reader.enter() : null;
    } else if (choice == 16) {
      leave();
      tellOrNot();
    } else {
      leave();
      arrange();
    }
  }

  /** A selection is a commit while a listener wants it to be, and not seen in a section that is held. */
  private void tellOrNot() {
    if (told == null) {
      step = "a listener came";
      told = banked.space.addListener(new MemoryListener() {
        @Override
        public boolean wantsSelections() {
          return true;
        }
      });
    } else {
      step = "a listener left";
      told.close();
      told = null;
    }
  }

  private void select() {
    int bank = plan.count() - 1 - random.nextInt(plan.count() - Plan.LEAVES);
    if (variants[bank].length > 0) {
      int number = random.nextInt(variants[bank].length + 1) - 1;
      step = "select(r" + bank + ", " + number + ")";
      List<Part> before = parts(rendered.space);
      banked.select(bank, number);
      rendered.select(bank, number);
      visible += parts(rendered.space).equals(before) ? 0 : 1;
    }
  }

  private void arrange() {
    int region = random.nextInt(plan.count());
    switch (random.nextInt(8)) {
      case 0 -> both("enabled r" + region, machine -> machine.setEnabled(region, true));
      case 1 -> both("disabled r" + region, machine -> machine.setEnabled(region, false));
      case 2 -> move(region);
      case 3 -> flag(region);
      default -> place(region);
    }
  }

  private interface Change {
    void make(Machine machine);
  }

  private void both(String what, Change change) {
    step = what;
    change.make(banked);
    change.make(rendered);
  }

  private void move(int region) {
    long offset = random.nextInt(0x40) * 0x40L;
    both("moved r" + region,
        machine -> machine.memory.update(tx -> tx.setAddress(machine.regions.get(region), offset)));
  }

  private void flag(int region) {
    boolean readOnly = random.nextBoolean();
    if (plan.kind(region) != Plan.Kind.ROM) {
      both("read-only r" + region,
          machine -> machine.memory.update(tx -> tx.setReadOnly(machine.regions.get(region), readOnly)));
    }
  }

  private void place(int region) {
    if (placed[region]) {
      takeOut(region);
      return;
    }
    List<Integer> parents = new ArrayList<>(List.of(plan.count()));
    for (int i = region + 1; i < plan.count(); i++) {
      if (plan.kind(i) == Plan.Kind.CONTAINER || plan.kind(i) == Plan.Kind.BANK) {
        parents.add(i);
      }
    }
    boolean atRoot = random.nextInt(8) < (variants[region].length > 0 ? 5 : 1);
    int parent = atRoot ? plan.count() : parents.get(random.nextInt(parents.size()));
    if (parent < plan.count() && plan.kind(parent) == Plan.Kind.BANK) {
      setVariant(parent, region);
    } else {
      long offset = 0x40L * random.nextInt(parent == plan.count() ? 0x380 : 0x60);
      int priority = random.nextInt(3);
      placed[region] = true;
      both("placed r" + region + " in r" + parent, machine -> machine.place(parent, offset, region, priority));
    }
  }

  private void setVariant(int bank, int region) {
    int number = freeNumber(bank);
    if (number < variants[bank].length) {
      variants[bank][number] = region + 1;
      placed[region] = true;
      both("r" + region + " is variant " + number + " of r" + bank,
          machine -> machine.setVariant(bank, number, region));
    }
  }

  private int freeNumber(int bank) {
    int number = 0;
    while (number < variants[bank].length && variants[bank][number] != 0) {
      number++;
    }
    return number;
  }

  private void takeOut(int region) {
    placed[region] = false;
    for (int[] of : variants) {
      for (int i = 0; i < of.length; i++) {
        of[i] = of[i] == region + 1 ? 0 : of[i];
      }
    }
    both("took r" + region + " out", machine -> machine.takeOut(region));
  }

  private void compare() {
    compare(banked.space, rendered.space);
    compare(banked.mirror, rendered.mirror);
    List<String> differences = ((DispatchMemory) banked.memory).compareWithRebuild();
    if (!differences.isEmpty()) {
      throw new AssertionError(differences);
    }
  }

  private void compare(AddressSpace here, AddressSpace there) {
    List<Part> expected = parts(there);
    if (!parts(here).equals(expected)) {
      throw new AssertionError("shows " + parts(here) + " and should show " + expected);
    }
    expected.forEach(part -> {
      compareAt(here, there, part.first());
      compareAt(here, there, part.last());
      compareAt(here, there, part.last() + 1);
    });
    for (int i = 0; i < 8; i++) {
      compareAt(here, there, random.nextInt(0x10000));
    }
  }

  private static List<Part> parts(AddressSpace space) {
    List<Part> parts = new ArrayList<>();
    for (MemoryRegionSection section : space.flatView().shown()) {
      Part part = new Part(section.range().first(), section.range().last(), section.region().name(),
          section.offsetInRegion(), section.attributes().readOnly(), section.attributes().dirtyLogMask());
      if (!parts.isEmpty() && parts.getLast().isContinuedBy(part)) {
        Part left = parts.removeLast();
        parts.add(new Part(left.first(), part.last(), left.region(), left.offset(), left.readOnly(), left.mask()));
      } else {
        parts.add(part);
      }
    }
    return parts;
  }

  private void compareAt(AddressSpace here, AddressSpace there, long address) {
    String is = answer(banked, here, address);
    String should = answer(rendered, there, address);
    if (!is.equals(should)) {
      throw new AssertionError(Long.toHexString(address) + " in " + here + ": " + is + " instead of " + should);
    }
  }

  /** The region that answers, and the results of a store and of loads of two sizes. */
  private static String answer(Machine machine, AddressSpace space, long address) {
    try (ReadSection _ = machine.reader.enter()) {
      Translation found = machine.reader.translate(space, address, 1, Access.READ);
      String who = found.isAssigned() ? found.section().region().name() + " @" + found.offset() : "nobody";
      MemTxResult stored = machine.reader.store(space, address, 1, address >>> 4 & 0xff);
      long byteRead = machine.reader.load(space, address, 1);
      long wideRead = machine.reader.load(space, address, 8);
      return who + " " + stored + " " + byteRead + " " + Long.toHexString(wide(machine, space, address, wideRead));
    }
  }

  /** A device may see one wide access or several, and reads as its offset: so only memory is compared. */
  private static long wide(Machine machine, AddressSpace space, long address, long value) {
    boolean memory = Stream.of(0, 1, 2, 3, 4, 5, 6, 7).allMatch(distance -> machine.reader
        .translate(space, address + distance, 1, Access.READ).section().region() instanceof MemoryRegion.Memory);
    return memory ? value : 0;
  }
}
