package sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
    @ParameterizedTest
    @CsvSource({"10.0.0.1,10.0.0.1", "0.0.0.0,0.0.0.0", "255.255.255.255,255.255.255.255", "::,::", "::1,::1",
        "1::,1::", "fd99::2,fd99::2",
        "FD99:0:0::2,fd99::2", "2001:db8:0:0:1:0:0:1,2001:db8::1:0:0:1", "2001:0db8::0001,2001:db8::1",
        "2001:db8:0:1:1:1:1:1,2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1,2001:0:0:1::1", "1:2:3:4:5:6:7::,1:2:3:4:5:6:7:0", "::2:3:4:5:6:7:8,0:2:3:4:5:6:7:8",
        "::ffff:10.0.0.1,10.0.0.1",
        "::ffff:a00:1,10.0.0.1", "0:0:0:0:0:ffff:1.2.3.4,1.2.3.4", "64:ff9b::1.2.3.4,64:ff9b::102:304",
        "::1.2.3.4,::102:304",
        "1:2:3:4:5:6:7.8.9.10,1:2:3:4:5:6:708:90a", "fe80::1:0:0,fe80::1:0:0", "0:0:1::,0:0:1::"})
    void parsesAndPrints(String text, String printed) {
        assertThat(IpAddress.parse(text)).hasToString(printed);
        assertThat(IpAddress.parse(printed)).isEqualTo(IpAddress.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", " 1.2.3.4",
        "1..2.3", "1.2.3.-4", "0x1.2.3.4",
        "1.2.3.99999",
        ":", ":::", "1:2", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1::2", "12345::", "g::", ":1::", "1::2:",
        "1:2:3:4:5:6:7:", "::1.2.3", "1.2.3.4::",
        "1:2:3:4:5:6:7:1.2.3.4", "fe80::1%eth0", "[::1]", "::ffff:1.2.3.4:5", "::1/64", "example.org", "١.2.3.4"})
    void refusesAnythingElse(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> IpAddress.parse(text))
                .withMessageContaining("\"" + text + "\" is not an IP address: ");
    }

    @Test
    void agreesWithTheJdk() throws Exception {
        Random random = new Random(2);
        for (int i = 0; i < 20_000; i++) {
            IpAddress a = new IpAddress(sparse(random), sparse(random));
            String text = a.toString();
            assertThat(IpAddress.parse(text)).isEqualTo(a);
            byte[] jdk = InetAddress.getByName(text).getAddress();
            assertThat(IpAddress.parse(InetAddress.getByAddress(jdk).getHostAddress())).isEqualTo(a);
        }
    }

    /** Many groups of zeros, so that every kind of gap occurs. */
    private static long sparse(Random random) {
        long bits = 0;
        for (int i = 0; i < 4; i++) {
            bits = bits << 16 | (random.nextInt(3) == 0 ? random.nextInt(65_536) >>> random.nextInt(16) : 0);
        }
        return bits;
    }

    @Test
    void prefixes() {
        Prefix p = Prefix.parse("10.99.0.2/24");
        assertThat(p).hasToString("10.99.0.2/24");
        assertThat(p.network()).hasToString("10.99.0.0/24");
        assertThat(p.broadcast()).hasToString("10.99.0.255");
        assertThat(p.contains(IpAddress.parse("10.99.0.77"))).isTrue();
        assertThat(p.contains(IpAddress.parse("10.99.1.77"))).isFalse();
        assertThat(p.contains(IpAddress.parse("::1"))).isFalse();
        assertThat(Prefix.parse("0.0.0.0/0").contains(IpAddress.parse("9.9.9.9"))).isTrue();
        assertThat(Prefix.parse("0.0.0.0/0").contains(IpAddress.parse("fd99::1"))).isFalse();
        assertThat(Prefix.parse("::/0").contains(IpAddress.parse("fd99::1"))).isTrue();
        assertThat(Prefix.parse("::/0").contains(IpAddress.parse("10.0.0.1"))).isFalse();
        assertThat(Prefix.parse("0.0.0.0/0").broadcast()).hasToString("255.255.255.255");
        assertThat(Prefix.parse("10.0.0.1/31").broadcast()).isNull();
        assertThat(Prefix.parse("fd99::2/64").broadcast()).isNull();
        assertThat(Prefix.parse("fd99::2:0:0:1/64").network()).hasToString("fd99::/64");
        assertThat(Prefix.parse("fd99::ff02/120").network()).hasToString("fd99::ff00/120");
        assertThat(Prefix.parse("fd99::ff02/120").contains(IpAddress.parse("fd99::ffff"))).isTrue();
        assertThat(Prefix.parse("fd99::ff02/128").contains(IpAddress.parse("fd99::ff03"))).isFalse();
        assertThat(Prefix.host(IpAddress.LOOPBACK_V4)).hasToString("127.0.0.1/32");
        for (String bad : new String[]{"10.0.0.1", "10.0.0.1/", "10.0.0.1/33", "::/129", "::/-1", "10.0.0.1/a",
            "10.0.0.1/0001", "/8", "10.0.0/8"}) {
            assertThatIllegalArgumentException().as(bad).isThrownBy(() -> Prefix.parse(bad));
        }
    }
}
