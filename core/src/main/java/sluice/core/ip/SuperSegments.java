package sluice.core.ip;

import sluice.base.Counter;
import sluice.core.HostContext;
import sluice.core.LinkProperties;
import sluice.core.Route;
import sluice.wire.Ipv4;
import sluice.wire.Packet;
import sluice.wire.Segmenter;

/**
 * Cuts super-segments that are passed on to a link that does not cut them itself, or whose segments are larger than it
 * carries: into the segments that their sender meant, and those into fragments (Linux: {@code ip_finish_output_gso} and
 * {@code validate_xmit_skb}). All pieces find room in the control queue, or the whole is dropped.
 */
final class SuperSegments {
    private static final int UDP_CHECKSUM = 6;

    private final Drops drops;
    private final IpQueues queues;
    private final PooledOutput output;
    private final Fragmenter fragmenter;
    private final Segmenter segmenter = new Segmenter(false);

    SuperSegments(HostContext context, Drops drops, IpQueues queues, LinkOutput link, Fragmenter fragmenter) {
        this.drops = drops;
        this.queues = queues;
        this.output = new PooledOutput(context, queues, link);
        this.fragmenter = fragmenter;
    }

    /** Whether {@code link} cuts the super-segment {@code p} itself, if its segments are not too big. */
    static boolean areCutBy(LinkProperties link, Packet p) {
        boolean datagrams = p.checksumField == UDP_CHECKSUM;
        return link.checksumOffload() && p.length() <= link.gsoMaxBytes()
                && (datagrams ? link.cutsDatagrams() : link.gsoMaxBytes() > link.mtu());
    }

    /**
     * Sends the segments of {@code whole}, an IP packet whose header of {@code headerLength} bytes is complete.
     *
     * @param mtu a segment above this is cut into fragments, for which it must be of IPv4 and without DF
     */
    void send(Packet whole, int headerLength, int mtu, NetworkInterface out, Route route, long nowNs) {
        Counter discards = Ipv4.version(whole.memory, whole.start) == 4 ? Counter.IpOutDiscards
                : Counter.Ip6OutDiscards;
        if (!roomFor(whole, headerLength, mtu) || !segmenter.begin(whole)) {
            drops.drop(discards, nowNs);
            return;
        }
        while (segmenter.hasNext()) {
            Packet segment = queues.packets.take(whole.gsoHeaderLength + whole.gsoSize);
            if (segment == null) {
                segmenter.cancel();
                drops.drop(discards, nowNs);
                return;
            }
            segmenter.next(segment, out.link().checksumOffload());
            if (segment.length() > mtu) {
                fragmenter.cutV4(segment, headerLength, mtu, out, route, nowNs);
                queues.packets.give(segment);
            } else {
                output.transmit(segment, out, route, nowNs);
            }
        }
    }

    private boolean roomFor(Packet whole, int headerLength, int mtu) {
        int segment = whole.gsoHeaderLength + whole.gsoSize;
        int step = Math.max(8, mtu - headerLength & ~7);
        long pieces = segment <= mtu ? 1 : (segment - headerLength + step - 1) / step;
        return queues.control.size() + whole.segments() * pieces <= IpQueues.MAX_CONTROL;
    }
}
