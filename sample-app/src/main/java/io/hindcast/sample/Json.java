package io.hindcast.sample;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** JSON to records and back; strict, since a field that is silently 0 makes a wrong decision. */
final class Json {
  private static final int LONGEST = 64 << 10;

  static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxDocumentLength(LONGEST).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  /** What Jackson adds for those who configure it. */
  private static final Pattern ADVICE =
      Pattern.compile("(; `DeserializationFeature| \\(but might|\\R).*", Pattern.DOTALL);

  private Json() {}

  /** One line: where it is wrong, and what. */
  static String problem(JsonProcessingException e) {
    String what = ADVICE.matcher(e.getOriginalMessage()).replaceFirst("");
    if (!(e instanceof JsonMappingException mapping) || mapping.getPath().isEmpty()) {
      return what;
    }
    return mapping.getPath().stream()
            .map(JsonMappingException.Reference::getFieldName)
            .collect(Collectors.joining("."))
        + ": "
        + what;
  }
}
