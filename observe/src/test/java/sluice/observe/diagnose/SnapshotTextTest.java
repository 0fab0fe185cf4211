package sluice.observe.diagnose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What ss, nstat and sysctl of Linux print is read field by field, and nothing else is taken for it. */
class SnapshotTextTest {
    private static final String LINUX = """
            Netid State  Recv-Q Send-Q      Local Address:Port       Peer Address:Port Process
            u_str ESTAB  0      0                       * 12345                 * 12346
            udp   UNCONN 0      0      127.0.0.53%lo:53              0.0.0.0:*     ino:22 sk:1 cgroup:/ <->
            \t skmem:(r0,rb212992,t0,tb212992,f0,w0,o0,bl0,d7)
            tcp   LISTEN 0      4096            [::]:8080               [::]:*     users:(("java",pid=7,fd=8)) ino:9
            tcp   ESTAB  64     1448 10.0.0.1:8080 10.0.0.2:44560 timer:(on,1.234ms,3) users:(("a b",pid=7,fd=9)) ino:5
            \t skmem:(r896,rb131072,t0) ts sack cubic wscale:7,7 rto:204 backoff:2 rtt:1.666/3.177 mss:1448 cwnd:18 \
            bytes_retrans:99 data_segs_out:42 send 125153752bps lastrcv:32 app_limited busy:176ms \
            rwnd_limited:88ms(50.0%) retrans:1/5 dsack_dups:2 snd_wnd:110592
            #kernel
            IpInReceives                    1273194            0.0
            TcpExtListenOverflows           12                 0.0
            net.ipv4.ip_local_port_range = 32768\t60999
            net.core.somaxconn = 4096
            """;

    private final Snapshot s = SnapshotText.parse(LINUX);

    @Test
    void socketsOfTcpAndUdpOnly() {
        assertThat(s.sockets()).extracting(SocketFacts::netid).containsExactly("udp", "tcp", "tcp");
        SocketFacts l = s.sockets().get(1);
        assertThat(l.state()).isEqualTo("LISTEN");
        assertThat(l.sendQueue()).isEqualTo(4096);
        assertThat(l.localPort()).isEqualTo("8080");
        assertThat(l.process()).isEqualTo("\"java\",pid=7,fd=8");
    }

    @Test
    void aConnectionsNumbers() {
        SocketFacts c = s.sockets().get(2);
        assertThat(c.receiveQueue()).isEqualTo(64);
        assertThat(c.sendQueue()).isEqualTo(1448);
        assertThat(c.peerAddress()).isEqualTo("10.0.0.2");
        assertThat(c.timer()).isEqualTo("on");
        assertThat(c.timerCount()).isEqualTo(3);
        assertThat(c.number("rtt")).isEqualTo(1.666);
        assertThat(c.number("retrans")).isEqualTo(1);
        assertThat(c.number("retrans_total")).isEqualTo(5);
        assertThat(c.number("send")).isEqualTo(125153752);
        assertThat(c.number("busy")).isEqualTo(176);
        assertThat(c.percents()).containsEntry("rwnd_limited", 50.0);
        assertThat(c.number("nosuch")).isZero();
    }

    @Test
    void countersAndSettings() {
        assertThat(s.count("TcpExtListenOverflows")).isEqualTo(12);
        assertThat(s.setting("ip_local_port_range", 1, 2)).containsExactly(32768, 60999);
        assertThat(s.setting("nosuch", 1, 2)).containsExactly(1, 2);
        assertThat(s.settings()).containsEntry("net.core.somaxconn", "4096");
    }

    @Test
    void whatCountersMoved() {
        Snapshot later = new Snapshot(List.of(), java.util.Map.of("TcpExtListenOverflows", 15L, "TcpOutSegs", 3L),
                java.util.Map.of());
        assertThat(later.since(s).counters()).containsEntry("TcpExtListenOverflows", 3L).containsEntry("TcpOutSegs",
                3L);
    }

    @Test
    void aFileOfSomethingElseIsRefused() {
        assertThatThrownBy(() -> SnapshotText.parse("root:x:0:0\nHello world 5 6\n"))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("ss -tuanipeom");
        assertThatThrownBy(() -> SnapshotText.parse("")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noTextThrowsAnythingElse() {
        Random random = new Random(1);
        for (int i = 0; i < 5000; i++) {
            StringBuilder t = new StringBuilder(LINUX);
            for (int j = 0; j < 1 + i % 20; j++) {
                t.setCharAt(random.nextInt(t.length()), (char) (random.nextInt(95) + 32));
            }
            try {
                Diagnosis d = Diagnosis.of(SnapshotText.parse(t.substring(random.nextInt(100))));
                assertThat(d.json()).startsWith("{");
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining("has no output of ss"); // nothing was left of it
            }
        }
    }
}
