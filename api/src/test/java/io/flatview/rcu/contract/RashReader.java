package io.flatview.rcu.contract;

import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimPolicy;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** Broken: takes each open section for abandoned, also that of a living thread. */
final class RashReader extends ForwardingReader {

  private ReadSection section;

  private RashReader(Reader sound) {
    super(sound);
  }

  /** A policy whose registered readers are broken. */
  static ReclaimPolicy policy(ReclaimPolicy sound) {
    Class<?>[] types = {ReclaimPolicy.class};
    return (ReclaimPolicy) Proxy.newProxyInstance(types[0].getClassLoader(), types, (_, method, arguments) -> {
      Object result = invoke(sound, method, arguments);
      return method.getName().equals("register") ? new RashReader((Reader) result) : result;
    });
  }

  private static Object invoke(Object on, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(on, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @Override
  public boolean leaveAbandoned(Runnable last) {
    boolean inside = inSection();
    if (inside) {
      last.run();
    }
    while (inSection()) {
      section.close();
    }
    return inside;
  }

  @Override
  public ReadSection enter() {
    section = super.enter();
    return section;
  }
}
