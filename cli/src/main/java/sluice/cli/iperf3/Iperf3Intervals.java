package sluice.cli.iperf3;

import java.util.ArrayList;
import java.util.List;
import sluice.core.tcp.user.TcpInfo;
import sluice.engine.HostAccess;

/** What the streams of a test moved since the last report. Used by one thread, outside the shard. */
final class Iperf3Intervals {
    private final HostAccess access;
    private final Iperf3Test test;
    private final Iperf3Report report;
    private final List<long[]> previous = new ArrayList<>();

    Iperf3Intervals(HostAccess access, Iperf3Test test, Iperf3Report report) {
        this.access = access;
        this.test = test;
        this.report = report;
        test.streams.forEach(s -> previous.add(new long[2]));
    }

    /** Reports the time between the two, counted from the test's begin. */
    void report(long fromNs, long toNs) {
        List<Iperf3Report.Line> lines = access.execute(host -> {
            List<Iperf3Report.Line> all = new ArrayList<>();
            for (int i = 0; i < test.streams.size(); i++) {
                all.add(line(test.streams.get(i), previous.get(i)));
            }
            return all;
        });
        report.interval(lines, fromNs / 1e9, toNs / 1e9);
    }

    private Iperf3Report.Line line(DataStream s, long[] before) {
        TcpInfo info = s.info(access.nowNs());
        long bytes = s.bytes();
        long retransmissions = s.retransmissions(access.nowNs());
        long moved = bytes >= before[0] ? bytes - before[0] : bytes; // counted anew after the omitted seconds
        long again = Math.max(0, retransmissions - (bytes >= before[0] ? before[1] : 0));
        before[0] = bytes;
        before[1] = retransmissions;
        return new Iperf3Report.Line(s.id, s.sends, moved, again, (long) info.sndCwnd * info.sndMss, s.isOmitting());
    }
}
