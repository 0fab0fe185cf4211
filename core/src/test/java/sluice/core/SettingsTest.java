package sluice.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private final Settings settings = new Settings();

    @Test
    void defaultsAreLinuxs() {
        assertThat(settings.get(Setting.TCP_SACK)).isEqualTo(1);
        assertThat(settings.get(Setting.SOMAXCONN)).isEqualTo(4096);
        assertThat(settings.get(Setting.TCP_RMEM, 2)).isEqualTo(33_554_432);
        assertThat(settings.get(Setting.TCP_NOTSENT_LOWAT)).isEqualTo(0xffff_ffffL);
        assertThat(settings.getInt(Setting.TCP_NOTSENT_LOWAT)).isEqualTo(Integer.MAX_VALUE);
        assertThat(settings.format(Setting.IP_LOCAL_PORT_RANGE)).isEqualTo("32768\t60999");
        assertThat(settings.text(Setting.TCP_CONGESTION_CONTROL)).isEqualTo("cubic");
        assertThat(settings.isOn(Setting.TCP_RFC1337)).isFalse();
    }

    @Test
    void everyDefaultIsInRangeAndEveryNameIsFound() {
        Set<String> names = new HashSet<>();
        for (Setting s : Setting.values()) {
            assertThat(names.add(s.sysctl())).as(s.sysctl()).isTrue();
            assertThat(s.doc()).isNotBlank();
            assertThat(Settings.find(s.sysctl())).isSameAs(s);
            assertThat(Settings.find(s.name().toLowerCase(Locale.ROOT))).isSameAs(s);
            assertThat(s.name()).endsWith(s.shortName().toUpperCase(Locale.ROOT).replace('-', '_'));
            for (int i = 0; i < s.width(); i++) {
                assertThat(s.defaultValue(i)).as(s.sysctl()).isBetween(s.min(), s.max());
            }
            if (!s.isReadOnly() && !s.defaultText().isEmpty() || s.width() > 0) {
                String before = settings.format(s);
                settings.set(s.sysctl(), before);
                assertThat(settings.format(s)).isEqualTo(before);
            }
        }
        assertThat(settings).isEqualTo(new Settings());
    }

    @Test
    void namesMayBeFullShortOrWithSlashes() {
        settings.set("net.ipv4.tcp_sack", "0");
        assertThat(settings.get(Setting.TCP_SACK)).isZero();
        settings.set("tcp_sack", "0x1");
        assertThat(settings.get(Setting.TCP_SACK)).isEqualTo(1);
        settings.set("/proc/sys/net/ipv4/tcp_rmem", " 1000 \t2000  3000\n");
        assertThat(settings.format(Setting.TCP_RMEM)).isEqualTo("1000\t2000\t3000");
        settings.set("tcp_rmem", "5000");
        assertThat(settings.format(Setting.TCP_RMEM)).isEqualTo("5000\t2000\t3000");
        settings.set("neigh.default.gc_thresh1", "010");
        assertThat(settings.get(Setting.NEIGH_GC_THRESH1)).isEqualTo(10);
    }

    @Test
    void errorsNameSettingValueRangeAndUnit() {
        assertThatIllegalArgumentException().isThrownBy(() -> settings.set("tcp_rto_max_ms", "999"))
                .withMessageContaining("net.ipv4.tcp_rto_max_ms = 999")
                .withMessageContaining("1000…120000 (ms)");
        assertThatIllegalArgumentException().isThrownBy(() -> settings.set("tcp_sack", "yes"))
                .withMessageContaining("tcp_sack")
                .withMessageContaining("\"yes\"");
        assertThatIllegalArgumentException().isThrownBy(() -> settings.set("tcp_sack", ""))
                .withMessageContaining("tcp_sack");
        assertThatIllegalArgumentException().isThrownBy(() -> settings.set("tcp_sack", "1 1"))
                .withMessageContaining("1 number, not 2");
        assertThatIllegalArgumentException().isThrownBy(() -> settings.set(Setting.IP_LOCAL_PORT_RANGE, 2000, 1000))
                .withMessageContaining("above the last");
        assertThatIllegalArgumentException().isThrownBy(() -> settings.set(Setting.TCP_CONGESTION_CONTROL, 1))
                .withMessageContaining("text");
        assertThat(settings).isEqualTo(new Settings());
    }

    @Test
    void unknownNamesGetASuggestion() {
        assertThatIllegalArgumentException().isThrownBy(() -> settings.set("tcp_sak", "1"))
                .withMessageContaining("did you mean net.ipv4.tcp_sack");
        assertThatIllegalArgumentException().isThrownBy(() -> settings.set("net.core.somaxcon", "1"))
                .withMessageContaining("net.core.somaxconn");
        assertThatIllegalArgumentException().isThrownBy(() -> settings.set("mtu_expires", "1"))
                .withMessageContaining("net.ipv4.route.mtu_expires or net.ipv6");
        assertThatIllegalArgumentException().isThrownBy(() -> settings.set("", "1"));
        assertThatIllegalArgumentException().isThrownBy(() -> settings.set("nosuch", "1"))
                .withMessageContaining("no setting \"nosuch\"").withMessageContaining("sysctl -a");
    }

    @Test
    void textSettingsAreChecked() {
        String available = settings.text(Setting.TCP_AVAILABLE_CONGESTION_CONTROL);
        assertThat(available.split(" ")).contains("cubic", "reno", "bbr").isSorted();
        assertThatIllegalArgumentException().isThrownBy(() -> settings.set("tcp_congestion_control", "vegas"))
                .withMessageContaining("available: " + available);
        for (String name : available.split(" ")) {
            Settings with = new Settings();
            with.set("tcp_congestion_control", name);
            assertThat(with.text(Setting.TCP_CONGESTION_CONTROL)).isEqualTo(name);
        }
        assertThat(settings.text(Setting.TCP_CONGESTION_CONTROL)).isEqualTo("cubic");
        settings.set("tcp_congestion_control", "bbr");
        assertThat(settings.format(Setting.TCP_CONGESTION_CONTROL)).isEqualTo("bbr");
        assertThatIllegalArgumentException().isThrownBy(() -> settings.set("tcp_available_congestion_control", "x"))
                .withMessageContaining("read-only");
        assertThatIllegalArgumentException().isThrownBy(() -> settings.set("tcp_fastopen_key", "12"))
                .withMessageContaining("hexadecimal");
        settings.set("tcp_fastopen_key", "00000001-00000002-00000003-0000000A");
        assertThat(settings.text(Setting.TCP_FASTOPEN_KEY)).isEqualTo("00000001-00000002-00000003-0000000a");
    }

    @Test
    void reservedPortsAreParsedAndMerged() {
        settings.set("ip_local_reserved_ports", "9000-9002,8080, 9003");
        assertThat(settings.text(Setting.IP_LOCAL_RESERVED_PORTS)).isEqualTo("8080,9000-9003");
        assertThat(settings.isReservedPort(9003)).isTrue();
        assertThat(settings.isReservedPort(9004)).isFalse();
        for (String bad : List.of("x", "1-", "70000", "5-4", "1,,2", "99999999999999")) {
            assertThatIllegalArgumentException().as(bad).isThrownBy(() -> settings.set("ip_local_reserved_ports", bad));
        }
        assertThat(settings.isReservedPort(8080)).isTrue();
        settings.set("ip_local_reserved_ports", "");
        assertThat(settings.isReservedPort(8080)).isFalse();
    }

    @Test
    void aCopyIsIndependent() {
        Settings copy = settings.copy();
        copy.set(Setting.TCP_SACK, 0);
        assertThat(settings.get(Setting.TCP_SACK)).isEqualTo(1);
        assertThat(copy).isNotEqualTo(settings);
    }
}
