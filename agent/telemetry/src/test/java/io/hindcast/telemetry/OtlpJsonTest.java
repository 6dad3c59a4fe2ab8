package io.hindcast.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.Data;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.GaugeData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.resources.Resource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OtlpJsonTest {
  @Test
  void line_isTheRequestThatTheProtocolMeans() {
    Attributes everyType =
        Attributes.builder()
            .put("text", "v")
            .put("bool", true)
            .put("long", Long.MIN_VALUE)
            .put("double", 1e-300)
            .put(AttributeKey.stringArrayKey("texts"), "a", "b")
            .put(AttributeKey.booleanArrayKey("bools"), false, true)
            .put(AttributeKey.longArrayKey("longs"), 3L, 4L)
            .put(AttributeKey.doubleArrayKey("doubles"), 0.5, Double.POSITIVE_INFINITY)
            .build();
    MetricData metric =
        metric(
            Resource.create(everyType, "https://example.org/resource"),
            MetricDataType.LONG_GAUGE,
            GaugeData.createLongGaugeData(
                List.of(LongPointData.create(1, Long.MAX_VALUE, Attributes.empty(), -7))));

    var expected =
        ExportMetricsServiceRequest.newBuilder()
            .addResourceMetrics(
                ResourceMetrics.newBuilder()
                    .setSchemaUrl("https://example.org/resource")
                    .setResource(
                        io.opentelemetry.proto.resource.v1.Resource.newBuilder()
                            .addAttributes(attribute("bool", bool(true)))
                            .addAttributes(attribute("bools", array(bool(false), bool(true))))
                            .addAttributes(attribute("double", number(1e-300)))
                            .addAttributes(
                                attribute(
                                    "doubles",
                                    array(number(0.5), number(Double.POSITIVE_INFINITY))))
                            .addAttributes(attribute("long", integer(Long.MIN_VALUE)))
                            .addAttributes(attribute("longs", array(integer(3), integer(4))))
                            .addAttributes(attribute("text", text("v")))
                            .addAttributes(attribute("texts", array(text("a"), text("b")))))
                    .addScopeMetrics(
                        ScopeMetrics.newBuilder()
                            .setSchemaUrl("https://example.org/scope")
                            .setScope(
                                InstrumentationScope.newBuilder().setName("s").setVersion("1.2"))
                            .addMetrics(
                                Metric.newBuilder()
                                    .setName("n")
                                    .setDescription("d")
                                    .setUnit("u")
                                    .setGauge(
                                        Gauge.newBuilder()
                                            .addDataPoints(
                                                NumberDataPoint.newBuilder()
                                                    .setStartTimeUnixNano(1)
                                                    .setTimeUnixNano(Long.MAX_VALUE)
                                                    .setAsInt(-7))))))
            .build();
    assertThat(Lines.request(OtlpJson.line(List.of(metric)))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {
        0.0,
        0.1,
        1e21,
        -123456789012345680.0,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY
      })
  void doubles_comeBackBitForBit(double value) {
    MetricData metric =
        metric(
            Resource.empty(),
            MetricDataType.DOUBLE_GAUGE,
            GaugeData.createDoubleGaugeData(
                List.of(DoublePointData.create(1, 2, Attributes.empty(), value, List.of()))));

    double back =
        Points.metrics(Lines.request(OtlpJson.line(List.of(metric))))
            .get(0)
            .getGauge()
            .getDataPoints(0)
            .getAsDouble();
    assertThat(Double.doubleToLongBits(back)).isEqualTo(Double.doubleToLongBits(value));
  }

  @Test
  void text_comesBackCharacterForCharacter_andNeverBreaksTheLine() {
    var all = new StringBuilder("\u007f\u0085\u2028\u2029\uD83D\uDE00\uFFFF");
    for (char c = 0; c < 300; c++) {
      all.append(c);
    }
    MetricData metric =
        metric(
            Resource.create(Attributes.of(AttributeKey.stringKey("k"), all.toString())),
            MetricDataType.LONG_GAUGE,
            GaugeData.createLongGaugeData(List.of()));

    String line = OtlpJson.line(List.of(metric));
    assertThat(Points.resource(Lines.request(line))).containsEntry("k", all.toString());
    assertThat(line.lines()).hasSize(1);
    assertThat(line).endsWith("}\n").doesNotContainPattern("[\\x00-\\x09\\x0b-\\x1f\\x85\u2028]");
  }

  private static MetricData metric(Resource resource, MetricDataType type, Data<?> data) {
    return new MetricData() {
      @Override
      public Resource getResource() {
        return resource;
      }

      @Override
      public InstrumentationScopeInfo getInstrumentationScopeInfo() {
        return InstrumentationScopeInfo.builder("s")
            .setVersion("1.2")
            .setSchemaUrl("https://example.org/scope")
            .build();
      }

      @Override
      public String getName() {
        return "n";
      }

      @Override
      public String getDescription() {
        return "d";
      }

      @Override
      public String getUnit() {
        return "u";
      }

      @Override
      public MetricDataType getType() {
        return type;
      }

      @Override
      public Data<?> getData() {
        return data;
      }
    };
  }

  private static KeyValue attribute(String key, AnyValue value) {
    return KeyValue.newBuilder().setKey(key).setValue(value).build();
  }

  private static AnyValue text(String value) {
    return AnyValue.newBuilder().setStringValue(value).build();
  }

  private static AnyValue bool(boolean value) {
    return AnyValue.newBuilder().setBoolValue(value).build();
  }

  private static AnyValue integer(long value) {
    return AnyValue.newBuilder().setIntValue(value).build();
  }

  private static AnyValue number(double value) {
    return AnyValue.newBuilder().setDoubleValue(value).build();
  }

  private static AnyValue array(AnyValue... values) {
    return AnyValue.newBuilder()
        .setArrayValue(ArrayValue.newBuilder().addAllValues(List.of(values)))
        .build();
  }
}
