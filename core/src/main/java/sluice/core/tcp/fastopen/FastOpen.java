package sluice.core.tcp.fastopen;

import org.jspecify.annotations.Nullable;
import sluice.base.Rfc;
import sluice.core.tcp.segment.FastOpenCookie;

/** What one connection knows of Fast Open. Fields, because several procedures work on them. */
@Rfc(value = 7413, section = "4.2")
public final class FastOpen {
    /** Why data did not go with our SYN, or went for nothing: tcpi_fastopen_client_fail, by number. */
    public enum Failure {
        /** Nothing failed. */
        NONE,
        /** There was no cookie. */
        COOKIE_UNAVAILABLE,
        /** The SYN-ACK acknowledged the SYN and not, or not all of, its data. */
        DATA_NOT_ACKED,
        /** The SYN had to be retransmitted, without the data. */
        SYN_RETRANSMITTED
    }

    private boolean handshakePending;
    /** Client: connect was called and the SYN waits for data to take along (TCP_FASTOPEN_CONNECT). */
    public boolean deferred;
    /** Client: the option of the first SYN, a cookie or the request for one; null for none. Later SYNs carry none. */
    public @Nullable FastOpenCookie option;
    /** Client: bytes at the start of the send buffer that go with the first SYN. */
    public int synBytes;
    /** Client: the first SYN carried the option. */
    public boolean used;
    /** Client: it did so in the experimental format. */
    public boolean experimental;
    /** Client: the first SYN carried data. */
    public boolean synData;
    /** Client: Fast Open was switched off for a while before; if this connection works, it is trusted again. */
    public boolean probing;
    /** Client: what failed. */
    public Failure failure = Failure.NONE;
    /** Data in the SYN was acknowledged: by us (server), or all of it by the peer (client). TCPI_OPT_SYN_DATA. */
    public boolean synDataAcked;

    /** Whether data flows though the handshake of a passive open is not over. */
    public boolean handshakePending() {
        return handshakePending;
    }

    /** It is over, or not yet. */
    public void handshakePending(boolean pending) {
        handshakePending = pending;
    }

    /** Whether this connection can tell of a path that swallows Fast Open. */
    public boolean tried() {
        return used || synData || synDataAcked;
    }
}
