package sluice.cli.iperf3;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.core.Pollable;
import sluice.core.udp.UdpSocket;

/**
 * A stream over UDP: datagrams that begin with the time they were sent, in seconds and microseconds, and their number,
 * counted from 1. What comes is given to {@link #received} by whoever owns the socket.
 */
final class UdpStream extends DataStream {
    /** Payload of a datagram at least: time and a number of 64 bits. */
    static final int MIN_BLOCK = 16;
    /** Payload of a datagram at most, over IPv4. */
    static final int MAX_BLOCK = UdpSocket.MAX_PAYLOAD_V4;
    private static final int DATAGRAMS_A_CALL = 256;
    private static final int NUMBER = 8;
    private static final int NS_PER_US = 1_000;
    private static final int US_PER_SECOND = 1_000_000;
    private static final double JITTER_GAIN = 16;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final UdpSocket socket;
    private final Ends ends;
    private final Runnable whenOver;
    private final MemorySegment block;
    private final boolean longNumbers;
    private long position;
    private long highest;
    private long lost;
    private long outOfOrder;
    private double jitterSeconds;
    private double previousTransit = Double.NaN;
    private Datagrams omitted = Datagrams.NONE;

    /**
     * A stream, which waits for {@link #start}.
     *
     * @param whenOver runs when it is stopped: the socket may be that of other streams too
     */
    UdpStream(Iperf3Test test, int id, boolean sends, UdpSocket socket, Ends ends, Runnable whenOver) {
        super(test, id, sends);
        this.socket = socket;
        this.ends = ends;
        this.whenOver = whenOver;
        block = Arena.ofAuto().allocate(test.parameters.block());
        longNumbers = test.parameters.longNumbers();
    }

    @Override
    void goOn() {
        if (isRunning()) {
            socket.signalReady();
        }
    }

    /** The socket is ready. */
    void ready(long nowNs) {
        if (!isRunning()) {
            return;
        }
        look(nowNs);
        if (sends) {
            send(nowNs);
        }
    }

    private void send(long nowNs) {
        long most = allowance((long) DATAGRAMS_A_CALL * block.byteSize(), nowNs, position) / block.byteSize();
        for (long i = 0; i < most; i++) {
            if ((socket.readiness() & Pollable.WRITABLE) == 0) {
                return;
            }
            long us = nowNs / NS_PER_US;
            block.set(INT, 0, (int) (us / US_PER_SECOND));
            block.set(INT, 4, (int) (us % US_PER_SECOND));
            if (longNumbers) {
                block.set(LONG, NUMBER, highest + 1);
            } else {
                block.set(INT, NUMBER, (int) (highest + 1));
            }
            try {
                socket.send(block, 0, (int) block.byteSize(), ends.remote(), ends.remotePort(), nowNs);
            } catch (ErrnoException e) {
                if (e.errno() != Errno.EAGAIN) {
                    test.failed(id, e.errno().text());
                    halt();
                }
                return;
            }
            highest++;
            position += block.byteSize();
            moved(block.byteSize());
        }
        if (most == DATAGRAMS_A_CALL) {
            socket.signalReady();
        }
    }

    /** A datagram has come. */
    void received(MemorySegment datagram, int length, long nowNs) {
        if (!isRunning() || sends || length < MIN_BLOCK - 4) {
            return;
        }
        look(nowNs);
        moved(length);
        long number = longNumbers && length >= MIN_BLOCK ? datagram.get(LONG, NUMBER)
                : Integer.toUnsignedLong(datagram.get(INT, NUMBER));
        if (number > highest) {
            lost += number - 1 - highest;
            highest = number;
        } else {
            outOfOrder++;
            lost = Math.max(0, lost - 1); // it counted as lost when the later one came
        }
        double transit = nowNs / 1e9 - (datagram.get(INT, 0) + datagram.get(INT, 4) / 1e6);
        double change = Double.isNaN(previousTransit) ? 0 : Math.abs(transit - previousTransit);
        previousTransit = transit;
        jitterSeconds += (change - jitterSeconds) / JITTER_GAIN;
    }

    @Override
    void countAnew(long nowNs) {
        jitterSeconds = 0;
        omitted = new Datagrams(highest, lost, outOfOrder, 0);
    }

    @Override
    Ends ends() {
        return ends;
    }

    @Override
    Figures figures(long nowNs) {
        return new Figures(bytes(), 0, 0, new Datagrams(highest, lost, outOfOrder, jitterSeconds).since(omitted));
    }

    @Override
    String congestion(long nowNs) {
        return "";
    }

    @Override
    boolean hasUnacknowledged(long nowNs) {
        return false;
    }

    @Override
    void stop(long nowNs) {
        halt();
        whenOver.run();
    }

    @Override
    void abort(long nowNs) {
        stop(nowNs);
    }
}
