package io.flatview.dispatch.model;

import static io.flatview.dispatch.model.ModelRegion.NONE;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Makes histories: a few regions, placed and shown, and then changes of all kinds.
 *
 * <p>The numbers of one history are multiples of one unit, sometimes off by one, so that edges meet; now and then they
 * are at the ends of the address space.
 */
final class Histories {

  private static final int MAX_REGIONS = 20;
  private static final Kind[] KINDS = Kind.values();

  private final Random random;
  private final Numbers numbers;
  private final boolean accesses;
  private final List<Op> history = new ArrayList<>();
  private final ModelMap map = new ModelMap();
  private int spaces;
  private int depth;

  private Histories(Random random, Numbers numbers, boolean accesses) {
    this.random = random;
    this.numbers = numbers;
    this.accesses = accesses;
  }

  /** Anywhere in 2<sup>64</sup> addresses. */
  static List<Op> anywhere(long seed) {
    Random random = new Random(seed);
    return new Histories(random, Numbers.anywhere(random), false).make(25);
  }

  /** At 0 to 4095, with loads, stores and readers that linger. */
  static List<Op> small(long seed) {
    Random random = new Random(seed);
    return new Histories(random, Numbers.small(random), true).make(60);
  }

  private List<Op> make(int steps) {
    add(Op.Make.of(0, Kind.CONTAINER, numbers.rootSize()));
    int regions = 4 + random.nextInt(9);
    for (int i = 0; i < regions; i++) {
      makeRegion();
      place(map.regions.lastKey());
    }
    openSpace(0);
    int changes = steps / 2 + random.nextInt(steps);
    for (int i = 0; i < changes; i++) {
      step();
    }
    return history;
  }

  private void add(Op op) {
    history.add(op);
    if (!(op instanceof Op.Make || op instanceof Op.Change || op instanceof Op.Direct)) {
      return;
    }
    if (map.makesSense(op) && map.refusal(op) == null) {
      map.apply(op);
    }
  }

  private void step() {
    int dice = random.nextInt(100);
    if (dice < 10) {
      makeRegion();
    } else if (dice < 32) {
      place(anyRegion());
    } else if (dice < 73) {
      change();
    } else if (dice < 80) {
      add(new Op.Plan());
    } else if (dice < 90) {
      transaction();
    } else if (dice < 97) {
      space();
    } else {
      add(new Op.Close(anyRegion()));
    }
    if (accesses) {
      access();
    }
  }

  private void makeRegion() {
    int id = map.regions.size();
    if (id >= MAX_REGIONS) {
      return;
    }
    Kind kind = random.nextInt(3) == 0 ? Kind.ALIAS : KINDS[random.nextInt(KINDS.length)];
    add(kind == Kind.ALIAS
        ? new Op.Make(id, kind, numbers.size(), anyRegion(), numbers.targetOffset())
        : Op.Make.of(id, kind, kind.hasMemory() ? numbers.memorySize() : numbers.size()));
  }

  /** The first one less often, since nearly everything else is below it. */
  private int anyRegion() {
    int region = random.nextInt(map.regions.size());
    return region == 0 && random.nextInt(6) != 0 ? random.nextInt(map.regions.size()) : region;
  }

  private int anyParent() {
    int parent = anyRegion();
    return random.nextBoolean() || map.region(parent).kind == Kind.ALIAS ? 0 : parent;
  }

  private void place(int child) {
    if (map.region(child).parent != NONE && random.nextInt(8) != 0) {
      add(new Op.Move(child, numbers.address()));
    } else {
      add(new Op.Add(anyParent(), numbers.address(), child, random.nextInt(4) == 0 ? random.nextInt(-2, 3) : 0));
    }
  }

  private void change() {
    int region = anyRegion();
    switch (random.nextInt(9)) {
      case 0 -> add(random.nextBoolean() ? new Op.Del(region) : new Op.Move(region, numbers.address()));
      case 1 -> add(new Op.Move(region, numbers.address()));
      case 2, 3 -> add(new Op.Resize(region, numbers.size()));
      case 4 -> add(new Op.SetFlag(region, Op.Flag.ENABLED, random.nextInt(4) == 0 ? 0 : 1));
      case 5 -> slide();
      case 6 -> setFlag(region);
      default -> place(region);
    }
  }

  private void slide() {
    map.regions.values().stream().filter(region -> region.kind == Kind.ALIAS).findAny()
        .ifPresent(alias -> add(new Op.Slide(alias.id, numbers.targetOffset())));
  }

  private void setFlag(int region) {
    Op.Flag flag = Op.Flag.values()[1 + random.nextInt(Op.Flag.values().length - 1)];
    add(new Op.SetFlag(region, flag, flag == Op.Flag.DIRTY_LOG_MASK ? random.nextInt(8) : random.nextInt(2)));
  }

  private void transaction() {
    if (depth == 0 || depth < 3 && random.nextInt(3) == 0) {
      depth++;
      add(new Op.Begin());
      return;
    }
    depth--;
    add(switch (random.nextInt(8)) {
      case 0, 1 -> new Op.RollBack();
      case 2, 3, 4 -> new Op.Commit(random.nextInt(4) == 0 ? Op.Commit.VETO : 1 + random.nextInt(12));
      default -> new Op.Commit(Op.Commit.NO_TRAP);
    });
  }

  private void space() {
    if (random.nextInt(3) == 0) {
      add(new Op.CloseSpace(random.nextInt(spaces)));
    } else if (spaces < 6) {
      openSpace(random.nextInt(3) == 0 ? 0 : anyRegion());
    }
  }

  private void openSpace(int root) {
    add(new Op.OpenSpace(spaces++, root));
  }

  private void access() {
    int space = random.nextInt(spaces);
    switch (random.nextInt(10)) {
      case 0 -> add(new Op.Enter());
      case 1 -> add(new Op.Leave());
      case 2 -> add(new Op.GracePeriod());
      case 3, 4, 5 -> add(new Op.Load(space, accessed(), 1 << random.nextInt(4)));
      default -> add(new Op.Store(space, accessed(), 1 << random.nextInt(4), random.nextLong()));
    }
  }

  private long accessed() {
    return numbers.address().longValue() + (random.nextBoolean() ? 0 : random.nextInt(-8, 9));
  }

  /** Where numbers come from. */
  private abstract static class Numbers {

    static final BigInteger SPACE = ModelRegion.SPACE;

    final Random random;
    final BigInteger unit;

    Numbers(Random random, BigInteger unit) {
      this.random = random;
      this.unit = unit;
    }

    static Numbers anywhere(Random random) {
      int[] shifts = {0, 8, 10, 12, 12, 16, 20, 32, 44, 60};
      return new Anywhere(random, BigInteger.ONE.shiftLeft(shifts[random.nextInt(shifts.length)]));
    }

    static Numbers small(Random random) {
      return new Small(random, BigInteger.ONE.shiftLeft(random.nextInt(9)));
    }

    BigInteger some() {
      BigInteger some = unit.multiply(BigInteger.valueOf(random.nextInt(random.nextInt(3) == 0 ? 5 : 24)));
      BigInteger near = random.nextInt(5) == 0 ? some.add(BigInteger.valueOf(random.nextInt(-2, 3))) : some;
      return near.max(BigInteger.ZERO).min(SPACE);
    }

    abstract BigInteger rootSize();

    abstract BigInteger address();

    abstract BigInteger size();

    abstract BigInteger memorySize();

    BigInteger targetOffset() {
      return random.nextInt(3) == 0 ? BigInteger.ZERO : address();
    }
  }

  private static final class Anywhere extends Numbers {

    private static final BigInteger LARGEST_MEMORY = BigInteger.ONE.shiftLeft(40);

    Anywhere(Random random, BigInteger unit) {
      super(random, unit);
    }

    private boolean isExtreme() {
      return random.nextInt(12) == 0;
    }

    private BigInteger extreme() {
      BigInteger half = SPACE.shiftRight(1);
      return switch (random.nextInt(4)) {
        case 0 -> half.add(BigInteger.valueOf(random.nextInt(-1, 2)));
        case 1 -> SPACE.subtract(BigInteger.ONE);
        default -> SPACE.subtract(some()).subtract(BigInteger.valueOf(random.nextInt(3))).max(BigInteger.ZERO);
      };
    }

    @Override
    BigInteger rootSize() {
      return random.nextInt(5) == 0 ? size() : SPACE;
    }

    @Override
    BigInteger address() {
      return (isExtreme() ? extreme() : some()).min(SPACE.subtract(BigInteger.ONE));
    }

    @Override
    BigInteger size() {
      return random.nextInt(25) == 0 ? SPACE : isExtreme() ? extreme() : some();
    }

    @Override
    BigInteger memorySize() {
      return size().min(LARGEST_MEMORY);
    }
  }

  private static final class Small extends Numbers {

    Small(Random random, BigInteger unit) {
      super(random, unit);
    }

    @Override
    BigInteger rootSize() {
      return random.nextInt(4) == 0 ? SPACE : BigInteger.valueOf(4096);
    }

    @Override
    BigInteger address() {
      return some();
    }

    @Override
    BigInteger size() {
      return random.nextInt(25) == 0 ? SPACE : some();
    }

    @Override
    BigInteger memorySize() {
      return some();
    }
  }
}
