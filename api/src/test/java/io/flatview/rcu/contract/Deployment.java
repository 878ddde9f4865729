package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.ReclaimPolicyProvider;
import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.stream.Stream;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;

/** A program with a flavour in a class loader of its own, as a container or a plug-in host makes one. */
final class Deployment {

  private final ClassLoader loader;
  private final Object policy;

  private Deployment(ReclaimPolicyProvider provider) throws ReflectiveOperationException {
    loader = new URLClassLoader(
        Stream.of(
            ReclaimPolicy.class, provider.getClass(), MpscUnboundedVarHandleArrayQueue.class, MessagePassingQueue.class)
            .map(Deployment::placeOf).toArray(URL[]::new),
        ClassLoader.getPlatformClassLoader());
    policy = discover();
  }

  /** In a thread whose context class loader sees none of it, as that of a pool. */
  private Object discover() throws ReflectiveOperationException {
    Thread current = Thread.currentThread();
    ClassLoader before = current.getContextClassLoader();
    current.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    try {
      return loader.loadClass(ReclaimPolicies.class.getName()).getMethod("discover").invoke(null);
    } finally {
      current.setContextClassLoader(before);
    }
  }

  /** Has a thread of a pool read and retire, closes the policy, and drops all; the loader may go then. */
  static WeakReference<ClassLoader> runIn(Puppet pool, ReclaimPolicyProvider provider)
      throws ReflectiveOperationException {
    Deployment deployment = new Deployment(provider);
    assertEquals(provider.name(), deployment.call("name"));
    pool.tell(deployment::readAndRetire);
    deployment.call("close");
    return new WeakReference<>(deployment.loader);
  }

  private void readAndRetire() {
    try {
      read(call("currentReader"));
      read(policyMethod("register", String.class, "explicit"));
      Class<?> action = loader.loadClass("io.flatview.rcu.ReclaimAction");
      policyMethod("retire", action, Proxy.newProxyInstance(loader, new Class<?>[] {action}, (_, _, _) -> null));
      call("synchronize");
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private void read(Object reader) throws ReflectiveOperationException {
    Object section = loader.loadClass("io.flatview.rcu.Reader").getMethod("enter").invoke(reader);
    loader.loadClass("io.flatview.rcu.ReadSection").getMethod("close").invoke(section);
  }

  private Object call(String method) throws ReflectiveOperationException {
    return loader.loadClass(ReclaimPolicy.class.getName()).getMethod(method).invoke(policy);
  }

  private Object policyMethod(String method, Class<?> type, Object argument) throws ReflectiveOperationException {
    return loader.loadClass(ReclaimPolicy.class.getName()).getMethod(method, type).invoke(policy, argument);
  }

  private static URL placeOf(Class<?> type) {
    try {
      return type.getProtectionDomain().getCodeSource().getLocation().toURI().toURL();
    } catch (URISyntaxException | MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }
}
