package io.hindcast.core.capture;

import io.hindcast.core.config.NearMiss;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a name means in an application's class: a record component, then a field, then a
 * getter. Any thread; slow, so what it finds is kept.
 */
final class Members {
  private static final MethodHandles.Lookup OWN = MethodHandles.lookup();

  private final Consumer<Class<?>> opener;

  /**
   * @param opener asked to open the package of a class in a named module to us, before it is tried
   *     once more
   */
  Members(Consumer<Class<?>> opener) {
    this.opener = opener;
  }

  /** The member of this name, or null. */
  @Nullable Member find(Class<?> owner, String name) throws IllegalAccessException {
    if (owner.isPrimitive() || owner.isArray()) {
      return null;
    }
    MethodHandle getter = component(owner, name);
    if (getter == null) {
      getter = field(owner, name);
    }
    if (getter == null) {
      getter = getter(owner, name);
    }
    return getter == null ? null : new Member(name, getter);
  }

  /** The components of a record class, in order. */
  List<Member> components(Class<?> owner) throws IllegalAccessException {
    var members = new ArrayList<Member>();
    for (RecordComponent component : owner.getRecordComponents()) {
      members.add(new Member(component.getName(), unreflect(component.getAccessor())));
    }
    return members;
  }

  /** The member that may have been meant by a name; null if none is near. */
  @Nullable String nearest(Class<?> owner, String name) {
    var names = new ArrayList<String>();
    for (Class<?> type = owner;
        type != null && !isOfThePlatform(type);
        type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          names.add(field.getName());
        }
      }
      for (Method method : type.getDeclaredMethods()) {
        if (declared(type, method.getName()) != null) {
          names.add(property(method.getName()));
        }
      }
    }
    return NearMiss.of(name, names);
  }

  /** {@code getAge} and {@code isAge} are {@code age}. */
  private static String property(String method) {
    int prefix = method.startsWith("get") ? 3 : method.startsWith("is") ? 2 : 0;
    return method.length() > prefix && Character.isUpperCase(method.charAt(prefix)) && prefix > 0
        ? Character.toLowerCase(method.charAt(prefix)) + method.substring(prefix + 1)
        : method;
  }

  private @Nullable MethodHandle component(Class<?> owner, String name)
      throws IllegalAccessException {
    if (owner.isRecord()) {
      for (RecordComponent component : owner.getRecordComponents()) {
        if (component.getName().equals(name)) {
          return unreflect(component.getAccessor());
        }
      }
    }
    return null;
  }

  private @Nullable MethodHandle field(Class<?> owner, String name) throws IllegalAccessException {
    for (Class<?> type = owner; type != null && type != Object.class; type = type.getSuperclass()) {
      if (isOfThePlatform(type)) {
        return null;
      }
      for (Field field : type.getDeclaredFields()) {
        if (field.getName().equals(name) && !Modifier.isStatic(field.getModifiers())) {
          return lookup(type).unreflectGetter(field);
        }
      }
    }
    return null;
  }

  private @Nullable MethodHandle getter(Class<?> owner, String name) throws IllegalAccessException {
    String capital = Character.toUpperCase(name.charAt(0)) + name.substring(1);
    for (String candidate : List.of("get" + capital, "is" + capital, name)) {
      Method method = method(owner, candidate);
      if (method != null) {
        return unreflect(method);
      }
    }
    return null;
  }

  /** A public method of the class or of what it extends, else one that it declares itself. */
  private static @Nullable Method method(Class<?> owner, String name) {
    Method found = null;
    for (Class<?> type = owner; type != null && type != Object.class; type = type.getSuperclass()) {
      found = better(found, declared(type, name));
      for (Class<?> face : type.getInterfaces()) {
        found = better(found, inInterface(face, name));
      }
    }
    return found;
  }

  private static @Nullable Method inInterface(Class<?> face, String name) {
    Method found = declared(face, name);
    for (Class<?> parent : face.getInterfaces()) {
      found = better(found, inInterface(parent, name));
    }
    return found;
  }

  /** Of two declarations of one method, the first that needs no special access. */
  private static @Nullable Method better(@Nullable Method first, @Nullable Method second) {
    if (first == null) {
      return second;
    }
    return second != null && !isOpen(first) && isOpen(second) ? second : first;
  }

  private static boolean isOpen(Method method) {
    Class<?> owner = method.getDeclaringClass();
    return Modifier.isPublic(method.getModifiers())
        && Modifier.isPublic(owner.getModifiers())
        && owner.getModule().isExported(owner.getPackageName());
  }

  private static @Nullable Method declared(Class<?> type, String name) {
    for (Method method : type.getDeclaredMethods()) {
      if (method.getName().equals(name)
          && method.getParameterCount() == 0
          && method.getReturnType() != void.class
          && !method.isSynthetic()
          && !Modifier.isStatic(method.getModifiers())) {
        return method;
      }
    }
    return null;
  }

  private MethodHandle unreflect(Method method) throws IllegalAccessException {
    return isOpen(method)
        ? MethodHandles.publicLookup().unreflect(method)
        : lookup(method.getDeclaringClass()).unreflect(method);
  }

  private MethodHandles.Lookup lookup(Class<?> owner) throws IllegalAccessException {
    try {
      return MethodHandles.privateLookupIn(owner, OWN);
    } catch (IllegalAccessException closed) {
      opener.accept(owner);
      return MethodHandles.privateLookupIn(owner, OWN);
    }
  }

  /** Classes whose inner state is nobody's feature, and which are not opened for it. */
  private static boolean isOfThePlatform(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return loader == null || loader == ClassLoader.getPlatformClassLoader();
  }
}
