package sluice.cli.iperf3;

import sluice.wire.IpAddress;

/** One stream of a test: it sends, or throws away what comes, and counts. Everything inside the shard. */
abstract class DataStream {
    final int id;
    final boolean sends;
    final Iperf3Test test;
    private boolean running;
    private long beginNs;
    private long omitUntilNs;
    private boolean omitting;
    private long countedBytes;

    DataStream(Iperf3Test test, int id, boolean sends) {
        this.test = test;
        this.id = id;
        this.sends = sends;
    }

    /** Where a stream goes from and to. */
    record Ends(IpAddress local, int localPort, IpAddress remote, int remotePort) {}

    /**
     * What a stream has come to without the seconds that do not count.
     *
     * @param bytes sent or received
     * @param retransmits segments; 0 for a receiver and for UDP
     * @param cwndBytes congestion window; 0 for UDP
     */
    record Figures(long bytes, long retransmits, long cwndBytes, Datagrams datagrams) {}

    /** Begins to send or to receive. */
    void start(long nowNs, long omitNs) {
        running = true;
        beginNs = nowNs;
        omitting = omitNs > 0;
        omitUntilNs = nowNs + omitNs;
        goOn();
    }

    boolean isRunning() {
        return running;
    }

    /** Neither sends nor counts any more. */
    void halt() {
        running = false;
    }

    /** Ends the seconds that do not count when their time has come. */
    void look(long nowNs) {
        if (omitting && nowNs >= omitUntilNs) {
            omitting = false;
            countedBytes = 0;
            countAnew(nowNs);
        }
    }

    /** What was counted so far was omitted. */
    abstract void countAnew(long nowNs);

    void moved(long bytes) {
        countedBytes += bytes;
        test.transferred(bytes);
    }

    /** How many bytes a sender that has sent {@code sent} of them may send now. */
    long allowance(long wanted, long nowNs, long sent) {
        return test.allowance(Math.min(wanted, test.paced(beginNs, nowNs, sent)));
    }

    /** Lets a stream look again whether there is something to do. */
    abstract void goOn();

    /** Bytes that count so far. */
    long bytes() {
        return countedBytes;
    }

    /** Whether the seconds that do not count are still on. */
    boolean isOmitting() {
        return omitting;
    }

    abstract Ends ends();

    abstract Figures figures(long nowNs);

    /** The congestion control it uses; empty without one. */
    abstract String congestion(long nowNs);

    /** Whether something that was sent was not acknowledged, where there are acknowledgments. */
    abstract boolean hasUnacknowledged(long nowNs);

    /** Ends the stream. What was sent and not received yet goes on arriving, as with iperf3. */
    abstract void stop(long nowNs);

    /** Ends one that was not stopped, for a test that broke off. */
    abstract void abort(long nowNs);
}
