package sluice.lab.experiments;

import java.util.LinkedHashMap;
import java.util.Map;
import sluice.core.Settings;
import sluice.core.tcp.user.TcpSocket;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.Match;
import sluice.sim.SimHost;
import sluice.sim.WireSegment;
import sluice.sim.World;

/** The documents' sysctls: their defaults, and that they may be changed while connections run. */
final class SettingsRow implements Experiment {
    private static final Map<String, String> DEFAULTS = new LinkedHashMap<>();

    static {
        DEFAULTS.put("net.core.netdev_max_backlog", "1000");
        DEFAULTS.put("net.core.somaxconn", "4096");
        DEFAULTS.put("net.ipv4.tcp_max_syn_backlog", "1024"); // Linux: by the machine's memory; this and the next
        DEFAULTS.put("net.ipv4.tcp_max_tw_buckets", "262144");
        DEFAULTS.put("net.ipv4.tcp_abort_on_overflow", "0");
        DEFAULTS.put("net.ipv4.tcp_syncookies", "1");
        DEFAULTS.put("net.ipv4.tcp_tw_reuse", "2");
        DEFAULTS.put("net.ipv4.tcp_timestamps", "1");
        DEFAULTS.put("net.ipv4.ip_local_port_range", "32768\t60999");
        DEFAULTS.put("net.ipv4.tcp_keepalive_time", "7200");
        DEFAULTS.put("net.ipv4.tcp_keepalive_intvl", "75");
        DEFAULTS.put("net.ipv4.tcp_keepalive_probes", "9");
        DEFAULTS.put("net.ipv4.tcp_sack", "1");
        DEFAULTS.put("net.ipv4.tcp_dsack", "1");
        DEFAULTS.put("net.ipv4.tcp_fin_timeout", "60");
        DEFAULTS.put("net.ipv4.tcp_retries2", "15");
    }

    @Override
    public About about() {
        return About.of("settings", Chapter.TOOLS, "Settings by Linux's names", "与 Linux 同名的设置").says(
                "The settings that the documents name are here by the same names, units and defaults. They may be "
                        + "changed while the stack runs: the next connection, or timer, goes by the new value.",
                "文档提到的设置在这里有相同的名字、单位和默认值。运行中即可修改：下一个连接或下一个定时器使用新值。");
    }

    @Override
    public void run(Lab x) {
        Settings fresh = new Settings();
        DEFAULTS.forEach((name, value) -> x.equal(name, name, value, fresh.format(Settings.find(name))));
        Stage s = x.stage();
        World w = s.world();
        SimHost a = s.host("client");
        SimHost b = s.host("server");
        s.link(a, b).delayMs(10);
        b.listen(80);
        TcpSocket first = a.connect(b, 80);
        w.settle();
        a.set("net.ipv4.tcp_timestamps", "0");
        a.set("net.ipv4.tcp_fin_timeout", "5");
        a.connect(b, 80);
        w.settle();
        x.equal("SYNs: bytes of the first, with timestamps, and of the second, without", "SYN：第一个（有时间戳）与第二个（无）的字节数",
                "60, 52", String.join(", ", s.segments(a, Match.syn()).stream().map(WireSegment::ipLength)
                        .map(String::valueOf).toList()));
        first.close(w.nowNs());
        w.advance(4900);
        x.equal("tcp_fin_timeout=5, set after connecting: FIN-WAIT-2 after 4.9 s",
                "连接之后才设置 tcp_fin_timeout=5：4.9 秒后仍是 FIN-WAIT-2",
                2, a.host().tcp().tableSize());
        w.advance(300);
        x.equal("and after 5.2 s", "5.2 秒后", 1, a.host().tcp().tableSize());
    }
}
