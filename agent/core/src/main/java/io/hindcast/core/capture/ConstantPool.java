package io.hindcast.core.capture;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The constants of a class file that is written by hand. */
final class ConstantPool {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);
  private final Map<String, Integer> known = new HashMap<>();
  private int count = 1;

  int text(String text) throws IOException {
    Integer index = known.get("T" + text);
    if (index == null) {
      out.write(1);
      out.writeUTF(text);
      index = add("T" + text);
    }
    return index;
  }

  int type(String internalName) throws IOException {
    int name = text(internalName);
    Integer index = known.get("C" + internalName);
    if (index == null) {
      out.write(7);
      out.writeShort(name);
      index = add("C" + internalName);
    }
    return index;
  }

  int method(String owner, String name, String descriptor) throws IOException {
    return member(10, owner, name, descriptor);
  }

  int field(String owner, String name, String descriptor) throws IOException {
    return member(9, owner, name, descriptor);
  }

  int string(String value) throws IOException {
    int text = text(value);
    out.write(8);
    out.writeShort(text);
    return add("S" + value);
  }

  private int member(int tag, String owner, String name, String descriptor) throws IOException {
    String key = "M" + owner + '.' + name + descriptor;
    Integer index = known.get(key);
    if (index == null) {
      int type = type(owner);
      int nameIndex = text(name);
      int descriptorIndex = text(descriptor);
      out.write(12);
      out.writeShort(nameIndex);
      out.writeShort(descriptorIndex);
      int nameAndType = add("N" + key);
      out.write(tag);
      out.writeShort(type);
      out.writeShort(nameAndType);
      index = add(key);
    }
    return index;
  }

  private int add(String key) {
    known.put(key, count);
    return count++;
  }

  void writeTo(DataOutputStream file) throws IOException {
    file.writeShort(count);
    file.write(bytes.toByteArray());
  }
}
