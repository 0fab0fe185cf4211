package sluice.lab.experiments;

import java.util.ArrayList;
import java.util.List;
import sluice.base.Counter;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.recovery.PathFault;
import sluice.core.trace.TraceEvent;
import sluice.lab.Duo;
import sluice.lab.Lab;
import sluice.lab.Stage;

/** What the experiments on retransmission have in common: one ACK a segment, no timestamps, no tail loss probes. */
final class Retransmissions {
    private static final int HEADERS = 40;

    private Retransmissions() {}

    /** Sender and receiver, 10 ms apart, segments of {@code mss} bytes. */
    static Duo duo(Stage s, int mss, String... more) {
        List<String> settings = new ArrayList<>(List.of("tcp_timestamps=0", "tcp_early_retrans=0"));
        settings.addAll(List.of(more));
        return s.duo("sender", "receiver", settings.toArray(String[]::new)).mtu(mss + HEADERS);
    }

    /** Every write a segment. */
    static SocketOptions sending() {
        SocketOptions o = new SocketOptions();
        o.noDelay = true;
        return o;
    }

    /** Every segment acknowledged at once. */
    static SocketOptions quick() {
        SocketOptions o = new SocketOptions();
        o.quickAck = true;
        return o;
    }

    /** Waits until all is quiet, then asserts what the sender found out about its segments. */
    static void diagnosis(Lab x, Stage s, Duo d, int... lostAckLostDelayedDuplicated) {
        s.world().advance(1000);
        d.sender().recovery().diagnosis().settle(true, s.world().nowNs());
        List<Long> found = new ArrayList<>();
        for (PathFault f : List.of(PathFault.DATA_LOST, PathFault.ACK_LOST, PathFault.DELAYED, PathFault.DUPLICATED)) {
            found.add(d.sender().recovery().diagnosis().segments(f));
        }
        x.equal("verdict: data lost, ACK lost, delayed, duplicated", "判定：数据丢失、确认丢失、延迟、网络重复",
                lostAckLostDelayedDuplicated, found);
        x.equal("the same by the host's counters", "主机计数器同样", found,
                List.of(d.a().count(Counter.SluicePathDataLost), d.a().count(Counter.SluicePathAckLost),
                        d.a().count(Counter.SluicePathDelayed), d.a().count(Counter.SluicePathDuplicated)));
    }

    /** Whether the sender's trace names the bytes [from, to) and what befell them. */
    static boolean named(Stage s, Duo d, PathFault fault, int from, int to) {
        return s.world().log().events(d.a(), TraceEvent.PathDiagnosis.class).stream().anyMatch(e -> e.fault() == fault
                && e.range().seq() - d.sender().snd.iss == from && e.range().bytes() == to - from);
    }

    /** A counter's value at the sender. */
    static long sender(Duo d, Counter c) {
        return d.a().count(c);
    }
}
