package io.flatview.dispatch.model;

import static io.flatview.dispatch.model.ModelRegion.NONE;

import io.flatview.memory.MapFault;
import java.math.BigInteger;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/** All regions, and all open address spaces with their roots. */
final class ModelMap {

  final NavigableMap<Integer, ModelRegion> regions = new TreeMap<>();
  final NavigableMap<Integer, Integer> spaces = new TreeMap<>();
  private long placings;

  ModelMap copy() {
    ModelMap copy = new ModelMap();
    regions.forEach((id, region) -> copy.regions.put(id, region.copy()));
    copy.spaces.putAll(spaces);
    copy.placings = placings;
    return copy;
  }

  ModelRegion region(int id) {
    return regions.get(id);
  }

  /** Whether a step speaks of things that exist and of kinds that fit; whether it is allowed is another matter. */
  boolean makesSense(Op op) {
    return switch (op) {
      case Op.Make made -> !regions.containsKey(made.id()) && (made.kind() != Kind.ALIAS || has(made.target()));
      case Op.Add(int parent, _, int child, _) -> has(parent) && region(parent).kind != Kind.ALIAS && has(child);
      case Op.Del(int child) -> has(child);
      case Op.Move(int region, _) -> has(region);
      case Op.Resize(int region, _) -> has(region);
      case Op.SetFlag(int region, Op.Flag flag, _) ->
          has(region) && (flag != Op.Flag.ROMD_MODE || region(region).kind == Kind.ROM_DEVICE)
          && (flag != Op.Flag.DIRTY_LOG_MASK || region(region).kind.hasMemory());
      case Op.Slide(int alias, _) -> has(alias) && region(alias).kind == Kind.ALIAS;
      case Op.Close(int region) -> has(region);
      case Op.OpenSpace(int space, int root) -> has(root) && !spaces.containsKey(space);
      case Op.CloseSpace(int space) -> spaces.containsKey(space);
      case Op.Load load -> spaces.containsKey(load.space());
      case Op.Store store -> spaces.containsKey(store.space());
      case Op.Begin _, Op.Commit _, Op.RollBack _, Op.Plan _, Op.Enter _, Op.Leave _, Op.GracePeriod _ -> true;
    };
  }

  private boolean has(int id) {
    return regions.containsKey(id);
  }

  /** The rule that a step breaks, or null. */
  MapFault.Id refusal(Op op) {
    return switch (op) {
      case Op.Make made when made.kind() == Kind.ALIAS -> refusedIfClosed(made.target());
      case Op.Add(int parent, _, int child, _) -> refusedToPlace(region(parent), region(child));
      case Op.Del(int child) -> refusedToRemove(region(child));
      case Op.Move(int region, _) -> refusedIfClosed(region);
      case Op.Resize resize -> refusedToResize(region(resize.region()), resize);
      case Op.SetFlag set -> refusedToSet(region(set.region()), set);
      case Op.Slide(int alias, _) -> refusedIfClosed(alias);
      case Op.Close(int region) -> region(region).closed || !isHeld(region) ? null : MapFault.Id.STILL_IN_USE;
      case Op.OpenSpace(_, int root) -> refusedIfClosed(root);
      default -> null;
    };
  }

  private MapFault.Id refusedIfClosed(int id) {
    return region(id).closed ? MapFault.Id.CLOSED : null;
  }

  private MapFault.Id refusedToPlace(ModelRegion parent, ModelRegion child) {
    if (parent.closed || child.closed) {
      return MapFault.Id.CLOSED;
    }
    if (child.parent != NONE) {
      return MapFault.Id.ALREADY_PLACED;
    }
    return contains(child.id, parent.id) ? MapFault.Id.PLACED_IN_ITSELF : null;
  }

  private boolean contains(int outer, int inner) {
    return inner == outer || (inner != NONE && contains(outer, region(inner).parent));
  }

  private static MapFault.Id refusedToRemove(ModelRegion child) {
    if (child.closed) {
      return MapFault.Id.CLOSED;
    }
    return child.parent == NONE ? MapFault.Id.NOT_PLACED : null;
  }

  private static MapFault.Id refusedToResize(ModelRegion region, Op.Resize resize) {
    if (region.closed) {
      return MapFault.Id.CLOSED;
    }
    return region.kind.hasMemory() && !region.size.equals(resize.size()) ? MapFault.Id.FIXED_SIZE : null;
  }

  private static MapFault.Id refusedToSet(ModelRegion region, Op.SetFlag set) {
    if (region.closed) {
      return MapFault.Id.CLOSED;
    }
    boolean writable = set.flag() == Op.Flag.READ_ONLY && set.value() == 0;
    return writable && region.kind == Kind.ROM ? MapFault.Id.ALWAYS_READ_ONLY : null;
  }

  boolean isHeld(int id) {
    return region(id).parent != NONE
        || spaces.containsValue(id)
        || regions.values().stream().anyMatch(other -> other.target == id && !other.closed);
  }

  /** Makes a change that is not refused. */
  void apply(Op op) {
    switch (op) {
      case Op.Make made -> regions.put(made.id(), new ModelRegion(made));
      case Op.Add add -> place(add);
      case Op.Del(int child) -> region(child).parent = NONE;
      case Op.Move(int region, var offset) -> move(region(region), offset);
      case Op.Resize(int region, var size) -> region(region).size = size;
      case Op.SetFlag(int region, Op.Flag flag, int value) -> set(region(region), flag, value);
      case Op.Slide(int alias, var offset) -> region(alias).targetOffset = offset;
      case Op.Close(int region) -> close(region(region));
      case Op.OpenSpace(int space, int root) -> spaces.put(space, root);
      case Op.CloseSpace(int space) -> spaces.remove(space);
      default -> throw new IllegalArgumentException("not a change of the map: " + op);
    }
  }

  private void place(Op.Add add) {
    ModelRegion child = region(add.child());
    child.parent = add.parent();
    child.priority = add.priority();
    move(child, add.offset());
  }

  private void move(ModelRegion region, BigInteger offset) {
    region.address = offset;
    region.placedAt = ++placings;
  }

  private static void set(ModelRegion region, Op.Flag flag, int value) {
    switch (flag) {
      case ENABLED -> region.enabled = value != 0;
      case READ_ONLY -> region.readOnly = value != 0;
      case NON_VOLATILE -> region.nonVolatile = value != 0;
      case UNMERGEABLE -> region.unmergeable = value != 0;
      case NO_FETCH -> region.noFetch = value != 0;
      case DIRTY_LOG_MASK -> region.dirtyLogMask = value;
      case ROMD_MODE -> region.romdMode = value != 0;
    }
  }

  private void close(ModelRegion region) {
    if (!region.closed) {
      region.closed = true;
      regions.values().stream().filter(child -> child.parent == region.id).forEach(child -> child.parent = NONE);
    }
  }

  /** Where the view of a space starts, or {@link ModelRegion#NONE} if nothing can show. */
  int viewRoot(int space) {
    ModelRegion at = region(spaces.get(space));
    while (at != null && at.enabled && at.size.signum() > 0) {
      ModelRegion next = passedThrough(at);
      if (next == at) {
        return at.id;
      }
      at = next;
    }
    return NONE;
  }

  private ModelRegion passedThrough(ModelRegion at) {
    return switch (at.kind) {
      case ALIAS -> at.targetOffset.signum() == 0 && isNotLarger(region(at.target), at) ? region(at.target) : at;
      case CONTAINER -> onlyChild(at);
      default -> at;
    };
  }

  private ModelRegion onlyChild(ModelRegion container) {
    var shown = regions.values().stream().filter(child -> child.parent == container.id && child.enabled).toList();
    if (shown.isEmpty()) {
      return null;
    }
    ModelRegion child = Objects.requireNonNull(shown.getFirst());
    boolean fills = shown.size() == 1 && child.address.signum() == 0 && isNotLarger(child, container);
    return fills ? child : container;
  }

  private static boolean isNotLarger(ModelRegion inner, ModelRegion outer) {
    return inner.size.compareTo(outer.size) <= 0;
  }
}
