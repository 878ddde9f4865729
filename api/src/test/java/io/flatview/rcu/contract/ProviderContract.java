package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.ReclaimDiscoveryException;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.ReclaimPolicyProvider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor.Provides;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a flavour presents itself to {@link ReclaimPolicies}, when it is the only one there; and its options. */
public abstract class ProviderContract extends OptionsContract {

  private static final String SERVICE = ReclaimPolicyProvider.class.getName();

  /** For subclasses. */
  protected ProviderContract() {}

  @Test
  void theOnlyProviderIsDiscovered() {
    try (ReclaimPolicy policy = ReclaimPolicies.discover()) {
      assertEquals(provider().name(), policy.name());
    }
  }

  @Test
  void theProviderIsDiscoveredByItsName() {
    try (ReclaimPolicy policy = ReclaimPolicies.discover(provider().name())) {
      assertEquals(provider().name(), policy.name());
    }
  }

  @Test
  void thePropertyChoosesByName() {
    String previous = System.getProperty(ReclaimPolicies.PROPERTY);
    try {
      System.setProperty(ReclaimPolicies.PROPERTY, provider().name());
      ReclaimPolicies.discover().close();
      System.setProperty(ReclaimPolicies.PROPERTY, "no-such-flavour");
      String message = assertThrows(ReclaimDiscoveryException.class, ReclaimPolicies::discover).getMessage();
      assertTrue(message.contains(provider().getClass().getName()), message);
    } finally {
      restore(previous);
    }
  }

  private static void restore(String previous) {
    if (previous == null) {
      System.clearProperty(ReclaimPolicies.PROPERTY);
    } else {
      System.setProperty(ReclaimPolicies.PROPERTY, previous);
    }
  }

  @Test
  void classPathAndModulePathFindTheSameProvider() throws IOException {
    List<String> expected = List.of(provider().getClass().getName());
    assertEquals(expected, namedByModule());
    assertEquals(expected, namedByClassPath());
  }

  /** A reader is inside while the heap is exhausted. Forbidden: the reclaiming thread dies of it. */
  @Test
  void reclamationSurvivesAnExhaustedHeap() {
    List<String> flags = List.of("-Xmx24m", "-XX:+UseSerialGC");
    assertEquals(List.of("survived"),
        ChildJvm.linesOf(HeapProbe.class, flags, provider().getClass().getName()).toList());
  }

  /**
   * The flavour is discovered in a thread whose context class loader does not see it, beside the API. A thread of a
   * pool reads, and lives on. Forbidden: it keeps the classes of a policy that was closed and dropped.
   */
  @Test
  void aClosedPolicyGoesWithItsClassLoaderThoughThreadsThatReadLiveOn() throws ReflectiveOperationException {
    try (Puppet pool = Puppet.platform()) {
      WeakReference<ClassLoader> loader = Deployment.runIn(pool, provider());
      Await.until("the class loader was collected", () -> {
        System.gc();
        return loader.refersTo(null);
      });
      pool.tell(() -> {});
    }
  }

  /** A container's thread sees another copy of this library, of which nothing fits. */
  @Test
  void aContextLoaderWhoseProvidersDoNotFitIsPassedOver(@TempDir Path directory) throws IOException {
    Path services = Files.createDirectories(directory.resolve("META-INF").resolve("services"));
    Files.writeString(services.resolve(SERVICE), "java.lang.String\nno.such.Provider\n");
    Thread current = Thread.currentThread();
    ClassLoader before = current.getContextClassLoader();
    URL[] urls = {directory.toUri().toURL()};
    try (URLClassLoader foreign = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
      current.setContextClassLoader(foreign);
      try (ReclaimPolicy policy = ReclaimPolicies.discover()) {
        assertEquals(provider().name(), policy.name());
      }
    } finally {
      current.setContextClassLoader(before);
    }
  }

  private List<String> namedByModule() {
    Module module = provider().getClass().getModule();
    assertTrue(module.isNamed(), "the test must run on the module path");
    return module.getDescriptor().provides().stream()
        .filter(provides -> provides.service().equals(SERVICE))
        .map(Provides::providers)
        .flatMap(List::stream)
        .toList();
  }

  private List<String> namedByClassPath() throws IOException {
    try (InputStream in = provider().getClass().getModule().getResourceAsStream("META-INF/services/" + SERVICE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
