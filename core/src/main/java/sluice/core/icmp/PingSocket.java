package sluice.core.icmp;

import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.base.Rfc;
import sluice.core.IcmpError;
import sluice.core.IpHeader;
import sluice.core.IpOutput;
import sluice.core.Pollable;
import sluice.core.ReadyList;
import sluice.core.Route;
import sluice.core.ip.IpLayer;
import sluice.core.ip.Sums;
import sluice.wire.Bytes;
import sluice.wire.IpAddress;
import sluice.wire.Packet;

/** Echo requests to one destination and what comes back. READABLE when an answer waits. */
@Rfc(value = 792)
@Rfc(value = 4443, section = "4.1")
public final class PingSocket extends Pollable {
    /** Requests that wait to be sent. */
    public static final int MAX_REQUESTS = 64;
    /** Answers kept for the application; the oldest gives way. */
    public static final int MAX_REPLIES = 256;
    /** Longest payload, bytes. */
    public static final int MAX_PAYLOAD = 65_507;
    private static final int REMEMBERED = 1024;

    private record Request(int seq, int payloadBytes, int ttl) {}

    private final IcmpLayer layer;
    private final IpLayer ip;
    private final IpHeader header = new IpHeader();
    private final IpAddress destination;
    private final int identifier;
    private final ArrayDeque<Request> requests = new ArrayDeque<>();
    private final ArrayDeque<PingReply> replies = new ArrayDeque<>();
    private final long[] sentNs = new long[REMEMBERED];
    private final int[] sentSeq = new int[REMEMBERED];
    private final boolean[] answered = new boolean[REMEMBERED];
    private int nextSeq = 1;
    private boolean closed;

    PingSocket(ReadyList ready, IcmpLayer layer, IpLayer ip, IpAddress destination, int identifier) {
        super(ready);
        this.layer = layer;
        this.ip = ip;
        this.destination = destination;
        this.identifier = identifier;
        Arrays.fill(sentSeq, -1);
    }

    /** Whom it asks. */
    public IpAddress destination() {
        return destination;
    }

    /** Identifier of its messages, 16 bits. */
    public int identifier() {
        return identifier;
    }

    /**
     * Sends an echo request with the next {@code poll}s of the host.
     *
     * @param payloadBytes 0…{@link #MAX_PAYLOAD}
     * @param ttl 1…255; 0 for the default
     * @return its sequence number
     * @throws ErrnoException EINVAL for a bad argument, ENETUNREACH without route, ENOBUFS when too many wait, EBADF
     * when closed
     */
    public int send(int payloadBytes, int ttl, long nowNs) {
        String call = "ping " + destination;
        if (closed) {
            throw new ErrnoException(Errno.EBADF, call);
        }
        if (payloadBytes < 0 || payloadBytes > MAX_PAYLOAD || ttl < 0 || ttl > 255) {
            throw new ErrnoException(Errno.EINVAL, call);
        }
        if (ip.route(null, destination) == null) {
            throw new ErrnoException(Errno.ENETUNREACH, call);
        }
        if (requests.size() >= MAX_REQUESTS) {
            throw new ErrnoException(Errno.ENOBUFS, call);
        }
        int seq = nextSeq;
        nextSeq = nextSeq + 1 & 0xffff;
        requests.addLast(new Request(seq, payloadBytes, ttl));
        int slot = seq % REMEMBERED;
        sentNs[slot] = nowNs;
        sentSeq[slot] = seq;
        answered[slot] = false;
        layer.wantsToSend(this);
        return seq;
    }

    /** The next answer; null when none waits. */
    public @Nullable PingReply poll() {
        return replies.pollFirst();
    }

    /** Closes it; answers still on their way are ignored. */
    public void close() {
        closed = true;
        requests.clear();
        replies.clear();
        layer.closed(this);
        signalReady();
    }

    @Override
    public int readiness() {
        if (closed) {
            return HANGUP;
        }
        return (replies.isEmpty() ? 0 : READABLE) | (requests.size() < MAX_REQUESTS ? WRITABLE : 0);
    }

    boolean hasRequests() {
        return !requests.isEmpty();
    }

    /** Builds the next request; the interface, or {@link IpOutput#DEFERRED}. */
    int transmit(Packet p, long nowNs) {
        Request r = requests.removeFirst();
        Route route = ip.route(null, destination);
        if (route == null) {
            add(new PingReply(destination, r.seq, 0, -1, 0, false, Errno.ENETUNREACH.text()));
            return IpOutput.DEFERRED;
        }
        boolean v4 = destination.isV4();
        p.clear();
        int s = p.start;
        Bytes.put32(p.memory, s, (v4 ? 8 : 128) << 24);
        Bytes.put32(p.memory, s + 4, identifier << 16 | r.seq);
        for (int i = 0; i < r.payloadBytes; i++) {
            p.memory.set(ValueLayout.JAVA_BYTE, s + 8L + i, (byte) i);
        }
        p.end = s + 8 + r.payloadBytes;
        if (v4) {
            Sums.fillPlain(p, 2);
        } else {
            Sums.fillTransport(p, 2, route, route.source, destination, 58, false);
        }
        layer.countOut(!v4, v4 ? 8 : 128);
        sentNs[r.seq % REMEMBERED] = nowNs;
        int ttl = r.ttl == 0 ? ip.defaultHopLimit(route, v4) : r.ttl;
        return ip.send(p, route, header.set(route.source, destination, v4 ? 1 : 58, ttl), nowNs);
    }

    void onReply(IpAddress from, int seq, int bytes, int ttl, long nowNs) {
        int slot = seq % REMEMBERED;
        boolean known = sentSeq[slot] == seq;
        boolean again = known && answered[slot];
        if (known) {
            answered[slot] = true;
        }
        add(new PingReply(from, seq, bytes, known ? nowNs - sentNs[slot] : -1, ttl, again, null));
    }

    void onError(IcmpError e, long nowNs) {
        if (e.kind == IcmpError.Kind.PACKET_TOO_BIG) {
            ip.reducePathMtu(destination, e.mtu, nowNs);
        }
        String text = e.kind == IcmpError.Kind.TIME_EXCEEDED ? "Time to live exceeded" : e.kind.errno().text();
        add(new PingReply(destination, e.seq, 0, -1, 0, false, text));
    }

    private void add(PingReply reply) {
        if (replies.size() >= MAX_REPLIES) {
            replies.removeFirst();
        }
        replies.addLast(reply);
        signalReady();
    }
}
