package io.flatview.examples.cli.demo.churn;

import java.util.ArrayList;
import java.util.List;

/** The changes of one transaction, as the model sees them. A nested transaction has a draft of its own. */
final class Draft {

  private Layout layout;
  private final List<Occupant> plugged = new ArrayList<>();
  private final List<Occupant> unplugged = new ArrayList<>();
  private final List<Occupant> abandoned = new ArrayList<>();

  Draft(Layout layout) {
    this.layout = layout;
  }

  Layout layout() {
    return layout;
  }

  List<Tenant> tenants(int window) {
    return layout.windows().get(window);
  }

  void plug(int window, Tenant tenant) {
    plugged.add(tenant.occupant());
    place(window, tenant);
  }

  void unplug(int window, Tenant tenant) {
    unplugged.add(tenant.occupant());
    List<Tenant> left = new ArrayList<>(tenants(window));
    left.remove(tenant);
    layout = layout.withTenants(window, left);
  }

  /** Puts a tenant that is there already last among equals, changed. */
  void replaceAsLatest(int window, Tenant before, Tenant after) {
    List<Tenant> changed = new ArrayList<>(tenants(window));
    changed.remove(before);
    changed.add(after);
    layout = layout.withTenants(window, changed);
  }

  /** Changes a tenant that keeps its place among equals. */
  void replace(int window, Tenant before, Tenant after) {
    List<Tenant> changed = new ArrayList<>(tenants(window));
    changed.set(changed.indexOf(before), after);
    layout = layout.withTenants(window, changed);
  }

  void turnDoor(int window) {
    layout = layout.withDoorTurned(window);
  }

  /** Takes over what a nested transaction did. */
  void adopt(Draft nested) {
    layout = nested.layout;
    plugged.addAll(nested.plugged);
    unplugged.addAll(nested.unplugged);
    abandoned.addAll(nested.abandoned);
  }

  /** Notes that what a nested transaction plugged was never seen. */
  void reject(Draft nested) {
    abandoned.addAll(nested.plugged);
    abandoned.addAll(nested.abandoned);
  }

  List<Occupant> plugged() {
    return plugged;
  }

  List<Occupant> unplugged() {
    return unplugged;
  }

  List<Occupant> abandoned() {
    return abandoned;
  }

  private void place(int window, Tenant tenant) {
    List<Tenant> more = new ArrayList<>(tenants(window));
    more.add(tenant);
    layout = layout.withTenants(window, more);
  }
}
