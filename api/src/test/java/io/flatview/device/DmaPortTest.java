package io.flatview.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MapResult;
import io.flatview.memory.MappedWindow;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegionCache;
import io.flatview.rcu.ReadSection;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A device's port gives windows, caches and sections that fail as its accesses do. */
class DmaPortTest {

  private final List<String> calls = new ArrayList<>();
  private final Deque<MapResult> maps = new ArrayDeque<>();
  private final ReadSection section = () -> { };
  private final MappedWindow window = proxy(MappedWindow.class, (_, _, _) -> null);
  private MemTxResult result = MemTxResult.OK;
  private boolean unwanted;

  private final MemoryRegionCache ring = proxy(MemoryRegionCache.class, (_, method, _) -> switch (method.getName()) {
    case "address" -> 0x1000L;
    case "load" -> 7L;
    default -> result;
  });

  private final MapReader reader = proxy(MapReader.class, (_, method, _) -> {
    calls.add(method.getName());
    return switch (method.getName()) {
      case "cache" -> ring;
      case "enter" -> section;
      default -> null;
    };
  });

  private final AddressSpace space = proxy(AddressSpace.class, (_, method, _) ->
      method.getName().equals("map") ? maps.remove() : "bus");

  private final DmaPort port = new DmaPort(reader, space, () -> unwanted);

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  /** Forbidden: the device starts, and its first request fails in a thread that did not make the mistake. */
  @Test
  void nothingOfAPortMayBeNull() {
    assertNames("reader", () -> new DmaPort(null, space));
    assertNames("space", () -> new DmaPort(reader, null));
    assertNames("unwanted", () -> new DmaPort(reader, space, null));
    assertNames("abandoned", () -> port.until(null));
    assertNames("initiator", () -> port.withAttributes(null));
  }

  private static void assertNames(String missing, Executable made) {
    assertEquals(missing, assertThrows(NullPointerException.class, made).getMessage());
  }

  @Test
  void aSectionIsThatOfTheReader() {
    assertSame(section, port.enter());
  }

  @Test
  void aWindowMayBeShorterThanAskedFor() {
    maps.add(new MapResult.Part(window));
    maps.add(new MapResult.Whole(window));
    assertSame(window, port.map(0, 2, Access.READ));
    assertSame(window, port.map(1, 1, Access.READ));
  }

  @Test
  void aWindowThatHasNoRoomIsAwaitedOffline() {
    maps.add(new MapResult.Busy(CompletableFuture.completedFuture(null)));
    maps.add(new MapResult.Whole(window));
    assertSame(window, port.map(0, 1, Access.WRITE));
    assertEquals(List.of("offline", "online"), calls);
  }

  @Test
  void aThreadThatIsInterruptedAsItWaitsForRoomStaysInterrupted() {
    maps.add(new MapResult.Busy(new CompletableFuture<>()));
    Thread.currentThread().interrupt();
    assertThrows(IllegalStateException.class, () -> port.map(0x1000, 8, Access.READ));
    assertTrue(Thread.interrupted());
    assertEquals("online", calls.getLast());
  }

  @Test
  void aWindowThatIsNoLongerWantedIsNotAwaited() {
    maps.add(new MapResult.Busy(new CompletableFuture<>() {
      @Override
      public CompletableFuture<Void> toCompletableFuture() {
        unwanted = true;
        return CompletableFuture.completedFuture(null);
      }
    }));
    assertThrows(DmaException.class, () -> port.map(0, 1, Access.WRITE));
  }

  @Test
  void aWindowOnNothingNamesTheAddress() {
    maps.add(new MapResult.Failed(MemTxResult.DECODE_ERROR));
    DmaException e = assertThrows(DmaException.class, () -> port.map(0x2000, 1, Access.WRITE));
    assertTrue(e.getMessage().contains("0000000000002000 in 'bus'"), e.getMessage());
  }

  @Test
  void aCacheFailsAsThePortDoes() {
    DmaCache cache = port.cache(0x1000, 64);
    assertEquals(7, cache.load(8, 4));
    cache.store(8, 4, 1);
    result = MemTxResult.DECODE_ERROR;
    DmaException load = assertThrows(DmaException.class, () -> cache.load(8, 4));
    assertTrue(load.getMessage().contains("0000000000001008"), load.getMessage());
    assertThrows(DmaException.class, () -> cache.store(8, 4, 1));
  }

  @Test
  void aCacheIsLeftAloneOnceItIsUnwanted() {
    DmaCache cache = port.cache(0x1000, 64);
    unwanted = true;
    assertThrows(DmaException.class, () -> cache.load(0, 2));
    assertThrows(DmaException.class, () -> cache.store(0, 2, 0));
  }

  @Test
  void everyAccessHasTheAttributesOfThePort() {
    MemTxAttrs process = MemTxAttrs.ofRequester(9).withPid(5);
    List<Object> seen = new ArrayList<>();
    MapReader noting = proxy(MapReader.class, (_, method, arguments) -> {
      if (arguments != null) {
        seen.add(method.getName() + " " + List.of(arguments).contains(process));
      }
      return switch (method.getName()) {
        case "cache" -> ring;
        case "load" -> 7L;
        default -> result;
      };
    });
    AddressSpace mapping = proxy(AddressSpace.class, (_, method, arguments) -> {
      if (arguments == null) {
        return method.getName();
      }
      seen.add(method.getName() + " " + List.of(arguments).contains(process));
      return new MapResult.Whole(window);
    });
    DmaPort own = new DmaPort(noting, mapping).withAttributes(process).until(() -> unwanted);
    own.load(0, 4);
    own.store(0, 4, 1);
    own.read(0, new byte[4], 0, 4);
    own.write(0, new byte[4], 0, 4);
    own.cache(0, 4);
    own.map(0, 4, Access.READ);
    assertEquals(List.of("load true", "store true", "read true", "write true", "cache true", "map true"), seen);
    unwanted = true;
    assertThrows(DmaException.class, () -> own.load(0, 4));
  }
}
