package io.flatview.examples.races.careless;

import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MapReader;
import io.flatview.memory.MapResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.RamDiscardListener;
import io.flatview.memory.RamDiscardManager;
import io.flatview.memory.SectionAttributes;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimPolicies;
import java.io.EOFException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A careless user: one thread that calls whatever there is, in any order, also from callbacks. */
final class User {

  /** Thrown by callbacks. */
  static final class CallbackException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CallbackException() {
      super("a callback fails");
    }
  }

  /** What a call may throw, beside the API's own exceptions. Subclasses count only if they are named. */
  private static final Set<Class<?>> DOCUMENTED = Set.of(
      IllegalArgumentException.class, IllegalStateException.class, NullPointerException.class,
      IndexOutOfBoundsException.class, UncheckedIOException.class, CallbackException.class, InterruptedException.class,
      ArithmeticException.class, EOFException.class, NoSuchFileException.class, AccessDeniedException.class,
      FileSystemException.class);

  /** What single methods document. */
  private static final Map<String, Class<?>> DOCUMENTED_OF = Map.of("Mappings.anonymous", OutOfMemoryError.class);

  private static final Set<Class<?>> API = Set.copyOf(PublicApi.types());

  /** Waits for readers, or for what others hold. */
  private static final Set<String> WAITING = Set.of("synchronize", "synchronizeExpedited", "barrier", "await");

  private static final int NESTED = 2;

  private final Machine machine;
  private final List<Executable> members;
  private final Tally tally;
  private final Random random;
  private final Values values;
  private final int number;
  private final MapReader own;

  /** What each thread that callbacks of this user run in has entered and must leave. */
  private final ThreadLocal<Open> open = ThreadLocal.withInitial(Open::new);

  volatile String present = "nothing";

  /** What no user has called when the present sequence began. */
  private List<Executable> missed = List.of();

  /** What a thread has open. */
  private static final class Open {
    final Deque<ReadSection> sections = new ArrayDeque<>();
    final Deque<Transaction> transactions = new ArrayDeque<>();
    int callbacks;

    boolean isEmpty() {
      return sections.isEmpty() && transactions.isEmpty() && callbacks == 0;
    }

    void leave(int sectionsLeft, int transactionsLeft) {
      while (transactions.size() > transactionsLeft) {
        Machine.quietly(transactions.pop()::close);
      }
      while (sections.size() > sectionsLeft) {
        Machine.quietly(sections.pop()::close);
      }
    }
  }

  User(Machine machine, List<Executable> members, Tally tally, long seed, int number) {
    this.machine = machine;
    this.members = members;
    this.tally = tally;
    this.random = new Random(seed);
    this.number = number;
    InvocationHandler callback = this::callback;
    this.values = new Values(random, machine.pool, machine.file, callback);
    this.own = machine.memory.newReader("own" + number);
    own.offline();
  }

  /** Calls this and that; at the end nothing is left open. */
  void sequence() {
    machine.refill();
    missed = tally.missed(members);
    for (int i = values.oneIn(4) ? 4 : 30; i > 0; i--) {
      step();
    }
    open.get().leave(0, 0);
    rest();
    if (!machine.wild) {
      check();
    }
    tally.sequence();
  }

  private void check() {
    own.online();
    machine.check(own, number, tally);
    own.offline();
  }

  void end() {
    Machine.quietly(own::close);
  }

  private void step() {
    switch (random.nextInt(10)) {
      case 0 -> habit();
      case 1 -> access();
      case 2, 3, 4 -> call(anyOf(missed.isEmpty() ? members : missed));
      default -> call(anyOf(members));
    }
  }

  private Executable anyOf(List<Executable> some) {
    return some.get(random.nextInt(some.size()));
  }

  /** What nearly every user does; so that there is something to misuse. */
  private void habit() {
    attempt("habit", () -> {
      MemoryRegion.Ram ram = machine.memory.ram("ram" + number, Size.bytes(0x1000L << random.nextInt(6)));
      keep(ram);
      if (values.oneIn(4)) {
        makeSparse(ram);
      }
      if (values.oneIn(8)) {
        keep(machine.memory.newReader("hart"));
      }
      CommitTicket ticket = machine.memory.update(tx -> {
        tx.addSubregion(machine.system, random.nextLong(0x20) * 0x1000, ram, random.nextInt(4));
        if (machine.pool.any(MemoryRegion.Ram.class, random) instanceof MemoryRegion old
            && old != ram && old.parent().isPresent()) {
          tx.delSubregion(old);
        }
      });
      keep(ticket);
      if (machine.pool.any(MemoryRegion.Ram.class, random) instanceof MemoryRegion old && old != ram) {
        old.close();
      }
    });
  }

  private void makeSparse(MemoryRegion.Ram ram) {
    RamDiscardManager manager = ram.newDiscardManager(0x1000);
    keep(manager);
    keep(manager.addListener((RamDiscardListener) values.of(RamDiscardListener.class), new MemoryRegionSection(
        new AddressRange(0, ram.size().last()), ram, 0, SectionAttributes.NONE)));
  }

  /** Any reader that some thread has made, used as if it were this one's. */
  private void access() {
    MapReader reader = (MapReader) machine.pool.any(MapReader.class, random);
    AddressSpace space = values.oneIn(4)
        ? (AddressSpace) machine.pool.any(AddressSpace.class, random) : machine.space;
    if (reader == null || space == null) {
      return;
    }
    attempt("access", () -> {
      take(reader);
      Machine.quietly(reader::online);
      try (ReadSection _ = reader.enter()) {
        for (int i = random.nextInt(200); i > 0; i--) {
          if (random.nextBoolean()) {
            reader.load(space, values.number(), 1 << random.nextInt(4));
          } else {
            reader.store(space, values.number(), 1 << random.nextInt(4), i);
          }
        }
      } finally {
        take(reader);
      }
    });
  }

  private void use(Object receiver) {
    if ((receiver instanceof MapReader || receiver instanceof Reader) && !Proxy.isProxyClass(receiver.getClass())) {
      take(receiver);
    }
  }

  private void take(Object reader) {
    machine.users.put(reader, Thread.currentThread());
  }

  private void call(Executable member) {
    if (isLeftOut(member)) {
      return;
    }
    Object receiver = null;
    if (member instanceof Method method && !Modifier.isStatic(method.getModifiers())) {
      receiver = receiver(method.getDeclaringClass());
      if (receiver == null || isForbidden(method, receiver)) {
        return;
      }
    }
    call(member, receiver, values.forAll(member));
  }

  /** What some call has returned; now and then one that is made for the purpose, such as a callback. */
  private Object receiver(Class<?> type) {
    Object known = machine.pool.any(type, random);
    return known != null || type.isInterface() && !values.oneIn(50) ? known : values.of(type);
  }

  private void call(Executable member, Object receiver, Object[] arguments) {
    bound(member, arguments);
    if (WAITING.contains(member.getName())) {
      rest();
    }
    tally.called(member);
    present = member + " by " + Thread.currentThread().getName();
    attempt(member.getDeclaringClass().getSimpleName() + "." + member.getName(), () -> {
      use(receiver);
      try {
        keep(member instanceof Constructor<?> constructor
            ? constructor.newInstance(arguments) : ((Method) member).invoke(receiver, arguments));
      } finally {
        use(receiver);
      }
    });
  }

  /** Bytes that are not there are passed over one by one, and a bank's pages are a region each: not so many. */
  private void bound(Executable member, Object[] arguments) {
    if (member.getName().equals("bank") && arguments[2] instanceof MemoryRegion pages
        && !Proxy.isProxyClass(pages.getClass()) && !pages.size().isEmpty()) {
      arguments[1] = Size.bytes((pages.size().last() >>> 8) + 1 + random.nextInt(0x1000));
    }
    if (member.getName().equals("fill") || member.getName().equals("isAccessible")) {
      arguments[2] = member.getParameterTypes()[2] == long.class ? (Object) random.nextLong(0x2000) : arguments[2];
    }
  }

  private boolean isLeftOut(Executable member) {
    Class<?> type = member.getDeclaringClass();
    boolean makesThreads = type == ReclaimPolicies.class || MemorySystem.class.isAssignableFrom(type)
        && Modifier.isStatic(member.getModifiers());
    return makesThreads && !values.oneIn(missed.contains(member) ? 2 : 50)
        || WAITING.contains(member.getName()) && !(open.get().isEmpty() && values.oneIn(4));
  }

  private boolean isForbidden(Method method, Object receiver) {
    boolean closesAll = method.getName().equals("close")
        && (receiver == machine.policy || receiver == machine.memory);
    return closesAll && !(machine.wild && values.oneIn(missed.contains(method) ? 5 : 200) && open.get().isEmpty());
  }

  private void attempt(String what, Machine.Step step) {
    try {
      step.run();
    } catch (Throwable e) {
      judge(what, e instanceof InvocationTargetException target ? target.getCause() : e);
    }
  }

  private void judge(String what, Throwable thrown) {
    tally.threw(thrown.getClass().getSimpleName());
    boolean documented = DOCUMENTED.contains(thrown.getClass()) || API.contains(thrown.getClass())
        || thrown.getClass() == DOCUMENTED_OF.get(what);
    if (!documented) {
      StackTraceElement[] stack = thrown.getStackTrace();
      tally.fault(what + " threw " + thrown + " at "
          + List.of(stack).subList(0, Math.min(8, stack.length)));
    }
  }

  /** For other calls. Raw memory is left out: it is the user's promise not to use it after its section or window. */
  private void keep(Object result) {
    switch (result) {
      case null -> { }
      case Optional<?> optional -> optional.ifPresent(this::keep);
      case List<?> list -> list.stream().limit(4).forEach(this::keep);
      case MemorySegment _ -> { }
      case Object callback when Proxy.isProxyClass(callback.getClass()) -> { }
      case ReadSection section -> {
        open.get().sections.push(section);
        machine.pool.add(section, random);
      }
      case Object object when machine.isHidden(object) -> { }
      default -> {
        note(result);
        machine.pool.add(result, random);
      }
    }
  }

  private void note(Object result) {
    if (result instanceof Transaction transaction && !open.get().transactions.contains(transaction)) {
      open.get().transactions.push(transaction);
    }
    if (result instanceof MapReader || result instanceof Reader) {
      take(result);
    }
    if (result instanceof MapResult.Whole whole) {
      machine.opened.add(whole.window());
    }
    if (result instanceof MapResult.Part part) {
      machine.opened.add(part.window());
    }
    if (result instanceof AutoCloseable closeable && result != machine.policy && result != machine.memory
        && result != machine.space) {
      machine.opened.add(closeable);
    }
  }

  /** A reader of the user's own is called back here, and does not rest again. */
  private void rest() {
    Open mine = open.get();
    mine.callbacks++;
    try {
      machine.rest();
    } finally {
      mine.callbacks--;
    }
  }

  // Callbacks

  private Object callback(Object proxy, Method method, Object[] arguments) throws Throwable {
    if (method.getDeclaringClass() == Object.class) {
      return ofObject(proxy, method, arguments);
    }
    tally.called(method);
    if (method.isDefault() && !values.oneIn(10)) {
      return InvocationHandler.invokeDefault(proxy, method, arguments);
    }
    Open mine = open.get();
    int sections = mine.sections.size();
    int transactions = mine.transactions.size();
    mine.callbacks++;
    try {
      return careless(method, arguments == null ? new Object[0] : arguments);
    } finally {
      mine.callbacks--;
      mine.leave(sections, transactions);
      if (mine.isEmpty()) {
        rest();
      }
    }
  }

  private Object careless(Method method, Object[] arguments) {
    for (Object argument : arguments) {
      if (argument != null && values.oneIn(3)) {
        keep(argument);
      }
    }
    if (IommuTranslator.class.isAssignableFrom(method.getDeclaringClass()) && method.getName().equals("translate")
        && !values.oneIn(4)) {
      ((IommuTlbEntry) arguments[4]).grant(
          machine.space, (long) arguments[0] & 0xf000, 0xfff, random.nextBoolean(), true);
      return null;
    }
    if (values.oneIn(30)) {
      throw new CallbackException();
    }
    if (!machine.ending && open.get().callbacks <= NESTED && values.oneIn(3)) {
      step();
    }
    return method.getReturnType() == void.class ? null : values.of(method.getReturnType());
  }

  private static Object ofObject(Object proxy, Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "equals" -> proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> "callback";
    };
  }
}
