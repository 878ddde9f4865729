package io.flatview.architecture;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.ArrayList;
import java.util.List;

/** The dispatcher's packages in the order in which data passes them: each may use those before it, none after it. */
final class Stations {

  static final List<String> ORDER = List.of(
      "unsigned", "failure", "few", "waits", "telemetry", "dirty", "ram", "sparse", "tap", "doorbell", "topology",
      "view", "pagetable", "generation", "listener", "access", "window", "picture", "inspect", "commit");

  private Stations() {}

  static ArchRule inOrder() {
    LayeredArchitecture architecture = layeredArchitecture().consideringOnlyDependenciesInLayers();
    for (String station : ORDER) {
      architecture = architecture.layer(station).definedBy("io.flatview.dispatch." + station + "..");
    }
    architecture = architecture.layer("memory").definedBy("io.flatview.dispatch");
    architecture = architecture.layer("guice").definedBy("io.flatview.dispatch.guice..");
    for (int i = 0; i < ORDER.size(); i++) {
      architecture = architecture.whereLayer(ORDER.get(i)).mayOnlyBeAccessedByLayers(after(i));
    }
    return architecture
        .whereLayer("memory").mayOnlyBeAccessedByLayers("guice")
        .because("data flows from the topology to the access, and knowledge of it the other way");
  }

  private static String[] after(int station) {
    List<String> later = new ArrayList<>(ORDER.subList(station + 1, ORDER.size()));
    later.add("memory");
    return later.toArray(String[]::new);
  }
}
