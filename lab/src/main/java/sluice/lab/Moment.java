package sluice.lab;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import sluice.core.tcp.congestion.CongestionControl;
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
     * What an end knows as a sender: sequence numbers relative to the initial one, windows and what is unsent in bytes,
     * cwnd, ssthresh and what is in flight in segments; ssthresh is negative while it is infinite, and times are 0
     * before the first sample.
     */
    public record Sending(long una, long nxt, long wnd, long unsent, int cwnd, int ssthresh, int inFlight, long srttUs,
            long rtoUs) {
        static Sending of(TcpSocket t) {
            int ssthresh = t.congestion.ssthreshSegments();
            return new Sending(relative(t.snd.una, t.snd.iss), relative(t.snd.nxt, t.snd.iss), t.snd.wnd,
                    t.unsentBytes(), t.congestion.cwndSegments(),
                    ssthresh == CongestionControl.INFINITE_SSTHRESH ? -1 : ssthresh, t.congestion.inFlightSegments(),
                    t.rtt.srttUs(), t.rtt.rtoUs());
        }
    }

    /**
     * What it knows as a receiver, in bytes.
     *
     * @param lastByteRead the last byte the application has taken; the first is 1
     * @param maxRcvBuffer bytes that may wait for the application
     */
    public record Receiving(long nxt, long wnd, long lastByteRead, long maxRcvBuffer) {
        static Receiving of(TcpSocket t) {
            return new Receiving(relative(t.rcv.nxt, t.rcv.irs), t.rcv.wnd, t.receiveBuffer.readPosition(),
                    t.window.limitBytes());
        }
    }

    private static long relative(int number, int initial) {
        return Integer.toUnsignedLong(number - initial);
    }

    /**
     * One end of a connection.
     *
     * @param timersMs the timers that run: milliseconds until they run out
     */
    public record End(int localPort, int remotePort, String state, Sending snd, Receiving rcv,
            Map<TimerKind, Double> timersMs) {
        static End of(TcpSocket t, long nowNs) {
            Map<TimerKind, Double> timers = new EnumMap<>(TimerKind.class);
            for (TimerKind kind : TimerKind.values()) {
                if (t.timers.isSet(kind)) {
                    timers.put(kind, (t.timers.deadlineNs(kind) - nowNs) / 1e6);
                }
            }
            return new End(t.localPort(), t.remotePort(), Values.text(t.state()), Sending.of(t), Receiving.of(t),
                    timers);
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
