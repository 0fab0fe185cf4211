package sluice.link;

import org.jspecify.annotations.Nullable;
import sluice.base.Time;
import sluice.core.LinkProperties;
import sluice.wire.Packet;
import sluice.wire.Segmenter;
import sluice.wire.TransportHeaders;

/**
 * Gives a link offloads in software: super-segments are cut and partial checksums completed on the way out where the
 * link below cannot; optionally segments that follow each other are merged on the way in.
 *
 * <p>When the link below fills up in the middle of a super-segment the rest is kept and sent first later. Used by one
 * thread.
 */
public final class SegmentationLink implements Link {
    private static final long RETRY_NS = 1_000_000;
    /**
     * Segments merged into one at most, which bounds how long a receive call works: more than fit in 64 KB of the
     * smallest useful size.
     */
    private static final int MAX_MERGE = 128;

    private static final int UDP_CHECKSUM = 6;

    private final Link below;
    private final LinkProperties properties;
    private final boolean belowCuts;
    private final boolean belowCutsDatagrams;
    private final boolean belowSums;
    private final boolean merge;
    private final Segmenter segmenter;
    private final Coalescer coalescer;
    private final Packet pending = Packet.ofMaxSize();
    private final Packet segment = Packet.ofMaxSize();
    private final Packet held = Packet.ofMaxSize();
    private boolean segmentWaits;
    private boolean heldWaits;
    private long stuckSinceNs = Time.NEVER;
    private long malformed;

    /**
     * Wraps {@code below}, which is closed with this.
     *
     * @param mergeInbound whether to merge TCP segments that arrive in a row into super-segments
     */
    public SegmentationLink(Link below, boolean mergeInbound) {
        this.below = below;
        LinkProperties p = below.properties();
        belowCuts = p.gsoMaxBytes() > p.mtu();
        belowCutsDatagrams = p.cutsDatagrams();
        belowSums = p.checksumOffload();
        merge = mergeInbound;
        properties = p.withOffloads(65_535).withGathering().withDatagramCutting();
        segmenter = new Segmenter(p.ethernet());
        coalescer = new Coalescer(p.ethernet(), 65_535);
    }

    /**
     * The link itself if it cuts and sums; else wrapped, so that the stack may work with super-segments all the same.
     */
    public static Link withOffloads(Link link) {
        LinkProperties p = link.properties();
        return p.gsoMaxBytes() == 65_535 && p.checksumOffload() ? link : new SegmentationLink(link, false);
    }

    @Override
    public LinkProperties properties() {
        return properties;
    }

    @Override
    public boolean transmit(Packet packet, long nowNs) {
        if (!flush(nowNs)) {
            return false;
        }
        boolean cuts = packet.checksumField == UDP_CHECKSUM ? belowCutsDatagrams : belowCuts;
        if (packet.gsoSize != 0 && !cuts && packet.segments() > 1) {
            return transmitCut(packet, nowNs);
        }
        if (packet.tailLength == 0 && (!packet.checksumPartial || belowSums) && (packet.gsoSize == 0 || cuts)) {
            return below.transmit(packet, nowNs);
        }
        pending.copyFrom(packet);
        if (!cuts) {
            pending.gsoSize = 0;
        }
        if (!belowSums && pending.gsoSize == 0) {
            TransportHeaders.completeChecksum(pending);
        }
        return below.transmit(pending, nowNs);
    }

    private boolean transmitCut(Packet packet, long nowNs) {
        if (!segmenter.begin(packet)) {
            malformed++;
            return true;
        }
        segmenter.next(segment, belowSums);
        if (!below.transmit(segment, nowNs)) {
            segmenter.cancel();
            return false; // nothing went out: the caller keeps the whole
        }
        int taken = 1;
        while (segmenter.next(segment, belowSums)) {
            if (!below.transmit(segment, nowNs)) {
                keepRest(packet, taken, nowNs);
                return true;
            }
            taken++;
        }
        return true;
    }

    private void keepRest(Packet packet, int taken, long nowNs) {
        pending.copyFrom(packet);
        segmenter.begin(pending);
        for (int i = 0; i <= taken; i++) {
            segmenter.next(segment, belowSums);
        }
        segmentWaits = true;
        stuckSinceNs = nowNs;
    }

    /** Sends what is left of a super-segment; whether all is gone. */
    private boolean flush(long nowNs) {
        while (segmentWaits) {
            if (!below.transmit(segment, nowNs)) {
                stuckSinceNs = nowNs;
                return false;
            }
            segmentWaits = segmenter.next(segment, belowSums);
        }
        stuckSinceNs = Time.NEVER;
        return true;
    }

    @Override
    public boolean receive(Packet into, long nowNs) {
        if (segmentWaits) {
            flush(nowNs);
        }
        if (heldWaits) {
            into.copyFrom(held);
            heldWaits = false;
        } else if (!below.receive(into, nowNs)) {
            return false;
        }
        if (merge && coalescer.begin(into)) {
            for (int i = 0; i < MAX_MERGE && below.receive(held, nowNs); i++) {
                if (!coalescer.append(into, held)) {
                    heldWaits = true;
                    break;
                }
            }
            coalescer.finish(into);
        }
        return true;
    }

    @Override
    public long nextEventNs() {
        long own = heldWaits ? Time.AT_ONCE : stuckSinceNs == Time.NEVER ? Time.NEVER : stuckSinceNs + RETRY_NS;
        return Math.min(own, below.nextEventNs());
    }

    /** Super-segments dropped because their fields contradicted their bytes. */
    public long malformed() {
        return malformed;
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
