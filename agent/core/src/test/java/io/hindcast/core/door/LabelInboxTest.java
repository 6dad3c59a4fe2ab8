package io.hindcast.core.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.hindcast.core.capture.LabelQueue;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.Durability;
import io.hindcast.core.model.LabelEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelInboxTest {
  @TempDir Path directory;
  private final LabelQueue queue = LabelQueue.besideRowsOf(1);
  private final List<LabelEvent> taken = new CopyOnWriteArrayList<>();
  private final List<Throwable> faults = new CopyOnWriteArrayList<>();
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private volatile boolean isOver;
  private Thread joining;
  private LabelInbox inbox;

  @BeforeEach
  void open() {
    inbox =
        new LabelInbox(
            directory,
            queue,
            faults::add,
            new AgentLog(new PrintStream(said, true), AgentLog.Level.WARN));
    joining =
        new Thread(
            () -> {
              while (!isOver) {
                queue.drain(
                    label -> {
                      taken.add(label);
                      label.batch().known("joined");
                      label.batch().settled(1, Durability.MEMORY);
                    });
                LockSupport.parkNanos(500_000);
              }
            });
    joining.start();
  }

  @AfterEach
  void close() throws Exception {
    isOver = true;
    joining.join();
    assertThat(faults).isEmpty();
  }

  private List<String> files() throws Exception {
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFileThatIsReady_isTakenOnce_andItsResultStandsBesideIt() throws Exception {
    Files.writeString(directory.resolve("half.csv"), "id,actual\na,");
    Files.writeString(directory.resolve("x.csv.ready"), "id,actual\na,1\nb\n\"c\n,\",0\nd,1,2\n");
    inbox.look();
    inbox.look();

    assertThat(files()).containsExactly("half.csv", "x.csv.done", "x.csv.result.json");
    assertThat(Files.readString(directory.resolve("x.csv.result.json")))
        .isEqualTo(
            "{\"accepted\": 2, \"by_outcome\": {\"joined\": 2, \"rejected\": 2}, \"durability\":"
                + " \"memory\", \"errors\": [{\"line\": 3, \"reason\": \"1 cells; the header has"
                + " 2\"}, {\"line\": 6, \"reason\": \"3 cells; the header has 2\"}]}\n");
    assertThat(taken).extracting(LabelEvent::id).containsExactly("a", "c\n,");
  }

  @Test
  void aLongFile_goesInBatches_andItsLinesAreItsOwn() throws Exception {
    var text = new StringBuilder("id,actual\n");
    for (int i = 0; i < 12_000; i++) {
      text.append(i == 11_000 ? "x\n" : "id" + i + ",1\n");
    }
    Files.writeString(directory.resolve("x.csv.ready"), text);
    inbox.look();

    assertThat(taken).hasSize(11_999);
    assertThat(Files.readString(directory.resolve("x.csv.result.json")))
        .contains("\"accepted\": 11999")
        .contains("{\"line\": 11002, ");
  }

  @Test
  void jsonAndJsonLines_areTaken_andWhatIsNeitherIsAnswered() throws Exception {
    Files.writeString(directory.resolve("a.jsonl.ready"), "{\"id\": \"a\", \"actual\": 1}\n{\n");
    Files.writeString(directory.resolve("b.json.ready"), "[{\"id\": \"b\", \"actual\": 1}]");
    Files.writeString(directory.resolve("c.json.ready"), "[");
    Files.writeString(directory.resolve("d.ready"), "?");
    inbox.look();

    assertThat(taken).extracting(LabelEvent::id).containsExactly("a", "b");
    assertThat(Files.readString(directory.resolve("a.jsonl.result.json")))
        .contains("\"accepted\": 1")
        .contains("{\"line\": 2, \"reason\": \"no JSON");
    assertThat(Files.readString(directory.resolve("c.json.result.json"))).contains("\"error\"");
    assertThat(Files.readString(directory.resolve("d.result.json")))
        .contains("the name tells no format");
  }

  @Test
  void aFileThatAnotherProcessReads_isLeftAlone_andTakenUpIfThatHasEnded() throws Exception {
    Path file = Files.writeString(directory.resolve("x.csv.taken"), "id,actual\na,1\n");
    try (FileChannel other = FileChannel.open(file, StandardOpenOption.WRITE)) {
      var lock = other.lock();
      inbox.look();
      assertThat(taken).isEmpty();
      lock.release();
    }
    inbox.look();
    assertThat(taken).hasSize(1);
    assertThat(files()).containsExactly("x.csv.done", "x.csv.result.json");
  }

  @Test
  void whatIsStillWritten_isLeftAlone_untilItIsRenamed() throws Exception {
    Path half = directory.resolve("x.csv.part");
    Files.writeString(half, "id,actual\na,1\nb,");
    inbox.look();
    assertThat(taken).isEmpty();
    Files.writeString(half, "id,actual\na,1\nb,0\n");
    Files.move(half, directory.resolve("x.csv.ready"));
    inbox.look();
    assertThat(taken).extracting(LabelEvent::id).containsExactly("a", "b");
  }

  @Test
  void theSameFileAgain_isTakenAgain_andItsResultTakesThePlaceOfTheOther() throws Exception {
    Files.writeString(directory.resolve("x.csv.ready"), "id,actual\na,1\n");
    inbox.look();
    Files.writeString(directory.resolve("x.csv.ready"), "id,actual\na,1\nb,1\n");
    inbox.look();
    // To the join the first of these is a repetition.
    assertThat(taken).extracting(LabelEvent::id).containsExactly("a", "a", "b");
    assertThat(files()).containsExactly("x.csv.done", "x.csv.result.json");
    assertThat(Files.readString(directory.resolve("x.csv.result.json")))
        .contains("\"accepted\": 2");
  }

  @Test
  void aFileThatCannotBeTaken_isSaidOnce_theOthersAreTaken_andItIsOnceItCanBe() throws Exception {
    // A directory stands where its result would be.
    Path inTheWay = Files.createDirectories(directory.resolve("a.csv.result.json/x"));
    Files.writeString(directory.resolve("a.csv.ready"), "id,actual\na,1\n");
    Files.writeString(directory.resolve("b.csv.ready"), "id,actual\nb,1\n");
    inbox.look();
    inbox.look();
    assertThat(taken).extracting(LabelEvent::id).contains("b");
    assertThat(said.toString().lines())
        .singleElement()
        .asString()
        .contains("label-inbox: " + directory + "/a.csv.ready cannot be taken: ")
        .endsWith("see to it that it can be read and its result be written; it is tried again");

    Files.delete(inTheWay);
    Files.delete(directory.resolve("a.csv.result.json"));
    inbox.look();
    assertThat(Files.readString(directory.resolve("a.csv.result.json")))
        .contains("\"accepted\": 1");
    assertThat(said.toString().lines()).hasSize(1);
  }

  @Test
  void aFileThatIsNotOurs_isSaidOnce() throws Exception {
    assumeFalse(System.getProperty("user.name").equals("root"), "root may read everything");
    Path file = Files.writeString(directory.resolve("x.csv.ready"), "id,actual\na,1\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    inbox.look();
    inbox.look();
    assertThat(taken).isEmpty();
    assertThat(said.toString().lines())
        .singleElement()
        .asString()
        .contains("permission denied; the user of this process must be able to read, write");
  }

  @Test
  void aDirectoryThatIsGone_isSaidOnce() throws Exception {
    Files.delete(directory);
    inbox.look();
    inbox.look();
    assertThat(said.toString().lines().filter(line -> line.contains("label-inbox"))).hasSize(1);
    Files.createDirectory(directory);
  }
}
