package io.flatview.examples.mappedindex;

import static org.junit.jupiter.api.Assertions.assertNotSame;

import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.Await;
import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that undeploys a program keeps its threads, and must not keep the program's classes by them. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClosedPolicyTest {

  /** Loaded by a loader of its own, with all of this library. */
  public static final class Program implements Callable<String> {

    /** Found by its name. */
    public Program() {}

    @Override
    public String call() throws IOException {
      Path file = IndexFile.write(Files.createTempFile("closed", ".index"), 1, 10);
      try (ReclaimPolicy policy = ReclaimPolicies.discover("epoch");
          MappedIndex index = new MappedIndex(policy, file); Reader reader = policy.register("program")) {
        index.find(reader, 1);
        index.swap(file);
        try (ReadSection _ = policy.currentReader().enter()) {
          policy.inSection();
        }
        policy.startGracePeriod().stage().toCompletableFuture().join();
        return policy.name();
      } finally {
        Files.delete(file);
      }
    }
  }

  @Test
  void theClassLoaderOfAClosedPolicyIsCollectedThoughTheThreadLives() throws Exception {
    try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
      WeakReference<ClassLoader> loader = pool.submit(ClosedPolicyTest::runInALoader).get();
      Await.until("the class loader is collected", () -> {
        System.gc();
        return loader.get() == null;
      });
    }
  }

  private static WeakReference<ClassLoader> runInALoader() throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
      thread.setContextClassLoader(loader);
      Class<?> program = loader.loadClass(Program.class.getName());
      assertNotSame(Program.class, program);
      ((Callable<?>) program.getConstructor().newInstance()).call();
      return new WeakReference<>(loader);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static URL[] classPath() throws IOException {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    return urls.toArray(URL[]::new);
  }
}
