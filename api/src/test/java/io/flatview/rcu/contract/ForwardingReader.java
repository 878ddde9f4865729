package io.flatview.rcu.contract;

import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;

/** Passes all calls on to another reader: for readers of tests that do one thing otherwise. */
public abstract class ForwardingReader implements Reader {

  private final Reader reader;

  /**
   * Makes a reader that does what another does.
   *
   * @param reader the other
   */
  protected ForwardingReader(Reader reader) {
    this.reader = reader;
  }

  @Override
  public String name() {
    return reader.name();
  }

  @Override
  public ReadSection enter() {
    return reader.enter();
  }

  @Override
  public boolean inSection() {
    return reader.inSection();
  }

  @Override
  public void quiescent() {
    reader.quiescent();
  }

  @Override
  public void offline() {
    reader.offline();
  }

  @Override
  public void online() {
    reader.online();
  }

  @Override
  public boolean leaveAbandoned(Runnable last) {
    return reader.leaveAbandoned(last);
  }

  @Override
  public void close() {
    reader.close();
  }
}
