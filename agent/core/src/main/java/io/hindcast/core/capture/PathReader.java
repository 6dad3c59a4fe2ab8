package io.hindcast.core.capture;

import io.hindcast.core.model.ValuePath;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Steps from one value to another. A value that is not there is null; what an application's getter
 * throws passes through. Any thread.
 */
record PathReader(Step[] steps) {
  private static final PathReader EMPTY = new PathReader(new Step[0]);

  /**
   * @param steps without {@link ValuePath.Step.EachRow}
   */
  static PathReader of(List<ValuePath.Step> steps, Members members, CaptureFaults faults) {
    if (steps.isEmpty()) {
      return EMPTY;
    }
    var compiled = new Step[steps.size()];
    for (int i = 0; i < compiled.length; i++) {
      if (steps.get(i) instanceof ValuePath.Step.Element element) {
        compiled[i] = new ElementStep(element.index());
      } else if (steps.get(i) instanceof ValuePath.Step.Name name) {
        compiled[i] = new NameStep(name.name(), members, faults);
      } else {
        throw new IllegalArgumentException("[*] stands only where a row begins");
      }
    }
    return new PathReader(compiled);
  }

  /** The type of what a path leads to; {@code Object} if only its values tell. */
  static Class<?> typeOf(List<ValuePath.Step> steps, Class<?> from, Members members) {
    Class<?> type = from;
    for (ValuePath.Step step : steps) {
      type =
          step instanceof ValuePath.Step.Name name
              ? typeOf(type, name.name(), members)
              : componentOf(type);
    }
    return type;
  }

  private static Class<?> typeOf(Class<?> owner, String name, Members members) {
    try {
      Member member = members.find(owner, name);
      return member == null ? Object.class : member.type;
    } catch (Throwable unreadable) {
      return Object.class;
    }
  }

  private static Class<?> componentOf(Class<?> type) {
    Class<?> component = type.getComponentType();
    return component != null ? component : Object.class;
  }

  boolean isEmpty() {
    return steps.length == 0;
  }

  @Nullable Object read(@Nullable Object root) throws Throwable {
    Object value = root;
    for (Step step : steps) {
      value = Optionals.present(value);
      if (value == null) {
        return null;
      }
      value = step.read(value);
    }
    return value;
  }

  /** Reads a feature into a row, a primitive number without boxing it. */
  void readInto(CapturePool pool, int slot, int place, @Nullable Object root) throws Throwable {
    Object value = steps.length == 0 ? root : Optionals.present(root);
    for (int i = 0; i < steps.length - 1 && value != null; i++) {
      value = Optionals.present(steps[i].read(value));
    }
    if (value != null && steps.length > 0) {
      steps[steps.length - 1].readInto(pool, slot, place, value);
    } else {
      pool.value(slot, place, value);
    }
  }

  /** One step. */
  interface Step {
    @Nullable Object read(Object from) throws Throwable;

    void readInto(CapturePool pool, int slot, int place, Object from) throws Throwable;
  }

  private record ElementStep(int index) implements Step {
    @Override
    public @Nullable Object read(Object from) {
      return Elements.get(from, index);
    }

    @Override
    public void readInto(CapturePool pool, int slot, int place, Object from) {
      if (Elements.areNumbers(from) && index < Elements.length(from)) {
        pool.number(slot, place, Elements.number(from, index));
      } else {
        pool.value(slot, place, read(from));
      }
    }
  }

  private static final class NameStep implements Step {
    /** Classes of which one path remembers the member. */
    private static final int CLASSES = 8;

    private final String name;
    private final Members members;
    private final CaptureFaults faults;

    /** Copied when it grows; seen by other threads some time later, which does no harm. */
    private Known[] known = new Known[0];

    NameStep(String name, Members members, CaptureFaults faults) {
      this.name = name;
      this.members = members;
      this.faults = faults;
    }

    @Override
    public @Nullable Object read(Object from) throws Throwable {
      return from instanceof Map<?, ?> map ? map.get(name) : member(from.getClass()).read(from);
    }

    @Override
    public void readInto(CapturePool pool, int slot, int place, Object from) throws Throwable {
      if (from instanceof Map<?, ?> map) {
        pool.value(slot, place, map.get(name));
        return;
      }
      Member member = member(from.getClass());
      if (member.isNumber()) {
        pool.number(slot, place, member.readNumber(from));
      } else {
        pool.value(slot, place, member.read(from));
      }
    }

    private Member member(Class<?> owner) {
      for (Known one : known) {
        if (one.owner == owner) {
          return one.member;
        }
      }
      return learn(owner);
    }

    private synchronized Member learn(Class<?> owner) {
      Member member = null;
      try {
        member = members.find(owner, name);
        if (member == null && !Map.class.isAssignableFrom(owner)) {
          String nearest = members.nearest(owner, name);
          faults.count(
              "path step ." + name,
              new NoSuchFieldException(
                  owner.getName()
                      + " has no component, field or getter of this name"
                      + (nearest == null ? "" : "; did you mean ." + nearest + "?")));
        }
      } catch (Throwable unreadable) {
        faults.count("capture of " + owner.getName() + "." + name, unreadable);
      }
      if (member == null) {
        member = Member.none(name);
      }
      Known[] grown = java.util.Arrays.copyOf(known, Math.min(known.length + 1, CLASSES));
      // With more classes than that the oldest are found again each time they come.
      System.arraycopy(grown, 0, grown, 1, grown.length - 1);
      grown[0] = new Known(owner, member);
      known = grown;
      return member;
    }

    private record Known(Class<?> owner, Member member) {}
  }
}
