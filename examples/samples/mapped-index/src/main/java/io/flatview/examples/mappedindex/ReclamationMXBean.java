package io.flatview.examples.mappedindex;

/** The counts of reclamation that a server watches; for any tool that reads JMX. */
public interface ReclamationMXBean {

  /**
   * The flavour.
   *
   * @return its name
   */
  String getFlavour();

  /**
   * The number of retired objects that wait for readers.
   *
   * @return how many actions
   */
  long getBacklog();

  /**
   * Memory that waits for readers.
   *
   * @return bytes
   */
  long getWaitingBytes();

  /**
   * Blocks of memory that wait for readers.
   *
   * @return how many
   */
  long getWaitingBlocks();

  /**
   * Blocks of memory that waited at most.
   *
   * @return how many
   */
  long getMaxBlocks();

  /**
   * The number of retired objects.
   *
   * @return how many actions
   */
  long getRetired();

  /**
   * The number of reclaimed objects.
   *
   * @return how many actions
   */
  long getReclaimed();

  /**
   * Actions that threw: memory that may be lost.
   *
   * @return how many
   */
  long getFailed();

  /**
   * Reports of readers that stay inside for too long. An alarm is worth it where this grows.
   *
   * @return how many
   */
  long getStalls();

  /**
   * Grace periods that ended.
   *
   * @return how many
   */
  long getGracePeriods();

  /**
   * The longest of them.
   *
   * @return milliseconds
   */
  long getLongestGracePeriodMillis();

  /**
   * Registered readers.
   *
   * @return how many
   */
  int getReaders();
}
