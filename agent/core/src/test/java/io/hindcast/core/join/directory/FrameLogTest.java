package io.hindcast.core.join.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hindcast.core.Seed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A queue of frames: what is not done is there again, in order, whatever happened. */
class FrameLogTest {
  private static final long MOST = 16 << 20;

  @TempDir private Path temporary;

  private Path directory() {
    return temporary.resolve("frames");
  }

  private FrameLog open() throws IOException {
    FrameLog log = FrameLog.open(directory(), MOST);
    assertThat(log).isNotNull();
    return log;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> rest(FrameLog log) throws IOException {
    var rest = new ArrayList<String>();
    for (FrameLog.Frame frame = log.read(); frame != null; frame = log.read()) {
      rest.add(new String(frame.content(), StandardCharsets.UTF_8));
    }
    return rest;
  }

  private Path onlyFile() throws IOException {
    try (Stream<Path> all = Files.list(directory())) {
      return all.filter(file -> file.getFileName().toString().startsWith("spool-"))
          .reduce((a, b) -> b)
          .orElseThrow();
    }
  }

  @Test
  void whatIsNotDone_isThereAgain_inOrder_andWhatIsLeftIsNothing() throws IOException {
    try (FrameLog log = open()) {
      for (String text : List.of("a", "b", "", "d")) {
        log.add(bytes(text));
      }
      assertThat(rest(log)).as("before it is written").containsExactly("a", "b", "", "d");
      log.done(0);
      log.done(3);
      log.flush();
    }
    FrameLog again = open();
    // Only what is done from the beginning on is remembered.
    assertThat(rest(again)).containsExactly("b", "", "d");
    assertThat(again.isEmpty()).isFalse();
    assertThat(again.add(bytes("e"))).isEqualTo(4);
    assertThat(rest(again)).containsExactly("e");
    for (long number = 1; number < 5; number++) {
      again.done(number);
    }
    assertThat(again.isEmpty()).isTrue();
    again.delete();
    assertThat(directory()).doesNotExist();
  }

  @Test
  void nobodyElse_readsIt_norTakesIt() throws IOException {
    try (FrameLog log = open()) {
      log.add(bytes("a"));
      log.flush();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory())))
          .isEqualTo("rwx------");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(onlyFile())))
          .isEqualTo("rw-------");
      assertThat(FrameLog.open(directory(), MOST)).as("while it is in use").isNull();
    }
    open().close();
  }

  @Test
  void aTornTail_atEveryByte_losesOnlyWhatIsTorn() throws IOException {
    byte[] first = bytes("first");
    byte[] second = bytes("second one");
    try (FrameLog log = open()) {
      log.add(first);
      log.add(second);
      log.flush();
    }
    Path file = onlyFile();
    byte[] whole = Files.readAllBytes(file);
    int endOfFirst = 64 + 12 + first.length;
    assertThat(whole).hasSize(endOfFirst + 12 + second.length);
    for (int size = endOfFirst; size < whole.length; size++) {
      Files.write(file, Arrays.copyOf(whole, size));
      try (FrameLog log = open()) {
        assertThat(rest(log)).as("%d bytes", size).containsExactly("first");
        assertThat(log.damaged()).isEqualTo(size == endOfFirst ? 0 : 1);
        // It goes on behind it.
        log.add(bytes("third"));
        assertThat(rest(log)).containsExactly("third");
      }
    }
  }

  @Test
  void anyByteThatIsAnother_losesItsFrame_orWhatComesAfterIt_andNothingIsMadeUp()
      throws IOException {
    try (FrameLog log = open()) {
      for (String text : List.of("one", "two", "three")) {
        log.add(bytes(text));
      }
      log.flush();
    }
    Path file = onlyFile();
    byte[] whole = Files.readAllBytes(file);
    int two = 64 + 12 + 3;
    for (int at = two; at < two + 12 + 3; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] damaged = whole.clone();
        damaged[at] ^= (byte) (1 << bit);
        Files.write(file, damaged);
        try (FrameLog log = open()) {
          boolean isLength = at < two + 8;
          assertThat(rest(log))
              .as("byte %d, bit %d", at, bit)
              .isEqualTo(isLength ? List.of("one") : List.of("one", "three"));
          assertThat(log.damaged()).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void aFileOfAnotherVersion_isMovedAside() throws IOException {
    try (FrameLog log = open()) {
      log.add(bytes("a"));
      log.flush();
    }
    Path file = onlyFile();
    byte[] other = Files.readAllBytes(file);
    other[8] = 2;
    Files.write(file, other);
    try (FrameLog log = open()) {
      assertThat(log.isEmpty()).isTrue();
      assertThat(log.damaged()).isEqualTo(1);
      assertThat(directory().resolve("aside-" + file.getFileName())).hasBinaryContent(other);
      log.add(bytes("b"));
      assertThat(rest(log)).containsExactly("b");
    }
  }

  @Test
  void moreThanThereIsRoomFor_isRefused_untilSomeIsDone() throws IOException {
    try (FrameLog log = open()) {
      byte[] large = new byte[10_000];
      long added = 0;
      while (log.add(large) >= 0) {
        added++;
      }
      assertThat(added).isBetween(MOST / 10_100, MOST / 10_000);
      log.flush();
      long bytes = 0;
      try (Stream<Path> all = Files.list(directory())) {
        for (Path each : all.toList()) {
          bytes += Files.size(each);
        }
      }
      assertThat(bytes).isLessThanOrEqualTo(MOST);
      for (long number = 0; number < 200; number++) {
        log.done(number);
      }
      assertThat(log.add(large)).isEqualTo(added);
    }
  }

  @Test
  void aDiskThatIsFull_isSaidEachTime_andNothingOfWhatWasTakenIsLost() throws IOException {
    var disk = new FullDisk();
    FrameLog log = FrameLog.open(directory(), MOST, disk);
    log.add(bytes("a"));
    log.flush();
    disk.room = 5;
    log.add(bytes("b"));
    assertThatThrownBy(log::flush).isInstanceOf(IOException.class);
    assertThat(rest(log)).containsExactly("a", "b");
    log.add(bytes("c"));
    assertThatThrownBy(log::flush).isInstanceOf(IOException.class);
    disk.room = Long.MAX_VALUE;
    log.flush();
    log.close();
    try (FrameLog again = open()) {
      assertThat(rest(again)).containsExactly("a", "b", "c");
      assertThat(again.damaged()).isZero();
    }
  }

  @Test
  void anyHistory_keepsWhatIsNotDone_inOrder() throws IOException {
    long seed = Seed.ofTests();
    long reopened = 0;
    for (int round = 0; round < 20; round++) {
      var random = new Random(seed + round);
      String as = "seed " + seed + ", round " + round;
      var expected = new TreeMap<Long, byte[]>();
      FrameLog log = FrameLog.open(temporary.resolve("frames" + round), MOST);
      var read = new ArrayList<Long>();
      for (int i = 0; i < 3000; i++) {
        int what = random.nextInt(100);
        if (what < 50) {
          byte[] content = new byte[random.nextInt(random.nextInt(20) == 0 ? 90_000 : 200)];
          random.nextBytes(content);
          expected.put(log.add(content), content);
        } else if (what < 75) {
          FrameLog.Frame frame = log.read();
          if (frame != null) {
            assertThat(frame.content()).as(as).isEqualTo(expected.get(frame.number()));
            read.add(frame.number());
          }
        } else if (what < 97 && !read.isEmpty()) {
          long number = read.remove(random.nextInt(Math.min(5, read.size())));
          log.done(number);
          expected.remove(number);
        } else if (what == 97) {
          log.flush();
        } else if (what > 97 && random.nextInt(4) == 0) {
          log.flush();
          log.close();
          log = FrameLog.open(temporary.resolve("frames" + round), MOST);
          reopened++;
          // What was done in the middle is there again; numbers go on.
          read.clear();
          var found = new ArrayList<Long>();
          for (FrameLog.Frame frame = log.read(); frame != null; frame = log.read()) {
            found.add(frame.number());
            if (expected.containsKey(frame.number())) {
              assertThat(frame.content()).as(as).isEqualTo(expected.get(frame.number()));
              read.add(frame.number());
            } else {
              log.done(frame.number());
            }
          }
          assertThat(found).as(as).isSorted().containsAll(expected.keySet());
        }
      }
      for (long number : List.copyOf(expected.keySet())) {
        log.done(number);
      }
      assertThat(log.isEmpty()).as(as).isTrue();
      log.delete();
      assertThat(temporary.resolve("frames" + round)).doesNotExist();
    }
    assertThat(reopened).isGreaterThan(20);
  }
}
