package sluice.core.tcp.data;

import sluice.base.Rfc;

/** How far each direction is closed: our FIN and the peer's. */
@Rfc(value = 9293, section = "3.6")
public final class Fins {
    /** The application has closed its sending side; the FIN stands after the last byte of the send buffer. */
    public boolean queued;
    /** Ours was sent. */
    public boolean sent;
    /** The peer's FIN was received and everything before it. */
    public boolean received;
    /** The peer's FIN was seen, at {@link #seq}; bytes before it may be missing. */
    public boolean expected;
    /** Sequence number of the peer's FIN, once {@link #expected}. */
    public int seq;
}
