package io.flatview.dispatch.inspect;

import io.flatview.memory.AddressSpace;
import java.util.List;
import java.util.function.Supplier;

/** What an inspector sees of a memory system. */
public interface InspectedMemory {

  /**
   * Looks at something while nobody can change the tree or publish a view.
   *
   * @param <T> what is found
   * @param look what to do; returns soon
   * @return what it returns
   */
  <T> T undisturbed(Supplier<T> look);

  /**
   * The generation in force.
   *
   * @return its number
   */
  long generation();

  /**
   * The open address spaces that show something or will.
   *
   * @return in the order in which they were opened
   */
  List<AddressSpace> addressSpaces();
}
