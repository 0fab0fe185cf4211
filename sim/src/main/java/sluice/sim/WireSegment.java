package sluice.sim;

import java.util.List;
import sluice.wire.IpAddress;
import sluice.wire.Tcp;

/**
 * A TCP segment as it was on the wire; what tests assert on.
 *
 * @param nowNs when it was sent
 * @param from who sent it
 * @param sourcePort from which port
 * @param destinationPort to which port
 * @param flags the TCP flags
 * @param seq sequence number
 * @param ack acknowledgment number; 0 without the flag
 * @param window window field, not scaled
 * @param payload bytes of data
 * @param ipLength bytes of the IP packet
 * @param mss the MSS option, or -1
 * @param windowScale the window scale option, or -1
 * @param sack edges of the SACK option's blocks: left, right, left, right…
 */
public record WireSegment(long nowNs, IpAddress from, int sourcePort, int destinationPort, int flags, int seq, int ack,
        int window, int payload, int ipLength,
        int mss, int windowScale, List<Integer> sack) {
    /** Of a TCP segment that is whole. */
    public static WireSegment of(PacketView v, long nowNs) {
        int flags = v.flags();
        return new WireSegment(nowNs, v.source(), v.sourcePort(), v.destinationPort(), flags, v.seq(),
                (flags & Tcp.ACK) == 0 ? 0 : v.ack(), v.window(),
                v.payload(), v.ipLength(), v.mss(), v.windowScale(), v.sack());
    }

    /** Whether all these flags are set. */
    public boolean has(int wanted) {
        return (flags & wanted) == wanted;
    }

    /** Milliseconds since the world began. */
    public double ms() {
        return (nowNs - World.START_NS) / 1e6;
    }

    /** The flags by their letters, as tcpdump has them: "S", "S.", "P.", "F.", "R". */
    public String letters() {
        return (has(Tcp.SYN) ? "S" : "") + (has(Tcp.FIN) ? "F" : "") + (has(Tcp.RST) ? "R" : "")
                + (has(Tcp.PSH) ? "P" : "") + (has(Tcp.ACK) ? "." : "");
    }
}
