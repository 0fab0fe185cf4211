package sluice.cli.iperf3;

import java.util.ArrayList;
import java.util.List;
import sluice.engine.HostAccess;

/** What the streams of a test moved since the last report. Used by one thread, outside the shard. */
final class Iperf3Intervals {
    private static final DataStream.Figures NOTHING = new DataStream.Figures(0, 0, 0, Datagrams.NONE);

    private final HostAccess access;
    private final Iperf3Test test;
    private final Iperf3Report report;
    private final List<Before> previous = new ArrayList<>();

    /** How a stream stood at the last report. */
    private static final class Before {
        DataStream.Figures figures = NOTHING;
        boolean omitting;
    }

    Iperf3Intervals(HostAccess access, Iperf3Test test, Iperf3Report report) {
        this.access = access;
        this.test = test;
        this.report = report;
        test.streams.forEach(s -> previous.add(new Before()));
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

    private Iperf3Report.Line line(DataStream s, Before before) {
        DataStream.Figures now = s.figures(access.nowNs());
        boolean anew = before.omitting && !s.isOmitting(); // counted from 0 again
        DataStream.Figures since = anew ? NOTHING : before.figures;
        before.figures = now;
        before.omitting = s.isOmitting();
        return new Iperf3Report.Line(s.id, s.sends, now.bytes() - since.bytes(),
                Math.max(0, now.retransmits() - since.retransmits()), now.cwndBytes(),
                now.datagrams().since(since.datagrams()), s.isOmitting());
    }
}
