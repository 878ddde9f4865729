package io.flatview.examples.vhost.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.flatview.examples.virtio.VirtioRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests are returned as they are served, or in order; those that can be taken again are the latest. */
class FlightTest {

  private static Task add(Flight flight, int head) {
    return flight.add(new VirtioRequest(head, 1, List.of(), List.of()));
  }

  private static List<Integer> latest(Flight flight) {
    return flight.latest().stream().map(task -> task.request().head()).toList();
  }

  @Test
  void aRequestIsReturnedWhenItIsServed() {
    Flight flight = new Flight(false);
    Task first = add(flight, 1);
    Task second = add(flight, 2);
    Task third = add(flight, 3);
    second.setServed();
    assertSame(second, flight.next(second));
    flight.remove(second);
    assertNull(flight.next(null));
    assertEquals(2, flight.size());
    assertEquals(List.of(3), latest(flight), "request 1 came before one that was returned");
    flight.remove(first);
    assertEquals(List.of(3), latest(flight));
    flight.remove(third);
    assertEquals(0, flight.size());
    assertEquals(List.of(), latest(flight));
  }

  @Test
  void inOrderARequestWaitsForThoseBefore() {
    Flight flight = new Flight(true);
    Task first = add(flight, 1);
    Task second = add(flight, 2);
    Task third = add(flight, 3);
    second.setServed();
    assertNull(flight.next(second));
    assertEquals(List.of(3, 2, 1), latest(flight), "nothing is lost if it ends here");
    first.setServed();
    assertSame(first, flight.next(first));
    flight.remove(first);
    assertSame(second, flight.next(null));
    flight.remove(second);
    assertNull(flight.next(null));
    assertEquals(List.of(3), latest(flight));
    assertEquals(1, flight.size());
    flight.remove(third);
    assertEquals(0, flight.size());
  }
}
