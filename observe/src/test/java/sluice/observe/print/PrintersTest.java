package sluice.observe.print;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.base.Counter;
import sluice.base.Counters;
import sluice.core.Setting;
import sluice.core.Settings;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpInfo;
import sluice.observe.json.JsonWriter;
import sluice.wire.IpAddress;

class PrintersTest {
    private static TcpInfo numbers() {
        TcpInfo i = new TcpInfo();
        i.congestionControl = "cubic";
        i.timestamps = true;
        i.sack = true;
        i.windowScaling = true;
        i.sndWscale = 7;
        i.rcvWscale = 10;
        i.rtoUs = 204_000;
        i.rttUs = 1_250;
        i.rttvarUs = 625;
        i.sndMss = 1448;
        i.sndCwnd = 10;
        i.sndSsthresh = 0x7fffffff;
        i.bytesSent = 4096;
        i.totalRetrans = 3;
        i.reordering = 3;
        return i;
    }

    private static final List<SocketRow> ROWS = List.of(
            new SocketRow("tcp", TcpState.LISTEN, 0, 128, IpAddress.ANY_V4, false, 80, null, 0, null, 0, 0, null,
                    ""),
            new SocketRow("tcp", TcpState.ESTABLISHED, 5, 36, IpAddress.parse("10.0.0.2"), false, 80,
                    IpAddress.parse("10.0.0.1"), 40000, "on", 204, 1, numbers(), ""),
            new SocketRow("tcp", TcpState.TIME_WAIT, 0, 0, IpAddress.parse("fd99::2"), false, 80,
                    IpAddress.parse("fd99::1"),
                    40001, "timewait", 59_900, 0, null, ""),
            new SocketRow("udp", null, 0, 0, IpAddress.ANY_V6, false, 53, null, 0, null, 0, 0, null, ""));

    @Test
    void ss() {
        assertThat(SsPrinter.print(ROWS, true, true, true, null)).isEqualTo("""
                Netid State     Recv-Q Send-Q Local Address:Port Peer Address:Port Process
                tcp   LISTEN    0      128            0.0.0.0:80 0.0.0.0:*
                tcp   ESTAB     5      36            10.0.0.2:80 10.0.0.1:40000    timer:(on,204ms,1)
                \t ts sack cubic wscale:7,10 rto:204 rtt:1.25/0.625 mss:1448 cwnd:10 bytes_sent:4096 send 92672000bps retrans:0/3
                tcp   TIME-WAIT 0      0            [fd99::2]:80 [fd99::1]:40001   timer:(timewait,59sec,0)
                udp   UNCONN    0      0                 [::]:53 [::]:*
                """);
    }

    @Test
    void ssNamesTheOwnerThatIsKnown() {
        SocketRow owned = new SocketRow("tcp", TcpState.CLOSE_WAIT, 0, 0, IpAddress.parse("10.0.0.2"), false, 80,
                IpAddress.parse("10.0.0.1"), 40000, null, 0, 0, null, "Pool.open(Pool.java:12) by w-1");
        assertThat(SsPrinter.print(List.of(owned), false, false, false, "\"sluice\",pid=1")).endsWith(
                "users:((\"sluice\",pid=1)) owner:((Pool.open(Pool.java:12) by w-1))\n");
        assertThat(SsPrinter.json(List.of(owned))).contains("\"owner\":\"Pool.open(Pool.java:12) by w-1\"");
    }

    /** As ss -t: one protocol needs no column; a socket for both families is an asterisk. */
    @Test
    void ssOfOneProtocol() {
        List<SocketRow> dual = List.of(new SocketRow("tcp", TcpState.LISTEN, 0, 128, IpAddress.ANY_V6, true, 80, null,
                0, null, 0, 0, null, ""));
        assertThat(SsPrinter.print(dual, false, false, false, null)).isEqualTo("""
                State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process
                LISTEN 0      128                  *:80 *:*
                """);
        assertThat(NetstatPrinter.print(dual, "-")).contains(":::80 ", ":::* ");
    }

    @Test
    void socketsInNumbers() {
        assertThat(SocketSummary.print(ROWS)).isEqualTo("""
                Total: 3
                TCP:   3 (estab 1, closed 1, orphaned 0, timewait 1)

                Transport Total     IP        IPv6
                RAW\t  0         0         0       \s
                UDP\t  1         0         1       \s
                TCP\t  2         2         0       \s
                INET\t  3         2         1       \s
                FRAG\t  0         0         0       \s

                """);
    }

    @Test
    void netstatAsJson() {
        assertThat(NetstatPrinter.json(ROWS, "7/sluice")).startsWith(
                "[{\"proto\":\"tcp\",\"recv-q\":0,\"send-q\":0,\"local\":\"0.0.0.0:80\",\"foreign\":\"0.0.0.0:*\","
                        + "\"state\":\"LISTEN\",\"program\":\"7/sluice\"},");
    }

    @Test
    void countersAsSentences() {
        Counters c = new Counters();
        c.add(Counter.IpInReceives, 123);
        c.add(Counter.TcpExtTCPTimeouts, 2);
        c.add(Counter.TcpExtTCPOrigDataSent, 5);
        assertThat(NetstatSentences.print(c)).startsWith("Ip:\n    Forwarding: 0\n    123 total packets received\n")
                .contains("Tcp:\n    0 active connection openings\n", "TcpExt:\n    2 other TCP timeouts\n",
                        "    TCPOrigDataSent: 5\n")
                .doesNotContain("invalid headers");
        assertThat(NstatPrinter.jsonByGroup(c)).contains("\"Ip\":{", "\"InReceives\":123");
    }

    @Test
    void patternsChooseCounters() {
        Counters c = new Counters();
        c.add(Counter.TcpInSegs, 1);
        c.add(Counter.TcpExtTCPTimeouts, 2);
        c.add(Counter.IpInReceives, 3);
        assertThat(NstatPrinter.print(c, false, null, NstatPrinter.matching(List.of("TcpExt*", "Ip?nReceives"))))
                .contains("TcpExtTCPTimeouts", "IpInReceives").doesNotContain("TcpInSegs");
        assertThat(NstatPrinter.print(c, false, null, NstatPrinter.matching(List.of()))).contains("TcpInSegs");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"state established|1", "state listening|0", "state all|0123",
        "state connected|12", "exclude time-wait|013", "state listening state time-wait|02", "sport = :80|012",
        "sport != 80|3", "dport = :40000|1", "dport >= :40000|12", "( dport = 40000 or dport = 40001 )|12",
        "not sport = :80|3", "! ( sport = :80 )|3", "dst 10.0.0.1|1", "dst 10.0.0.0/8|1", "dst fd99::1|2",
        "dst [fd99::1]:40001|2", "dst 10.0.0.1:1|''", "src 10.0.0.2 and dport gt 1024|1", "src 10.0.0.2 dport lt 5|''",
        "state established sport = :80|1", "dst != 10.0.0.1 sport = :80|02", "src :53|3"})
    void filters(String words, String chosen) {
        SocketFilter filter = SocketFilter.parse(List.of(words.split(" ")));
        StringBuilder got = new StringBuilder();
        for (int i = 0; i < ROWS.size(); i++) {
            got.append(filter.test(ROWS.get(i)) ? Integer.toString(i) : "");
        }
        assertThat(got).hasToString(chosen);
    }

    @ParameterizedTest
    @ValueSource(strings = {"state", "state open", "sport", "sport = http", "sport = :99999", "sport ~ 5", "dst",
        "dst here", "(", "( sport = 5", "sport = 5 )", "port = 5", "not", "and", "sport = 5 or"})
    void wrongFiltersAreNamed(String words) {
        assertThatThrownBy(() -> SocketFilter.parse(List.of(words))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching(".*(wanted|brackets).*");
        assertThatThrownBy(() -> SocketFilter.parse(List.of("( ".repeat(100_000))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ssAsJson() {
        assertThat(SsPrinter.json(ROWS))
                .startsWith(
                        "[{\"netid\":\"tcp\",\"state\":\"LISTEN\",\"recv-q\":0,\"send-q\":128,\"local\":\"0.0.0.0\""
                                + ",\"local-port\":80,"
                                + "\"peer\":null,\"peer-port\":0},")
                .contains("\"timer\":{\"name\":\"on\",\"ms\":204,\"count\":1},\"info\":{\"ca_state\":\"OPEN\"");
    }

    @Test
    void timers() {
        assertThat(SsPrinter.timerText(200)).isEqualTo("200ms");
        assertThat(SsPrinter.timerText(1_200)).isEqualTo("1.200ms");
        assertThat(SsPrinter.timerText(59_900)).isEqualTo("59sec");
        assertThat(SsPrinter.timerText(7_140_000)).isEqualTo("119min");
    }

    @Test
    void netstat() {
        assertThat(NetstatPrinter.print(ROWS, "-")).isEqualTo("""
                Active Internet connections (servers and established)
                Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name
                tcp        0      0 0.0.0.0:80              0.0.0.0:*               LISTEN      -
                tcp        5     36 10.0.0.2:80             10.0.0.1:40000          ESTABLISHED -
                tcp6       0      0 fd99::2:80              fd99::1:40001           TIME_WAIT   -
                udp6       0      0 :::53                   :::*                                -
                """);
    }

    @Test
    void nstat() {
        Counters c = new Counters();
        c.add(Counter.IpInReceives, 123);
        c.add(Counter.TcpCurrEstab, 2);
        assertThat(NstatPrinter.print(c, false, null, any -> true))
                .contains("IpInReceives                    123                0.0\n").doesNotContain("IpInDelivers");
        assertThat(NstatPrinter.print(c, true, null, any -> true))
                .contains("IpInDelivers                    0                  0.0\n");
        Map<Counter, Long> history = NstatPrinter.snapshot(c);
        c.add(Counter.IpInReceives, 7);
        assertThat(NstatPrinter.print(c, false, history, any -> true)).contains("IpInReceives                    7 ")
                .contains("TcpCurrEstab                    2 ");
        assertThat(NstatPrinter.json(c, false, history, any -> true))
                .isEqualTo("{\"kernel\":{\"IpInReceives\":7,\"TcpCurrEstab\":2}}");
    }

    @Test
    void sysctl() {
        Settings s = new Settings();
        s.set(Setting.TCP_SYN_RETRIES, 3);
        assertThat(SysctlPrinter.all(s)).contains("net.ipv4.tcp_syn_retries = 3\n");
        assertThat(SysctlPrinter.describe(s)).contains("* net.ipv4.tcp_syn_retries = 3");
        assertThat(SysctlPrinter.json(s, List.of(Setting.values()))).contains("\"net.ipv4.tcp_syn_retries\":\"3\"");
    }

    @Test
    void sysctlSaysInJsonWhyASettingHasNoEffect() {
        Settings s = new Settings();
        assertThat(SysctlPrinter.json(s, List.of(Setting.TCP_SACK, Setting.TCP_APP_WIN))).isEqualTo(
                "{\"net.ipv4.tcp_sack\":\"1\",\"net.ipv4.tcp_app_win\":\"31\",\"without_effect\":{"
                        + "\"net.ipv4.tcp_app_win\":\"" + Setting.TCP_APP_WIN.whyWithoutEffect() + "\"}}");
        assertThat(SysctlPrinter.json(s, List.of(Setting.TCP_SACK))).isEqualTo("{\"net.ipv4.tcp_sack\":\"1\"}");
    }

    @Test
    void json() {
        assertThat(new JsonWriter().beginObject().field("a", 1).field("b", "q\"\\\n\u0001é").key("c").beginArray()
                .value(null).value(true).value(1.5)
                .value(Double.NaN)
                .endArray().field("d", Map.of("k", List.of(1, 2))).endObject().toString())
                .isEqualTo("{\"a\":1,\"b\":\"q\\\"\\\\\\n\\u0001é\",\"c\":[null,true,1.5,null],\"d\":{\"k\":[1,2]}}");
    }
}
