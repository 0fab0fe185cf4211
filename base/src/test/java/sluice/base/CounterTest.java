package sluice.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CounterTest {
    @Test
    void namesSplitAsNstatDoes() {
        assertThat(Counter.TcpExtTCPTimeouts.group()).isEqualTo("TcpExt");
        assertThat(Counter.TcpExtTCPTimeouts.shortName()).isEqualTo("TCPTimeouts");
        assertThat(Counter.TcpExtTcpTimeoutRehash.shortName()).isEqualTo("TcpTimeoutRehash");
        assertThat(Counter.IpExtInNoRoutes.group()).isEqualTo("IpExt");
        assertThat(Counter.Ip6InReceives.group()).isEqualTo("Ip6");
        assertThat(Counter.Icmp6InMLDv2Reports.group()).isEqualTo("Icmp6");
        assertThat(Counter.Udp6NoPorts.shortName()).isEqualTo("NoPorts");
        assertThat(Counter.SluiceOutputTooBig.group()).isEqualTo("Sluice");
    }

    @Test
    void everyCounterSaysWhatItCounts() {
        for (Counter c : Counter.values()) {
            assertThat(c.text()).as(c.name()).isNotBlank();
            assertThat(c.group() + c.shortName()).isEqualTo(c.name());
        }
    }

    @Test
    void levelsAreMarked() {
        assertThat(Counter.TcpCurrEstab.isLevel()).isTrue();
        assertThat(Counter.TcpInSegs.isLevel()).isFalse();
    }
}
