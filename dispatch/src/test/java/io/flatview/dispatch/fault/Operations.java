package io.flatview.dispatch.fault;

import io.flatview.memory.AccessTap;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.TapFilter;
import io.flatview.memory.TapRegistration;
import io.flatview.memory.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The operations on one world, chosen at random. */
final class Operations {

  private final World world;
  private final Edits edits;

  Operations(World world) {
    this.world = world;
    this.edits = new Edits(world);
  }

  Operation any() {
    return switch (world.random.nextInt(20)) {
      case 0 -> new OpenSpace();
      case 1 -> new CloseSpace(world.spaces.get("part"));
      case 2 -> new CloseSpace(world.spaces.get("memory"));
      case 3 -> new CloseRegion(false);
      case 4 -> new CloseRegion(true);
      case 5 -> new Listen();
      case 6 -> new Leave();
      case 7 -> new Tap();
      case 8 -> new Untap();
      case 9 -> new MakeMemory();
      default -> transaction();
    };
  }

  /** Plain or in a device's callback, with nested ones, with followers. */
  private Operation transaction() {
    Update update = new Update();
    try (Transaction tx = world.machine.memory.begin()) {
      update.edits = edits.some(tx, 1 + world.random.nextInt(world.random.nextInt(6) == 0 ? 12 : 4));
      try (Transaction nested = world.machine.memory.begin()) {
        update.nested = world.random.nextInt(3) == 0 ? edits.some(nested, 2) : null;
        nested.commit();
      }
      update.ownBegin = world.random.nextBoolean();
      update.inDevice = world.random.nextInt(3) == 0;
      update.when = world.any(List.of(Meddler.When.values()));
      int rounds = world.random.nextInt(3) == 0 ? 1 + world.random.nextInt(2) : 0;
      for (int i = 0; i < rounds; i++) {
        Consumer<Transaction> follower = edits.some(tx, 2);
        update.followers.add(() -> world.machine.memory.update(follower));
      }
    }
    return update;
  }

  private final class Update implements Operation {

    private Consumer<Transaction> edits;
    private Consumer<Transaction> nested;
    private boolean ownBegin;
    private boolean inDevice;
    private Meddler.When when;
    private final List<Runnable> followers = new ArrayList<>();
    private CommitTicket ticket;

    @Override
    public int rounds() {
      return followers.size();
    }

    @Override
    public void run(int rounds) {
      world.meddler.meddle(when, followers.subList(0, rounds));
      try {
        ticket = null;
        if (inDevice) {
          world.inDevice(this::make);
        } else {
          make();
        }
      } finally {
        world.meddler.meddle(when, List.of());
      }
    }

    private void make() {
      if (ownBegin) {
        try (Transaction tx = world.machine.memory.begin()) {
          edit(tx);
          ticket = tx.commit();
        }
      } else {
        ticket = world.machine.memory.update(this::edit);
      }
    }

    private void edit(Transaction tx) {
      edits.accept(tx);
      if (nested == null) {
        return;
      }
      if (inDevice) {
        nested.accept(tx);
        return;
      }
      try (Transaction inner = world.machine.memory.begin()) {
        nested.accept(inner);
        inner.commit();
      }
    }

    @Override
    public boolean isLate() {
      return inDevice;
    }

    @Override
    public String toString() {
      return "transaction" + (ownBegin ? " begun" : " by update") + (inDevice ? " in a device" : "")
          + (nested != null ? " with a nested one" : "") + " with " + followers.size() + " followers at " + when;
    }
  }

  private final class OpenSpace implements Operation {

    private final MemoryRegion root = world.any(world.regions);

    @Override
    public void run(int followers) {
      world.machine.memory.addressSpace("late", root);
    }

    @Override
    public void takeBack() {
      world.machine.memory.addressSpaces().stream().filter(space -> space.name().equals("late")).toList()
          .forEach(AddressSpace::close);
    }

    @Override
    public String toString() {
      return "opening a space";
    }
  }

  private final class CloseSpace implements Operation {

    private final World.Space space;

    CloseSpace(World.Space space) {
      this.space = space;
    }

    @Override
    public void run(int followers) {
      space.open.close();
    }

    @Override
    public void takeBack() {
      if (!world.machine.memory.addressSpaces().contains(space.open)) {
        world.open(space);
      }
    }

    @Override
    public String toString() {
      return "closing " + space.open;
    }
  }

  /** A region that shows, and is taken out and closed in one transaction. */
  private final class CloseRegion implements Operation {

    private final boolean inDevice;
    private MemoryRegion.Ram victim;

    CloseRegion(boolean inDevice) {
      this.inDevice = inDevice;
    }

    @Override
    public void prepare() {
      if (victim == null || Machine.isClosed(victim)) {
        world.regions.remove(victim);
        victim = world.machine.memory.ram("victim", Size.bytes(0x1000));
        world.regions.add(victim);
      }
      if (victim.parent().isEmpty()) {
        world.machine.memory.update(tx ->
            tx.addSubregion((MemoryRegion.Parent) world.regions.getFirst(), 0x3000, victim, 9));
      }
    }

    @Override
    public void run(int followers) {
      if (inDevice) {
        world.inDevice(() -> make(followers));
      } else {
        make(followers);
      }
    }

    private void make(int followers) {
      world.machine.memory.update(tx -> tx.delSubregion(victim));
      if (followers > 0) {
        victim.close();
      }
    }

    @Override
    public int rounds() {
      return 1;
    }

    @Override
    public boolean isLate() {
      return inDevice;
    }

    @Override
    public String toString() {
      return "closing a region" + (inDevice ? " in a device" : "");
    }
  }

  private final class Listen implements Operation {

    private Ledger ledger;
    private AddressSpace.Registration registration;

    @Override
    public void prepare() {
      ledger = new Ledger(AddressRange.ALL, 3);
      registration = null;
    }

    @Override
    public void run(int followers) {
      registration = world.spaces.get("memory").open.addListener(ledger);
    }

    @Override
    public void takeBack() {
      if (registration != null) {
        registration.close();
      }
      ledger.forget();
      require(ledger.complaint(List.of()));
    }

    @Override
    public String toString() {
      return "registering a listener";
    }
  }

  private static void require(String complaint) {
    if (complaint != null) {
      throw new AssertionError("a listener " + complaint);
    }
  }

  private final class Leave implements Operation {

    private Ledger ledger;
    private AddressSpace.Registration registration;

    @Override
    public void prepare() {
      ledger = new Ledger(AddressRange.ALL, 3);
      registration = world.spaces.get("memory").open.addListener(ledger);
    }

    @Override
    public void run(int followers) {
      registration.close();
    }

    /** A listener that failed itself while it left has missed calls. */
    @Override
    public void takeBack() {
      registration.close();
    }

    @Override
    public String toString() {
      return "a listener that leaves";
    }
  }

  private final class Tap implements Operation {

    private TapRegistration registration;

    @Override
    public void prepare() {
      registration = null;
    }

    @Override
    public void run(int followers) {
      AccessTap tap = _ -> {};
      TapFilter parts = TapFilter.of(new AddressRange(0x40, 0x13ff));
      registration = world.machine.memory.tap(world.spaces.get("memory").open, parts, tap);
    }

    @Override
    public void takeBack() {
      if (registration != null) {
        registration.close();
      }
    }

    @Override
    public String toString() {
      return "attaching a tap";
    }
  }

  private final class Untap implements Operation {

    private TapRegistration registration;

    @Override
    public void prepare() {
      if (registration == null) {
        registration = world.machine.memory.tap(
            world.spaces.get("memory").open, TapFilter.of(AddressRange.ALL), _ -> {});
      }
    }

    @Override
    public void run(int followers) {
      registration.close();
    }

    /** Another call tries again; readers' sections are all that its end waits for. */
    @Override
    public void takeBack() {
      CompletionStage<Void> removed = registration.remove();
      registration = null;
      world.policy.manual.runGracePeriod();
      removed.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    }

    @Override
    public boolean isLoose() {
      return true;
    }

    @Override
    public String toString() {
      return "removing a tap";
    }
  }

  private final class MakeMemory implements Operation {

    private MemoryRegion.Ram made;

    @Override
    public void prepare() {
      made = null;
    }

    @Override
    public void run(int followers) {
      made = world.machine.memory.ram("made", Size.bytes(0x2000));
    }

    @Override
    public void takeBack() {
      if (made != null) {
        made.close();
      }
    }

    @Override
    public String toString() {
      return "making memory";
    }
  }
}
