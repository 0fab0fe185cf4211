package sluice.lab;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import sluice.core.tcp.data.TimerKind;
import sluice.core.tcp.user.TcpSocket;
import sluice.sim.SimHost;

/**
 * The connections of one host just after a packet: what a page shows beside the packet that is stepped to.
 *
 * @param nowNs when, nanoseconds of the world
 * @param host whose
 * @param arrived whether the packet arrived there (else it was sent)
 * @param ends its connections
 */
public record Moment(long nowNs, String host, boolean arrived, List<End> ends) {
    private static final int MOST_ENDS = 4;

    /**
     * One end of a connection; sequence numbers are relative to the initial ones, windows bytes, cwnd segments.
     *
     * @param timersMs the timers that run: milliseconds until they run out
     */
    public record End(int localPort, int remotePort, String state, long sndUna, long sndNxt, long sndWnd, long rcvNxt,
            long rcvWnd, int cwnd, int ssthresh, int inFlight, long srttUs, long rtoUs,
            Map<TimerKind, Double> timersMs) {
        static End of(TcpSocket t, long nowNs) {
            Map<TimerKind, Double> timers = new EnumMap<>(TimerKind.class);
            for (TimerKind kind : TimerKind.values()) {
                if (t.timers.isSet(kind)) {
                    timers.put(kind, (t.timers.deadlineNs(kind) - nowNs) / 1e6);
                }
            }
            return new End(t.localPort(), t.remotePort(), Values.text(t.state()),
                    Integer.toUnsignedLong(t.snd.una - t.snd.iss), Integer.toUnsignedLong(t.snd.nxt - t.snd.iss),
                    t.snd.wnd, Integer.toUnsignedLong(t.rcv.nxt - t.rcv.irs), t.rcv.wnd,
                    t.congestion.cwndSegments(), t.congestion.ssthreshSegments(), t.sent.inFlight(), t.rtt.srttUs(),
                    t.rtt.rtoUs(), timers);
        }
    }

    static Moment of(SimHost host, boolean arrived, long nowNs) {
        List<End> ends = new ArrayList<>();
        for (TcpSocket t : host.host().tcp().connections()) {
            if (ends.size() < MOST_ENDS) {
                ends.add(End.of(t, host.nowNs()));
            }
        }
        return new Moment(nowNs, host.name(), arrived, ends);
    }
}
