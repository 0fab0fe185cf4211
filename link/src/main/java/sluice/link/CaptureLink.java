package sluice.link;

import org.jspecify.annotations.Nullable;
import sluice.core.LinkProperties;
import sluice.wire.Bytes;
import sluice.wire.Checksum;
import sluice.wire.Packet;
import sluice.wire.Segmenter;
import sluice.wire.TransportHeaders;

/**
 * Shows every packet that passes to a {@link CaptureSink}. Partial checksums are completed in the copy that is shown,
 * and super-segments may be cut there, so that the capture looks as on a wire; the packets themselves pass unchanged.
 * Packets the link below refuses because it is full are not shown. Used by one thread.
 */
public final class CaptureLink implements Link {
    private final Link below;
    private final CaptureSink sink;
    private final boolean cut;
    private final Segmenter segmenter;
    private final TransportHeaders headers = new TransportHeaders();
    private final boolean ethernet;
    private final Packet copy = Packet.ofMaxSize();
    private final Packet segment = Packet.ofMaxSize();

    /**
     * Wraps {@code below}; both it and the sink are closed with this.
     *
     * @param cutSuperSegments whether to show super-segments as the wire packets they stand for; else whole, as tcpdump
     * shows them
     */
    public CaptureLink(Link below, CaptureSink sink, boolean cutSuperSegments) {
        this.below = below;
        this.sink = sink;
        cut = cutSuperSegments;
        ethernet = below.properties().ethernet();
        segmenter = new Segmenter(ethernet);
    }

    @Override
    public LinkProperties properties() {
        return below.properties();
    }

    @Override
    public boolean receive(Packet into, long nowNs) {
        boolean got = below.receive(into, nowNs);
        if (got) {
            show(into, nowNs, false);
        }
        return got;
    }

    @Override
    public boolean transmit(Packet packet, long nowNs) {
        boolean sent = below.transmit(packet, nowNs);
        if (sent) {
            show(packet, nowNs, true);
        }
        return sent;
    }

    private void show(Packet packet, long nowNs, boolean outbound) {
        if (cut && packet.segments() > 1 && segmenter.begin(packet)) {
            while (segmenter.next(segment, false)) {
                sink.packet(nowNs, outbound, segment.memory, segment.start, segment.length());
            }
            return;
        }
        if (!packet.checksumPartial && packet.gsoSize == 0 && packet.tailLength == 0) {
            sink.packet(nowNs, outbound, packet.memory, packet.start, packet.length());
            return;
        }
        copy.copyFrom(packet);
        if (copy.gsoSize != 0 && headers.locate(copy, ethernet)) {
            // A partial checksum of a super-segment need not say its whole length; the kernel's does, others' may be of
            // one segment.
            copy.checksumPartial = true;
            copy.checksumStart = headers.transport;
            copy.checksumField = headers.checksumField();
            Bytes.put16(copy.memory, headers.transport + copy.checksumField,
                    Checksum.fold(headers.pseudoHeaderSum(copy.memory, copy.end
                            - headers.transport)));
        }
        TransportHeaders.completeChecksum(copy);
        sink.packet(nowNs, outbound, copy.memory, copy.start, copy.length());
    }

    @Override
    public long nextEventNs() {
        return below.nextEventNs();
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
        try {
            below.close();
        } finally {
            sink.close();
        }
    }
}
