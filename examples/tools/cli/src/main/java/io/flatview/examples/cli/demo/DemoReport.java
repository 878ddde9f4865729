package io.flatview.examples.cli.demo;

import io.flatview.examples.cli.demo.churn.Edit;
import io.flatview.examples.cli.demo.oracle.Finding;
import io.flatview.examples.cli.demo.oracle.FindingKind;
import io.flatview.memory.MemoryStatistics;
import io.flatview.rcu.ReclaimStatistics;
import java.util.List;
import java.util.Map;

/**
 * The results of a demo.
 *
 * @param settings how it ran
 * @param policy the name of the reclamation flavour
 * @param readSide the counts of the readers
 * @param writeSide the counts of the writer
 * @param reclamation the fate of replaced objects
 * @param memory the memory that was held
 * @param wrong how many reads were wrong, by kind
 * @param examples the first of them
 * @param losses objects that were not reclaimed, and other failures, in sentences
 */
public record DemoReport(
    DemoSettings settings,
    String policy,
    ReadSide readSide,
    WriteSide writeSide,
    Reclamation reclamation,
    Held memory,
    Map<FindingKind, Long> wrong,
    List<Finding> examples,
    List<String> losses) {

  /**
   * How many reads were wrong.
   *
   * @return the number
   */
  public long staleReads() {
    return wrong.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * Whether no read was wrong, nothing was lost, and everything was reclaimed.
   *
   * @return true if all is well
   */
  public boolean isClean() {
    return staleReads() == 0 && losses.isEmpty();
  }

  /**
   * The counts of the readers.
   *
   * @param seconds for how long
   * @param sections how many sections they entered
   * @param translations how many addresses they translated
   * @param accesses how many loads and stores they made
   */
  public record ReadSide(double seconds, long sections, long translations, long accesses) {}

  /**
   * The counts of the writer.
   *
   * @param commits how many commits it made
   * @param takenBack how many transactions were taken back
   * @param edits how many changes of each kind it made
   */
  public record WriteSide(long commits, long takenBack, Map<Edit, Long> edits) {}

  /**
   * The fate of replaced objects.
   *
   * @param actions the policy's counts at the end
   * @param generations the memory system's counts at the end
   * @param mostWaiting how many commits waited for their grace period at most, of those looked at
   */
  public record Reclamation(ReclaimStatistics actions, MemoryStatistics generations, long mostWaiting) {}

  /**
   * Memory held.
   *
   * @param ramBefore guest memory in bytes before the demo
   * @param ramPeak the most that was seen
   * @param ramAfter guest memory in bytes at the end
   * @param heapPeak the most of the Java heap that was seen in use, in bytes
   */
  public record Held(long ramBefore, long ramPeak, long ramAfter, long heapPeak) {}
}
