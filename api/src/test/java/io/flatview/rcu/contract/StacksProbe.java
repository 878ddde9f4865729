package io.flatview.rcu.contract;

import io.flatview.rcu.RcuReference;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.spi.ReclaimEngine;

/** A program full of misuse, for a JVM of its own: prints what was reported. */
final class StacksProbe {

  private StacksProbe() {}

  public static void main(String[] args) {
    try (ReclaimPolicy policy = new ReclaimEngine(TestFlavour.sound()); Reader reader = policy.register("vcpu")) {
      RcuReference<String> pointer = new RcuReference<>(policy, "target");
      enterForALook(reader).close();
      print(pointer::dereference);
      print(() -> pointer.dereference(reader));
      ReadSection section = enterForALook(reader);
      try (Puppet other = Puppet.platform()) {
        print(() -> other.tell(section::close));
      }
      section.close();
    }
  }

  private static ReadSection enterForALook(Reader reader) {
    return reader.enter();
  }

  private static void print(Runnable misuse) {
    try {
      misuse.run();
    } catch (IllegalStateException e) {
      e.printStackTrace(System.out);
      System.out.println("reported");
    }
  }
}
