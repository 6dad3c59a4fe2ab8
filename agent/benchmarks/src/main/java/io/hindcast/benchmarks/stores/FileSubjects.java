package io.hindcast.benchmarks.stores;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Embedded stores of others, each set to survive what our directory without {@code sync} survives:
 * the end of the process, not that of the machine. What is dear to commit is committed for 1024
 * predictions or labels at once; 64 MiB of cache each.
 */
final class FileSubjects {
  private static final int BATCH = 1024;
  private static final int CACHE_MIB = 64;

  /** Time 8, class and stream 8, score 8, weight 8, label 8, its place 8. */
  private static final int VALUE = 48;

  private static final int LABEL = 32;

  private FileSubjects() {}

  private static byte[] value() {
    return ByteBuffer.allocate(VALUE)
        .putLong(OwnSubject.T0)
        .putInt(1)
        .putInt(1)
        .putDouble(.5)
        .putLong(1)
        .array();
  }

  private static byte @Nullable [] labelled(byte @Nullable [] value) {
    if (value == null || ByteBuffer.wrap(value).getLong() != OwnSubject.T0) {
      return null;
    }
    byte[] with = value.clone();
    ByteBuffer.wrap(with).putDouble(LABEL, 1).putInt(LABEL + 8, 1);
    return with;
  }

  /** A commit for each 1024. */
  static Subject mvStore(Path directory) {
    MVStore store =
        new MVStore.Builder()
            .fileName(directory.resolve("store.mv").toString())
            .cacheSize(CACHE_MIB)
            .autoCommitDisabled()
            .open();
    MVMap<byte[], byte[]> map =
        store.openMap(
            "p",
            new MVMap.Builder<byte[], byte[]>()
                .keyType(new BytesType())
                .valueType(new BytesType()));
    return new Subject() {
      private int open;

      @Override
      public void put(long id) {
        map.put(Ids.bytes(id), value());
        changed();
      }

      private void changed() {
        open++;
        if (open == BATCH) {
          settle();
        }
      }

      @Override
      public void settle() {
        store.commit();
        open = 0;
      }

      @Override
      public boolean join(long id) {
        byte[] key = Ids.bytes(id);
        byte[] with = labelled(map.get(key));
        if (with != null) {
          map.put(key, with);
          changed();
        }
        return with != null;
      }

      @Override
      public void close() {
        store.close();
      }
    };
  }

  /** Write-ahead log without sync; predictions in batches of 1024, each label by itself. */
  static Subject rocksDb(Path directory) throws RocksDBException {
    RocksDB.loadLibrary();
    var table =
        new BlockBasedTableConfig()
            .setFilterPolicy(new BloomFilter(10))
            .setBlockCache(new LRUCache((long) CACHE_MIB << 20));
    Options options = new Options().setCreateIfMissing(true).setTableFormatConfig(table);
    RocksDB db = RocksDB.open(options, directory.resolve("rocks").toString());
    var write = new WriteOptions().setSync(false);
    var batch = new WriteBatch();
    return new Subject() {
      @Override
      public void put(long id) throws RocksDBException {
        batch.put(Ids.bytes(id), value());
        if (batch.count() == BATCH) {
          settle();
        }
      }

      @Override
      public void settle() throws RocksDBException {
        db.write(write, batch);
        batch.clear();
      }

      @Override
      public boolean join(long id) throws RocksDBException {
        byte[] key = Ids.bytes(id);
        byte[] with = labelled(db.get(key));
        if (with != null) {
          db.put(write, key, with);
        }
        return with != null;
      }

      @Override
      public void close() {
        batch.close();
        write.close();
        db.close();
        options.close();
      }
    };
  }

  /** Write-ahead log without sync, a transaction for each 1024. */
  static Subject sqlite(Path directory) throws SQLException {
    Connection connection =
        DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("store.sqlite"));
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("PRAGMA synchronous=OFF");
      statement.execute("PRAGMA cache_size=-" + CACHE_MIB * 1024);
      statement.execute("CREATE TABLE p (k BLOB PRIMARY KEY, v BLOB) WITHOUT ROWID");
    }
    connection.setAutoCommit(false);
    PreparedStatement insert = connection.prepareStatement("INSERT INTO p VALUES (?, ?)");
    PreparedStatement select = connection.prepareStatement("SELECT v FROM p WHERE k = ?");
    PreparedStatement update = connection.prepareStatement("UPDATE p SET v = ? WHERE k = ?");
    return new Subject() {
      private int open;

      @Override
      public void put(long id) throws SQLException {
        insert.setBytes(1, Ids.bytes(id));
        insert.setBytes(2, value());
        insert.executeUpdate();
        changed();
      }

      private void changed() throws SQLException {
        open++;
        if (open == BATCH) {
          settle();
        }
      }

      @Override
      public void settle() throws SQLException {
        connection.commit();
        open = 0;
      }

      @Override
      public boolean join(long id) throws SQLException {
        byte[] key = Ids.bytes(id);
        select.setBytes(1, key);
        byte[] with;
        try (ResultSet found = select.executeQuery()) {
          with = found.next() ? labelled(found.getBytes(1)) : null;
        }
        if (with != null) {
          update.setBytes(1, with);
          update.setBytes(2, key);
          update.executeUpdate();
          changed();
        }
        return with != null;
      }

      @Override
      public void close() throws SQLException {
        connection.commit();
        connection.close();
      }
    };
  }
}
