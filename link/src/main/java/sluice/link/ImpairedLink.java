package sluice.link;

import org.jspecify.annotations.Nullable;
import sluice.base.Time;
import sluice.core.LinkProperties;
import sluice.wire.Packet;

/**
 * A link with a {@link Netem} on the way out, on the way in, or both. Packets are released by later calls of {@link
 * #receive} and {@link #transmit}: call one of them when {@link #nextEventNs} has come. Used by one thread.
 */
public final class ImpairedLink implements Link {
    private static final long RETRY_NS = 100_000;

    private final Link below;
    private final @Nullable Netem out;
    private final @Nullable Netem in;
    private final Packet arrived = Packet.ofMaxSize();
    private long blockedNs = Time.NEVER;

    /**
     * Wraps {@code below}, which is closed with this.
     *
     * @param out what happens to packets sent; null for nothing
     * @param in what happens to packets received; null for nothing
     */
    public ImpairedLink(Link below, @Nullable Netem out, @Nullable Netem in) {
        this.below = below;
        this.out = out;
        this.in = in;
    }

    /** A link whose packets are impaired on the way out, by tc's words. */
    public static ImpairedLink outbound(Link below, String words, long seed) {
        return new ImpairedLink(below, new Netem(NetemSpec.parse(words), below.properties().ethernet(), seed), null);
    }

    @Override
    public LinkProperties properties() {
        return below.properties();
    }

    @Override
    public boolean transmit(Packet packet, long nowNs) {
        Netem n = out;
        if (n == null) {
            return below.transmit(packet, nowNs);
        }
        n.enqueue(packet, nowNs);
        release(n, nowNs);
        return true;
    }

    private void release(Netem n, long nowNs) {
        for (Packet due = n.peek(nowNs); due != null; due = n.peek(nowNs)) {
            if (!below.transmit(due, nowNs)) {
                blockedNs = nowNs;
                return;
            }
            n.remove();
        }
        blockedNs = Time.NEVER;
    }

    @Override
    public boolean receive(Packet into, long nowNs) {
        if (out != null) {
            release(out, nowNs);
        }
        Netem n = in;
        if (n == null) {
            return below.receive(into, nowNs);
        }
        into.clear();
        // As many as the queue holds, so that a flood does not keep this call busy for ever.
        for (int i = 0; i < n.spec().limitPackets() && below.receive(arrived, nowNs); i++) {
            n.enqueue(arrived, nowNs);
        }
        Packet due = n.peek(nowNs);
        if (due == null) {
            return false;
        }
        into.copyFrom(due);
        into.timestampNs = nowNs;
        n.remove();
        return true;
    }

    @Override
    public long nextEventNs() {
        long next = below.nextEventNs();
        if (in != null) {
            next = Math.min(next, in.nextEventNs());
        }
        if (out != null) {
            long due = out.nextEventNs();
            next = Math.min(next,
                    blockedNs == Time.NEVER || due == Time.NEVER ? due : Math.max(due, blockedNs + RETRY_NS));
        }
        return next;
    }

    /** What was done to packets sent; null when nothing is. */
    public @Nullable NetemStatistics outStatistics() {
        return out == null ? null : out.statistics();
    }

    /** What was done to packets received; null when nothing is. */
    public @Nullable NetemStatistics inStatistics() {
        return in == null ? null : in.statistics();
    }

    @Override
    public void setWaiter(@Nullable LinkWaiter toWake) {
        below.setWaiter(toWake);
    }

    @Override
    public boolean isGone() {
        return below.isGone();
    }

    @Override
    public void close() {
        below.close();
    }
}
