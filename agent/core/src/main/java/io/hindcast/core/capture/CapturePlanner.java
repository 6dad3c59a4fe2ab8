package io.hindcast.core.capture;

import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.receipt.Receipts;
import java.lang.invoke.MethodHandle;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes the hooks of woven methods, by the configuration. The entry to this package. */
public final class CapturePlanner implements HookFactory {
  private final AgentConfig config;
  private final PoolBudget budget;
  private final LabelQueue labels;
  private final Consumer<RowSource> newSource;
  private final Runnable wakeReader;
  private final CaptureFaults faults;
  private final AgentLog log;

  private final LabelDoor door;
  private final PlanCompiler.Shared shared;
  private final AtomicInteger pools = new AtomicInteger();
  private final Map<String, RowSampling> samplings = new ConcurrentHashMap<>();
  private final Map<String, Object> predictKeys = new ConcurrentHashMap<>();
  private final Map<String, Object> labelKeys = new ConcurrentHashMap<>();

  /**
   * @param newSource told of the rows of a site when it is first called, on the application's
   *     thread
   * @param wakeReader called, on the application's thread, when rows come faster than they are read
   * @param clock tells the time of day to the monitor thread
   * @param opener asked to open the package of a class in a named module to this one
   */
  public CapturePlanner(
      AgentConfig config,
      PoolBudget budget,
      LabelQueue labels,
      Consumer<RowSource> newSource,
      Runnable wakeReader,
      CaptureFaults faults,
      AgentLog log,
      Clock clock,
      Consumer<Class<?>> opener,
      ExemplarFilter exemplars,
      @Nullable Receipts receipts) {
    this.config = config;
    this.budget = budget;
    this.labels = labels;
    this.newSource = newSource;
    this.wakeReader = wakeReader;
    this.faults = faults;
    this.log = log;
    var threads = new ThreadCalls(config.countsNested());
    var ids = PredictionIds.ofThisProcess();
    var members = new Members(opener);
    this.door =
        new LabelDoor(
            labels,
            threads,
            ids,
            receipts == null ? null : new ReceiptMaker(receipts, config, clock),
            faults);
    this.shared =
        new PlanCompiler.Shared(
            threads,
            faults,
            ids,
            members,
            new Pools(),
            this::sampling,
            clock,
            log,
            exemplars,
            receipts != null,
            opener);
  }

  /** Shows spans that are sampled. */
  public CapturePlanner(
      AgentConfig config,
      PoolBudget budget,
      LabelQueue labels,
      Consumer<RowSource> newSource,
      Runnable wakeReader,
      CaptureFaults faults,
      AgentLog log,
      Clock clock,
      Consumer<Class<?>> opener) {
    this(
        config,
        budget,
        labels,
        newSource,
        wakeReader,
        faults,
        log,
        clock,
        opener,
        ExemplarFilter.TRACE_BASED,
        config.doors().receipts() == null ? null : Receipts.of(config, log));
  }

  @Override
  public SiteHooks predict(MethodSite site) {
    Object key = key(predictKeys, site.model());
    return new PredictHooks(
        new PlanCompiler(site, config.model(site.model()), key, shared), newSource, faults, log);
  }

  @Override
  public SiteHooks label(MethodSite site) {
    Object key = key(labelKeys, site.model());
    return new LabelHooks(
        site,
        config.model(site.model()).labels(),
        key,
        shared.threads(),
        labels,
        shared.members(),
        faults,
        log);
  }

  private RowSampling sampling(String model) {
    RowSampling made = new RowSampling(model, config.cpuShare() < Double.POSITIVE_INFINITY);
    RowSampling known = samplings.putIfAbsent(model, made);
    return known != null ? known : made;
  }

  private static Object key(Map<String, Object> keys, String model) {
    // No lambda: the JVM's first one takes milliseconds, and this is on the way of class loading.
    Object made = new Object();
    Object known = keys.putIfAbsent(model, made);
    return known != null ? known : made;
  }

  @Override
  public MethodHandle api(String method) {
    return door.handle(method);
  }

  private final class Pools implements PlanPools.Factory {
    @Override
    public CapturePool main(CapturedRows rows, int features, boolean references) {
      int slots = budget.take(CapturePool.bytesPerSlot(features, references));
      if (slots == 0) {
        log.warn(
            "the capture queue is used up by other models: predictions of "
                + rows.model()
                + " are only counted; give capture.queue more room");
      }
      var pool =
          new CapturePool(pools.incrementAndGet(), slots, features, references, budget, wakeReader);
      rows.pool(pool);
      return pool;
    }

    @Override
    public CapturePool early(CapturedRows rows) {
      int slots = budget.takeLeast(CapturePool.bytesPerSlot(0, false));
      var pool = new CapturePool(pools.incrementAndGet(), slots, 0, false, budget, wakeReader);
      rows.early(pool);
      return pool;
    }
  }
}
