package sluice.core.tcp.data;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import sluice.base.Seq;

/**
 * What an application is told of the fate of its writes, as on Linux's error queue of a socket: that the memory of a
 * zero-copy write is its own again (SO_ZEROCOPY, MSG_ZEROCOPY), and when the last byte of a write left and was
 * acknowledged (SO_TIMESTAMPING).
 *
 * <p>The memory of a zero-copy write is free when everything in it is acknowledged. Bounded: what comes beyond {@link
 * #MAX_WAITING} writes or {@link #MAX_REPORTS} unread reports is not reported.
 */
public final class SendReports {
    /** SOF_TIMESTAMPING_TX_SOFTWARE: report when it was given to the link. */
    public static final int STAMP_SENT = 1 << 1;
    /** SOF_TIMESTAMPING_TX_SCHED: report when it was given to the queue before the link. */
    public static final int STAMP_SCHEDULED = 1 << 8;
    /** SOF_TIMESTAMPING_TX_ACK: report when it was acknowledged. */
    public static final int STAMP_ACKNOWLEDGED = 1 << 9;
    /** Most writes whose fate is awaited. */
    public static final int MAX_WAITING = 4096;
    /** Most reports that wait to be read. */
    public static final int MAX_REPORTS = 1024;

    /** A report. */
    public sealed interface Report {}

    /**
     * Zero-copy writes are done with.
     *
     * @param first number of the first of them, counted from 0 on each connection
     * @param last number of the last
     */
    public record ZeroCopyDone(int first, int last) implements Report {}

    /** What happened to the last byte of a write. */
    public enum Stage {
        /** SCM_TSTAMP_SND: given to the link. */
        SENT,
        /** SCM_TSTAMP_SCHED: given to the queue. Here the same moment. */
        SCHEDULED,
        /** SCM_TSTAMP_ACK: acknowledged. */
        ACKNOWLEDGED
    }

    /**
     * A timestamp.
     *
     * @param stage what happened
     * @param key offset of the byte from where timestamping was switched on
     * @param ns when, nanoseconds of the host's clock
     */
    public record Timestamp(Stage stage, int key, long ns) implements Report {}

    /** A write whose fate is awaited; {@code end} is the sequence number after it. */
    private record Awaited(int end, int zeroCopyNumber, int stamps, int key) {}

    private final ArrayDeque<Awaited> unsent = new ArrayDeque<>();
    private final ArrayDeque<Awaited> unacknowledged = new ArrayDeque<>();
    private final ArrayDeque<Report> reports = new ArrayDeque<>();
    private int zeroCopyWrites;
    private long total;

    /** A zero-copy write of the bytes up to {@code end} was taken. */
    public void zeroCopy(int end) {
        await(new Awaited(end, zeroCopyWrites++, 0, 0));
    }

    /** The bytes up to {@code end} were written with timestamping on; {@code key} is the offset of the last of them. */
    public void stamp(int end, int stamps, int key) {
        await(new Awaited(end, -1, stamps, key));
    }

    private void await(Awaited a) {
        if (unsent.size() + unacknowledged.size() < MAX_WAITING) {
            unsent.add(a);
        }
    }

    /** Everything before {@code nxt} has left, for the first time. */
    public void sent(int nxt, long nowNs) {
        for (Awaited a = unsent.peek(); a != null && Seq.leq(a.end, nxt); a = unsent.peek()) {
            if ((a.stamps & STAMP_SCHEDULED) != 0) {
                report(new Timestamp(Stage.SCHEDULED, a.key, nowNs));
            }
            if ((a.stamps & STAMP_SENT) != 0) {
                report(new Timestamp(Stage.SENT, a.key, nowNs));
            }
            unacknowledged.add(unsent.remove());
        }
    }

    /** Everything before {@code una} is acknowledged. */
    public void acknowledged(int una, long nowNs) {
        sent(una, nowNs); // what went with a SYN
        for (Awaited a = unacknowledged.peek(); a != null && Seq.leq(a.end, una); a = unacknowledged.peek()) {
            if ((a.stamps & STAMP_ACKNOWLEDGED) != 0) {
                report(new Timestamp(Stage.ACKNOWLEDGED, a.key, nowNs));
            }
            zeroCopyDone(unacknowledged.remove());
        }
    }

    /** Nothing more will be sent: the memory of all writes is free. */
    public void dropped() {
        while (!unacknowledged.isEmpty()) {
            zeroCopyDone(unacknowledged.remove());
        }
        while (!unsent.isEmpty()) {
            zeroCopyDone(unsent.remove());
        }
    }

    private void zeroCopyDone(Awaited a) {
        if (a.zeroCopyNumber < 0) {
            return;
        }
        if (reports.peekLast() instanceof ZeroCopyDone d && d.last + 1 == a.zeroCopyNumber) {
            reports.removeLast();
            reports.add(new ZeroCopyDone(d.first, a.zeroCopyNumber));
            total++;
        } else {
            report(new ZeroCopyDone(a.zeroCopyNumber, a.zeroCopyNumber));
        }
    }

    private void report(Report r) {
        if (reports.size() < MAX_REPORTS) {
            reports.add(r);
            total++;
        }
    }

    /** The oldest report, taken off; null when there is none. */
    public @Nullable Report poll() {
        return reports.poll();
    }

    /** Whether nothing is to be read. */
    public boolean isEmpty() {
        return reports.isEmpty();
    }

    /** A number that grows with every report: for edge-triggered waiting. */
    public long total() {
        return total;
    }
}
