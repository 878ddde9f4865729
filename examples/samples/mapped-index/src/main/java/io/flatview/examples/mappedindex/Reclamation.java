package io.flatview.examples.mappedindex;

import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.ReclaimStatistics;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Shows a policy to JMX, until it is closed. */
public final class Reclamation implements ReclamationMXBean, AutoCloseable {

  private final ReclaimPolicy policy;
  private final ObjectName name;

  private Reclamation(ReclaimPolicy policy, ObjectName name) {
    this.policy = policy;
    this.name = name;
  }

  /**
   * Registers a bean.
   *
   * @param policy the policy that it shows; to be closed after the bean
   * @param name of the policy in this process
   * @return the bean
   * @throws JMException if the name is taken
   */
  public static Reclamation register(ReclaimPolicy policy, String name) throws JMException {
    Reclamation bean =
        new Reclamation(policy, new ObjectName("io.flatview:type=Reclamation,name=" + ObjectName.quote(name)));
    server().registerMBean(bean, bean.name);
    return bean;
  }

  private static MBeanServer server() {
    return ManagementFactory.getPlatformMBeanServer();
  }

  private ReclaimStatistics now() {
    return policy.statistics();
  }

  @Override
  public String getFlavour() {
    return policy.name();
  }

  @Override
  public long getBacklog() {
    return now().backlog();
  }

  @Override
  public long getWaitingBytes() {
    return now().waitingBytes();
  }

  @Override
  public long getWaitingBlocks() {
    return now().waitingBlocks();
  }

  @Override
  public long getMaxBlocks() {
    return now().maxBlocks();
  }

  @Override
  public long getRetired() {
    return now().retired();
  }

  @Override
  public long getReclaimed() {
    return now().reclaimed();
  }

  @Override
  public long getFailed() {
    return now().failed();
  }

  @Override
  public long getStalls() {
    return now().stalls();
  }

  @Override
  public long getGracePeriods() {
    return now().gracePeriods();
  }

  @Override
  public long getLongestGracePeriodMillis() {
    return now().longestGracePeriod().toMillis();
  }

  @Override
  public int getReaders() {
    return now().readers();
  }

  @Override
  public void close() throws JMException {
    server().unregisterMBean(name);
  }
}
