package io.hindcast.core.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.Seed;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class HmacTest {
  private static String hex(byte[] key, String text) {
    return HexFormat.of().formatHex(new Hmac(key).of(text.getBytes(StandardCharsets.US_ASCII)));
  }

  /** RFC 4231, test cases 1, 2 and 6. */
  @Test
  void publishedVectors() {
    byte[] twenty = new byte[20];
    Arrays.fill(twenty, (byte) 0x0b);
    assertThat(hex(twenty, "Hi There"))
        .isEqualTo("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    assertThat(hex("Jefe".getBytes(StandardCharsets.US_ASCII), "what do ya want for nothing?"))
        .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    byte[] long131 = new byte[131];
    Arrays.fill(long131, (byte) 0xaa);
    assertThat(hex(long131, "Test Using Larger Than Block-Size Key - Hash Key First"))
        .isEqualTo("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  }

  @Test
  void anyKeyAndText_isThatOfTheJdk_inAnyParts() throws Exception {
    long seed = Seed.ofTests();
    var random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      byte[] key = new byte[1 + random.nextInt(100)];
      byte[] text = new byte[random.nextInt(300)];
      random.nextBytes(key);
      random.nextBytes(text);
      Mac jdk = Mac.getInstance("HmacSHA256");
      jdk.init(new SecretKeySpec(key, "HmacSHA256"));
      var hmac = new Hmac(key);
      int cut = random.nextInt(text.length + 1);
      byte[] head = Arrays.copyOf(text, cut);
      byte[] tail = Arrays.copyOfRange(text, cut, text.length);
      assertThat(hmac.of(head, tail)).as("seed %d", seed).isEqualTo(jdk.doFinal(text));
      assertThat(hmac.of(text)).as("again").isEqualTo(jdk.doFinal(text));
    }
  }
}
