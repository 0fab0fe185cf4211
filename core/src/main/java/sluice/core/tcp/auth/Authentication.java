package sluice.core.tcp.auth;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.core.Datagram;
import sluice.core.IcmpError;
import sluice.core.tcp.segment.FourTuple;
import sluice.core.tcp.segment.Segment;
import sluice.core.tcp.segment.TcpState;
import sluice.wire.Packet;

/** How one connection signs and checks its segments. Half-open connection, connection and time-wait hand it on. */
public abstract sealed class Authentication permits Md5Authentication, AoAuthentication {
    final FourTuple tuple;
    final MacInput input;

    Authentication(Digests digests, FourTuple tuple) {
        this.tuple = tuple;
        input = new MacInput(digests);
    }

    /** Bytes of the option in every segment: a multiple of four. */
    public abstract int optionBytes();

    /**
     * Writes the option without its code; returns the offset after it. It stands first, so that {@link #sign} finds it.
     */
    public abstract int writeOption(MemorySegment m, int offset);

    /**
     * Puts the code into a segment that is complete but for the checksum, which the code leaves out. The segment starts
     * at the packet's start.
     */
    public abstract void sign(Packet p, int headerLength);

    /** Checks a segment that carries a signature of either kind, or none; null when it may go on. */
    abstract @Nullable Counter check(Datagram d, Segment seg);

    /** The peer's initial sequence number is known now. */
    public void peerIsn(int isn) {
        // only TCP-AO needs it
    }

    /** Whether our SYN offers timestamps beside it; with MD5 it does not (as on Linux). */
    public abstract boolean timestampsInSyn();

    /** Whether an ICMP error about this connection is to be ignored; counted here. */
    public boolean ignores(IcmpError e, TcpState state) {
        return false;
    }

    /** Bytes that {@code a} takes in a header. */
    public static int bytes(@Nullable Authentication a) {
        return a == null ? 0 : a.optionBytes();
    }

    /** Writes the option at {@code offset} when there is one to write; returns the offset after it. */
    public static int reserve(@Nullable Authentication a, MemorySegment m, int offset) {
        return a == null ? offset : a.writeOption(m, offset);
    }

    /** Signs when there is something to sign with. */
    public static void complete(@Nullable Authentication a, Packet p, int headerLength) {
        if (a != null) {
            a.sign(p, headerLength);
        }
    }
}
