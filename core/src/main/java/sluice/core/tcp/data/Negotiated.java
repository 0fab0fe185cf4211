package sluice.core.tcp.data;

import sluice.base.Rfc;

/**
 * What the SYNs of a connection agreed on: made when a SYN is sent or arrives, handed on from the half-open to the
 * connection, not changed once the handshake is over. Until the SYN-ACK is here, an active open has in it what it
 * offers.
 */
@Rfc(value = 9293, section = "3.7.1")
@Rfc(value = 7323, section = "2.2")
public final class Negotiated {
    /** MSS the peer announced, or the default (Eff.snd.MSS before path and options), bytes. */
    public int peerMss;
    /** MSS we announced, bytes. */
    public int advertisedMss;
    /** Whether windows are scaled; the shifts are 0 otherwise. */
    public boolean windowScaling;
    /** Snd.Wind.Shift: of the windows the peer tells. */
    public int peerShift;
    /** Rcv.Wind.Shift: of the windows we tell. */
    public int ourShift;
    /** Whether SACK is permitted, both ways. */
    public boolean sackPermitted;
    /** Whether all segments carry timestamps. */
    public boolean timestamps;
    /** Added to the clock to make TSval. */
    public int timestampOffset;
    /** Which ECN feedback is given. */
    public EcnMode ecn = EcnMode.DISABLED;

    /** TSval at {@code nowNs}: the millisecond clock with this connection's offset. */
    @Rfc(value = 7323, section = "5.4")
    public int timestampClock(long nowNs) {
        return (int) Math.floorDiv(nowNs, 1_000_000L) + timestampOffset;
    }
}
