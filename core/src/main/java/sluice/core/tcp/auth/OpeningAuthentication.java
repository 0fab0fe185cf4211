package sluice.core.tcp.auth;

import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.base.Rfc;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.FourTuple;
import sluice.core.tcp.segment.Segment;
import sluice.wire.IpAddress;

/**
 * With what a new connection signs: by the keys of the socket that connects, or of the listener and the SYN that came.
 */
@Rfc(value = 5925, section = "7.1")
public final class OpeningAuthentication {
    private OpeningAuthentication() {}

    /**
     * For connect; from here on the options hold only the keys for this peer.
     *
     * @throws ErrnoException EKEYREJECTED when there are TCP-AO keys, but none for this peer
     */
    @Rfc(value = 5925, section = "7.4.1")
    public static @Nullable Authentication active(Digests digests, FourTuple tuple, SocketOptions options) {
        AuthenticationKeys all = options.keys;
        if (all == null || all.isEmpty()) {
            return null;
        }
        AuthenticationKeys own = all.forPeer(tuple.remote());
        options.keys = own;
        if (own.aoKeys().isEmpty()) {
            if (!all.aoKeys().isEmpty() || all.required()) {
                throw new ErrnoException(Errno.EKEYREJECTED,
                        "connect to " + tuple.remote() + ": none of the TCP-AO keys is for this peer");
            }
            return md5(digests, tuple, own);
        }
        own.choose(own.current(), own.receiveNext());
        return new AoAuthentication(digests, tuple, own);
    }

    /** For a SYN at a listener that was found good: signed as it was. Null for none; see {@link #refuses}. */
    @Rfc(value = 5925, section = "7.4.1")
    public static @Nullable Authentication passive(Digests digests, FourTuple tuple, SocketOptions listener,
            Segment syn, int irs) {
        AuthenticationKeys all = listener.keys;
        if (all == null) {
            return null;
        }
        if (syn.md5At > 0) {
            return md5(digests, tuple, all);
        }
        if (syn.aoAt == 0) {
            return null;
        }
        AuthenticationKeys own = all.forPeer(tuple.remote());
        own.choose(own.aoFor(tuple.remote(), syn.aoNextKeyId, -1), own.aoFor(tuple.remote(), -1, syn.aoKeyId));
        AoAuthentication a = new AoAuthentication(digests, tuple, own);
        a.peerIsn(irs);
        return a;
    }

    /** As {@link #passive} for an acknowledgment that brings a SYN cookie back. */
    public static @Nullable Authentication cookie(Digests digests, FourTuple tuple, SocketOptions listener,
            Segment ack) {
        Authentication a = passive(digests, tuple, listener, ack, ack.seq - 1);
        if (a instanceof AoAuthentication ao) {
            ao.ourIsn(ack.ack - 1);
        }
        return a;
    }

    /** Whether a good SYN asks to be answered with a key that we do not have: then it is not answered at all. */
    public static boolean refuses(SocketOptions listener, IpAddress peer, Segment syn) {
        AuthenticationKeys keys = listener.keys;
        return syn.aoAt > 0 && (keys == null || keys.aoFor(peer, syn.aoNextKeyId, -1) == null);
    }

    /**
     * For an answer of a listener to a segment that opens nothing: only MD5 can sign it, TCP-AO needs sequence numbers
     * that nobody has.
     */
    public static @Nullable Authentication reset(Digests digests, FourTuple tuple, SocketOptions listener,
            Segment seg) {
        AuthenticationKeys keys = listener.keys;
        return keys == null || seg.md5At == 0 ? null : md5(digests, tuple, keys);
    }

    /** The keys that an accepted connection keeps. */
    public static void inherit(Tcb t) {
        AuthenticationKeys all = t.options.keys;
        if (all != null) {
            t.options.keys = t.authentication instanceof AoAuthentication a ? a.keys()
                    : t.authentication == null ? null : all.forPeer(t.tuple.remote());
        }
    }

    /**
     * The keys of a live connection were changed (TCP_MD5SIG after connect): MD5 starts, stops or changes at once;
     * TCP-AO is for the life of a connection, but its keys may be others.
     *
     * @throws ErrnoException EBUSY when TCP-AO's keys in use are not among those that it is to have
     */
    public static void changed(Tcb t) {
        AuthenticationKeys keys = t.options.keys;
        if (t.authentication instanceof AoAuthentication a) {
            t.options.keys = a.keys();
            if (keys != null && keys != a.keys()) {
                a.keys().become(keys.forPeer(t.tuple.remote()));
            }
            return;
        }
        t.authentication = keys == null ? null : md5(t.tcp.digests(), t.tuple, keys);
    }

    private static @Nullable Md5Authentication md5(Digests digests, FourTuple tuple, AuthenticationKeys keys) {
        Md5Key k = keys.md5For(tuple.remote().high(), tuple.remote().low());
        return k == null ? null : new Md5Authentication(digests, tuple, k);
    }
}
