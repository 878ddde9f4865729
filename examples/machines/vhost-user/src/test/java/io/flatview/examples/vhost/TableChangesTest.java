package io.flatview.examples.vhost;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.vhost.front.BackEnd;
import io.flatview.examples.vhost.front.DriverQueue;
import io.flatview.examples.vhost.front.FrontEnd;
import io.flatview.examples.vhost.front.GuestRam;
import io.flatview.examples.vhost.host.EventWait;
import io.flatview.examples.vhost.wire.Request;
import io.flatview.rcu.contract.Await;
import io.flatview.rcu.contract.EachFlavour;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * The table changes under threads that serve. Each memory that is plugged at one and the same address has a stamp of
 * its own, and a request that begins after the table was acknowledged writes that stamp to the disk, and no other.
 */
class TableChangesTest {

  private static final int ROUNDS = Boolean.getBoolean("flatview.long") ? 100_000 : 300;
  private static final long PLUGGED = 4 << 20;
  private static final long BYTES = 1 << 16;

  @TempDir
  private Path folder;

  private Path disk() throws Exception {
    return Files.write(folder.resolve("disk.img"), new byte[1 << 20]);
  }

  private static GuestRam stamped(long stamp) {
    GuestRam ram = new GuestRam(PLUGGED, BYTES);
    for (long at = 0; at < BYTES; at += 8) {
      ram.all().set(JAVA_LONG, at, stamp);
    }
    return ram;
  }

  private static long stamp(FileChannel disk) throws Exception {
    ByteBuffer read = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    disk.read(read, 0);
    for (int at = 8; at < 4096; at += 8) {
      assertEquals(read.getLong(0), read.getLong(at), "a request that was served from two memories");
    }
    return read.getLong(0);
  }

  /** Keeps another queue busy while the table changes. */
  private static Thread load(DriverQueue queue, AtomicBoolean ends, AtomicReference<Throwable> failure) {
    return Thread.ofPlatform().start(() -> {
      try {
        while (!ends.get()) {
          assertEquals(0, queue.request(DriverQueue.IN, 8, 2 << 20, 65536));
        }
      } catch (Throwable e) {
        failure.set(e);
      }
    });
  }

  @ParameterizedTest
  @EachFlavour
  void aRequestAfterAChangeSeesTheNewMemoryOnly(String flavour) throws Exception {
    AtomicBoolean ends = new AtomicBoolean();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Path path = disk();
    try (BackEnd backEnd = BackEnd.disk(flavour, path, 2);
        FileChannel disk = FileChannel.open(path);
        BackEnd.Link link = backEnd.connect();
        GuestRam rings = new GuestRam(0, 4 << 20);
        DriverQueue queue = new DriverQueue(rings, 0, 0, 128, 0);
        DriverQueue busy = new DriverQueue(rings, 1 << 19, 1, 128, 0)) {
      link.front().negotiate(0);
      link.front().setTable(rings);
      queue.start(link.front(), false);
      busy.start(link.front(), false);
      Thread load = load(busy, ends, failure);
      for (int round = 1; round <= ROUNDS; round++) {
        try (GuestRam plugged = stamped(round)) {
          change(link.front(), round, rings, plugged);
          assertEquals(0, queue.request(DriverQueue.OUT, 0, PLUGGED + 4096, 4096));
          assertEquals(round, stamp(disk));
          if (round % 2 == 0) {
            assertEquals(0, link.front().acknowledged(Request.REM_MEM_REG, FrontEnd.region(plugged)));
          }
        }
      }
      ends.set(true);
      load.join();
      assertEquals(null, failure.get());
      assertEquals(0, link.front().setTable(rings));
      awaitMappings(2);
    }
    awaitMappings(0);
  }

  private static void change(FrontEnd front, int round, GuestRam rings, GuestRam plugged) throws Exception {
    if (round % 2 == 0) {
      assertEquals(0, front.setTable(rings));
      assertEquals(0, front.acknowledged(Request.ADD_MEM_REG, FrontEnd.region(plugged), plugged.file()));
    } else {
      assertEquals(0, front.setTable(rings, plugged));
    }
  }

  /** What was replaced is unmapped soon after the last reader left; the mappings of both sides stay. */
  private static void awaitMappings(long count) {
    Await.until(count + " mappings are left", () -> BackEnd.mappings() == count);
  }

  /** The twin: a front end that does not wait for the acknowledgement. The check above must find what it sees. */
  @Test
  void aFrontEndThatDoesNotWaitSeesOldMemory() throws Exception {
    Path path = disk();
    int stale = 0;
    try (BackEnd backEnd = BackEnd.disk("epoch", path, 1);
        FileChannel disk = FileChannel.open(path);
        BackEnd.Link link = backEnd.connect();
        GuestRam rings = new GuestRam(0, 4 << 20);
        GuestRam before = stamped(-1);
        DriverQueue queue = new DriverQueue(rings, 0, 0, 128, 0)) {
      link.front().negotiate(0);
      link.front().setTable(rings, before);
      queue.start(link.front(), false);
      for (int round = 1; round <= 2000 && stale == 0; round++) {
        try (GuestRam plugged = stamped(round)) {
          link.front().send(Request.SET_MEM_TABLE, FrontEnd.table(rings, plugged), rings.file(), plugged.file());
          assertEquals(0, queue.request(DriverQueue.OUT, 0, PLUGGED, 4096));
          if (stamp(disk) != round) {
            stale++;
          }
          assertEquals(0, link.front().setTable(rings, before));
        }
      }
    }
    assertTrue(stale > 0, "no request overtook its table");
  }

  @Test
  void memoryInUseStaysUntilItsRequestIsDone() throws Exception {
    try (BackEnd backEnd = BackEnd.disk("epoch", disk(), 1);
        BackEnd.Link link = backEnd.connect();
        GuestRam rings = new GuestRam(0, 4 << 20);
        GuestRam plugged = new GuestRam(PLUGGED, 1 << 20);
        DriverQueue queue = new DriverQueue(rings, 0, 0, 128, 0)) {
      link.front().negotiate(0);
      link.front().setTable(rings, plugged);
      queue.start(link.front(), false);
      for (int i = 0; i < 100; i++) {
        queue.prepare(0, DriverQueue.IN, 0, PLUGGED, 1 << 20);
        queue.submit(0);
        queue.kick();
        assertEquals(0, link.front().acknowledged(Request.REM_MEM_REG, FrontEnd.region(plugged)));
        if (isBroken(queue)) {
          link.front().ask(Request.GET_VRING_BASE, FrontEnd.state(0, 0));
          queue.reset();
          queue.start(link.front(), false);
        }
        assertEquals(0, link.front().acknowledged(Request.ADD_MEM_REG, FrontEnd.region(plugged), plugged.file()));
      }
    }
  }

  /** A request is served in the memory that was there when it was looked at, or finds none. */
  private static boolean isBroken(DriverQueue queue) {
    EventWait broken = new EventWait(queue.error);
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (System.nanoTime() - deadline < 0) {
      if (queue.take() >= 0) {
        return false;
      }
      if (broken.await(1)) {
        return true;
      }
    }
    throw new AssertionError("neither served nor broken");
  }

  @Test
  void ringsThatAreMappedAnewAreGoneOnWith() throws Exception {
    try (BackEnd backEnd = BackEnd.disk("qsbr", disk(), 1);
        BackEnd.Link link = backEnd.connect();
        GuestRam rings = new GuestRam(0, 4 << 20);
        DriverQueue queue = new DriverQueue(rings, 0, 0, 128, 0)) {
      link.front().negotiate(0);
      link.front().setTable(rings);
      queue.start(link.front(), false);
      for (int i = 0; i < 300; i++) {
        assertEquals(0, queue.request(DriverQueue.IN, 0, 1 << 20, 4096));
        assertEquals(0, link.front().setTable(rings));
      }
    }
  }
}
