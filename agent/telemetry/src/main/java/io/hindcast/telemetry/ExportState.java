package io.hindcast.telemetry;

import io.hindcast.core.log.AgentLog;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLException;

/**
 * Whether exports to one place arrive: said once when they begin to fail, and once when they work
 * again. Any thread.
 */
final class ExportState {
  private static final String WHERE =
      "start a collector, or name where one is by OTEL_EXPORTER_OTLP_ENDPOINT";

  private final String destination;
  private final AgentLog log;
  private final BooleanSupplier ending;
  private boolean failing;

  /**
   * @param ending true once the JVM waits for the last export
   */
  ExportState(String destination, AgentLog log, BooleanSupplier ending) {
    this.destination = destination;
    this.log = log;
    this.ending = ending;
  }

  synchronized void works() {
    if (failing) {
      failing = false;
      log.warn("exports " + destination + " again");
    }
  }

  synchronized void fails(String cause) {
    if (!failing) {
      failing = true;
      log.warn("cannot export " + destination + ", goes on trying: " + cause);
    }
  }

  /**
   * Whether an attempt that failed is made again soon. The SDK would say nothing before its last
   * attempt, eight seconds later, and would keep a JVM that ends waiting for them all.
   */
  boolean retries(IOException failure) {
    fails(inWords(failure));
    boolean mayPass =
        failure instanceof ConnectException
            || failure instanceof SocketTimeoutException
            || failure instanceof UnknownHostException;
    return mayPass && !ending.getAsBoolean();
  }

  private static String inWords(IOException failure) {
    Throwable root = SdkLogs.rootOf(failure);
    if (root instanceof GeneralSecurityException) {
      return "its certificate is not accepted ("
          + root.getMessage()
          + "); name the one to trust by OTEL_EXPORTER_OTLP_CERTIFICATE";
    }
    if (failure instanceof SSLException) {
      return "no TLS connection comes about ("
          + root.getMessage()
          + "); the endpoint of a backend without TLS begins with http://";
    }
    if (failure instanceof ConnectException) {
      return "nothing listens there (" + root.getMessage() + "); " + WHERE;
    }
    if (failure instanceof UnknownHostException) {
      return "no such host is known (" + root.getMessage() + "); " + WHERE;
    }
    return root.toString();
  }
}
