package io.hindcast.core.join.jdbc;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.Properties;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Supplier;

/**
 * Connects with a driver of the application: one that a loader of it offers as a service. {@code
 * DriverManager} would hide it, since the agent's own loader does not see it. Any thread.
 */
final class Drivers {
  private Drivers() {}

  /**
   * @param loaders where to look, in this order
   * @throws SQLException also if there is no driver for the URL
   */
  static Connection connect(String url, Properties properties, Supplier<List<ClassLoader>> loaders)
      throws SQLException {
    for (ClassLoader loader : loaders.get()) {
      for (Iterator<Driver> each = ServiceLoader.load(Driver.class, loader).iterator(); ; ) {
        try {
          if (!each.hasNext()) {
            break;
          }
          Driver driver = each.next();
          Connection connection = driver.acceptsURL(url) ? driver.connect(url, properties) : null;
          if (connection != null) {
            return connection;
          }
        } catch (ServiceConfigurationError notThisOne) {
          // Of another database, and lacking something.
        }
      }
    }
    throw new SQLException(
        "no driver for it; put its jar (for example org.postgresql:postgresql) on the class path");
  }
}
