package sluice.lab.experiments;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import sluice.base.Rfc;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpSocket;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.lab.Text;
import sluice.sim.Match;
import sluice.sim.SimHost;
import sluice.sim.SimLink;
import sluice.sim.World;
import sluice.wire.IpAddress;

/** A clock and a keyed hash. */
@Rfc(value = 6528, section = "3")
final class Isn implements Experiment {
    private static final int CONNECTIONS = 10_000;

    @Override
    public About about() {
        return About.of("isn", Chapter.CONNECTING, "Initial sequence numbers", "初始序列号 ISN").says(
                "ISN = M + F(addresses, ports, secret): M is a clock, F a keyed hash (RFC 6528). The same four-tuple "
                        + "moves on with the clock only; those of others tell nothing of it.",
                "ISN = M + F(地址, 端口, 密钥)：M 是时钟，F 是带密钥的散列（RFC 6528）。同一四元组的 ISN 只随时钟前进；其他四元组的 ISN 不能推出它。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage().noLadder();
        World w = s.world();
        SimHost client = s.host("client");
        SimLink link = s.link(client, s.host("server")).delayMs(10);
        List<long[]> seen = new ArrayList<>();
        link.from(client).see(Match.syn(), v -> seen.add(new long[]{w.nowNs(), v.sourcePort(), v.seq()}));
        link.from(client).drop(Match.any());
        for (int i = 0; i < CONNECTIONS; i++) {
            IpAddress to = IpAddress.ofV4(0x0a00_0002 + (i % 2 == 0 ? 0 : i << 8));
            TcpSocket t = client.connect(new SocketOptions(), 1024 + i, to, 80);
            w.advance(0.001 * (1 + i % 7));
            t.abort(w.nowNs());
        }
        Set<Integer> offsets = new HashSet<>();
        int[] buckets = new int[16];
        for (long[] one : seen) {
            int offset = (int) one[2] - (int) (one[0] / 4000);
            offsets.add(offset);
            buckets[offset >>> 28]++;
        }
        x.equal("connections", "连接数", CONNECTIONS, seen.size());
        x.atLeast("different values of F", "F 的不同取值", CONNECTIONS - 5, offsets.size());
        x.between("F in the least of 16 equal ranges (625 on average)", "F 落在 16 等分区间中最少的一个（平均 625）", 525, 625,
                Arrays.stream(buckets).min().orElse(0));
        x.between("F in the fullest of them", "F 落在最多的一个", 625, 725, Arrays.stream(buckets).max().orElse(0));
        w.advance(1000);
        client.connect(new SocketOptions(), 1024, IpAddress.ofV4(0x0a00_0002), 80);
        w.advance(0.01);
        long[] first = seen.getFirst();
        long[] again = seen.getLast();
        double ticks = Integer.toUnsignedLong((int) again[2] - (int) first[2]);
        double tickUs = (again[0] - first[0]) / 1000.0 / ticks;
        x.differs(new Text("the same four-tuple again: one tick each, µs", "同一四元组再次连接：每一跳，µs"), 4000, 4.0,
                Math.rint(tickUs * 1000) / 1000,
                new Text("The document says 4 ms a tick and 4.55 hours a turn: 2^32 ticks of 4 µs are 4.77 hours, of "
                        + "4 ms half a year. RFC 9293 says 4 µs.",
                        "文档写每 4 毫秒加一、4.55 小时转一圈：2^32 个 4 µs 是 4.77 小时，若为 4 ms 则要半年。RFC 9293 规定 4 µs。"));
        x.near("a turn of the clock, hours", "时钟转一圈，小时", 4.77, Math.pow(2, 32) * tickUs / 1e6 / 3600, 0.01);
    }
}
