package io.hindcast.core.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.model.GeneratedId;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class PredictionKeysTest {
  private static final byte[] SHORT = "a secret".getBytes(StandardCharsets.UTF_8);
  private static final byte[] LONG = "s".repeat(200).getBytes(StandardCharsets.UTF_8);

  /** The formula, by the JDK. */
  private static byte[] mac(byte[] secret, String... parts)
      throws GeneralSecurityException, IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    for (String part : parts) {
      byte[] text = part.getBytes(StandardCharsets.UTF_8);
      out.writeInt(text.length);
      out.write(text);
    }
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret, "HmacSHA256"));
    return mac.doFinal(bytes.toByteArray());
  }

  @Test
  void anIdOfTheApplication_isTheFirstHalfOfItsHmac_whateverCameBefore() throws Exception {
    for (byte[] secret : new byte[][] {SHORT, LONG}) {
      var keys = new PredictionKeys(secret);
      for (String id :
          new String[] {"42", "", "o-ä", "x".repeat(50), "y".repeat(9000), "42", "a-b"}) {
        for (String output : new String[] {"", "second"}) {
          keys.of("loans", id, output);
          ByteBuffer expected = ByteBuffer.wrap(mac(secret, "loans", id, output));
          assertThat(keys.high()).isEqualTo(expected.getLong());
          assertThat(keys.low()).isEqualTo(expected.getLong());
        }
      }
    }
  }

  @Test
  void aGeneratedId_hasTheKeyOfItsText_whicheverCameBefore() {
    var keys = new PredictionKeys(SHORT);
    var random = new Random(20261125);
    var id = new GeneratedId();
    for (int i = 0; i < 1000; i++) {
      id.process = random.nextInt(3) - 1L;
      id.pool = random.nextInt(2);
      id.number = random.nextInt(100);
      id.row = random.nextInt(3) - 1;
      String model = random.nextBoolean() ? "loans" : "fraud";
      keys.of(model, id, "");

      var others = new PredictionKeys(SHORT);
      others.of(model, id.text(), "");
      assertThat(keys.low()).isEqualTo(others.low());
      assertThat(keys.high()).isEqualTo(others.high());
    }
  }
}
