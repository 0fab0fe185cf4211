package sluice.core.tcp.fastopen;

import org.jspecify.annotations.Nullable;
import sluice.base.Rfc;
import sluice.core.tcp.HalfOpen;

/** What one connection knows of Fast Open. Fields, because several procedures work on them. */
@Rfc(value = 7413, section = "4.2")
public final class FastOpen {
    /** Server: the request that is still to be confirmed by the last step of the handshake; null when it is over, or was no Fast Open. */
    public @Nullable HalfOpen request;
    /** Data in the SYN was acknowledged: by us (server), or all of it by the peer (client). TCPI_OPT_SYN_DATA. */
    public boolean synDataAcked;

    /** Whether data flows though the handshake of a passive open is not over. */
    public boolean handshakePending() {
        return request != null;
    }
}
