package io.flatview.dispatch.inspect;

import io.flatview.memory.AddressSpace;
import java.util.List;
import java.util.function.Supplier;

/** The part of a memory system that an inspector needs. */
public interface InspectedMemory {

  /**
   * Runs a reading function while no thread can change the tree or publish a view.
   *
   * @param <T> the type of its result
   * @param look the function; must return soon
   * @return its result
   */
  <T> T undisturbed(Supplier<T> look);

  /**
   * The generation in force.
   *
   * @return its number
   */
  long generation();

  /**
   * The open address spaces, including those that show nothing yet.
   *
   * @return in the order in which they were opened
   */
  List<AddressSpace> addressSpaces();
}
