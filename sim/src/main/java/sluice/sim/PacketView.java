package sluice.sim;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import sluice.wire.Bytes;
import sluice.wire.IpAddress;
import sluice.wire.IpProtocol;
import sluice.wire.Ipv4;
import sluice.wire.OptionCursor;
import sluice.wire.Packet;
import sluice.wire.Tcp;
import sluice.wire.TcpOption;
import sluice.wire.Udp;

/**
 * A bare IP packet on a simulated wire, read for whoever taps it, checks it or asserts on it. Valid while the packet
 * stays as it is.
 */
public final class PacketView {
    private Packet packet = Packet.NONE;
    private boolean v6;
    private int protocol;
    private int transport;
    private int length;
    private boolean fragment;
    private boolean whole;

    /** Reads a packet. */
    public PacketView of(Packet p) {
        packet = p;
        MemorySegment m = p.memory;
        int at = p.start;
        whole = false;
        fragment = false;
        protocol = -1;
        if (p.length() < 20) {
            return this;
        }
        v6 = Ipv4.version(m, at) == 6;
        if (v6) {
            protocol = Bytes.u8(m, at + 6L);
            transport = at + 40;
            if (protocol == IpProtocol.FRAGMENT) {
                fragment = true;
                protocol = Bytes.u8(m, at + 40L);
                transport += 8;
            }
        } else {
            protocol = Ipv4.protocol(m, at);
            transport = at + Ipv4.headerLength(m, at);
            fragment = Ipv4.isFragment(m, at);
        }
        length = p.end - transport;
        whole = !fragment
                && (protocol == IpProtocol.TCP && length >= 20 && Tcp.dataOffset(m, transport) <= length
                        || protocol == IpProtocol.UDP && length >= 8);
        return this;
    }

    /** The packet itself. */
    public Packet packet() {
        return packet;
    }

    /** Bytes of the IP packet. */
    public int ipLength() {
        return packet.length();
    }

    /** Whether it is a fragment. */
    public boolean isFragment() {
        return fragment;
    }

    /** Whether it is a TCP segment that is no fragment. */
    public boolean isTcp() {
        return whole && protocol == IpProtocol.TCP;
    }

    /** Whether it is a UDP datagram that is no fragment. */
    public boolean isUdp() {
        return whole && protocol == IpProtocol.UDP;
    }

    /** Whether all these TCP flags are set. */
    public boolean has(int flags) {
        return isTcp() && (flags() & flags) == flags;
    }

    /** Whether it asks for a connection: SYN without ACK. */
    public boolean isSyn() {
        return has(Tcp.SYN) && !has(Tcp.ACK);
    }

    /** Whether it has SYN and ACK. */
    public boolean isSynAck() {
        return has(Tcp.SYN | Tcp.ACK);
    }

    /** Whether it has FIN. */
    public boolean isFin() {
        return has(Tcp.FIN);
    }

    /** Whether it has RST. */
    public boolean isRst() {
        return has(Tcp.RST);
    }

    /** Whether it is a TCP segment with payload. */
    public boolean isData() {
        return isTcp() && payload() > 0;
    }

    /** Whether it is an acknowledgment and nothing else. */
    public boolean isPureAck() {
        return isTcp() && sequenceLength() == 0 && !has(Tcp.RST);
    }

    /** Whether it is an ICMP or ICMPv6 message. */
    public boolean isIcmp() {
        return !fragment && (protocol == IpProtocol.ICMP || protocol == IpProtocol.ICMPV6);
    }

    /** TCP flags; 0 for other packets. */
    public int flags() {
        return isTcp() ? Tcp.flags(packet.memory, transport) : 0;
    }

    /** Sequence number. */
    public int seq() {
        return Tcp.seq(packet.memory, transport);
    }

    /** Acknowledgment number. */
    public int ack() {
        return Tcp.ack(packet.memory, transport);
    }

    /** Window field, not scaled. */
    public int window() {
        return Tcp.window(packet.memory, transport);
    }

    /** Bytes of the transport header. */
    public int headerLength() {
        return isTcp() ? Tcp.dataOffset(packet.memory, transport) : Udp.HEADER_LENGTH;
    }

    /** Bytes behind the transport header; 0 for what is neither TCP nor UDP. */
    public int payload() {
        return whole ? length - headerLength() : 0;
    }

    /** Offset of the transport header in the packet's memory. */
    public int transportOffset() {
        return transport;
    }

    /** Sequence space: payload, SYN and FIN. */
    public int sequenceLength() {
        return payload() + (has(Tcp.SYN) ? 1 : 0) + (has(Tcp.FIN) ? 1 : 0);
    }

    /** Source port. */
    public int sourcePort() {
        return whole ? Bytes.u16(packet.memory, transport) : 0;
    }

    /** Destination port. */
    public int destinationPort() {
        return whole ? Bytes.u16(packet.memory, transport + 2L) : 0;
    }

    /** Source address. */
    public IpAddress source() {
        return v6 ? IpAddress.readV6(packet.memory, packet.start + 8L)
                : IpAddress.readV4(packet.memory, packet.start + 12L);
    }

    /** Destination address. */
    public IpAddress destination() {
        return v6 ? IpAddress.readV6(packet.memory, packet.start + 24L)
                : IpAddress.readV4(packet.memory, packet.start + 16L);
    }

    /** Offset of a TCP option's kind byte in the packet's memory, or -1. */
    public int option(int kind) {
        if (!isTcp()) {
            return -1;
        }
        OptionCursor c = new OptionCursor();
        Tcp.options(c, packet.memory, transport, headerLength());
        while (c.next()) {
            if (c.kind() == kind) {
                return (int) c.offset();
            }
        }
        return -1;
    }

    /** Window-scale shift in a SYN, or -1. */
    public int windowScale() {
        int at = option(TcpOption.WINDOW_SCALE);
        return at < 0 ? -1 : Math.min(14, Bytes.u8(packet.memory, at + 2L));
    }

    /** MSS in a SYN, or -1. */
    public int mss() {
        int at = option(TcpOption.MSS);
        return at < 0 ? -1 : Bytes.u16(packet.memory, at + 2L);
    }

    /** Edges of the SACK option's blocks: left, right, left, right… */
    public List<Integer> sack() {
        int at = option(TcpOption.SACK);
        List<Integer> edges = new ArrayList<>();
        for (int i = 2; at >= 0 && i < Bytes.u8(packet.memory, at + 1L); i += 4) {
            edges.add((int) Bytes.u32(packet.memory, at + (long) i));
        }
        return edges;
    }

    /** Makes the transport checksum right again after a change. */
    public void fixChecksum() {
        IpAddress from = source();
        IpAddress to = destination();
        if (isTcp()) {
            Tcp.updateChecksum(packet.memory, transport, length, from.high(), from.low(), to.high(), to.low());
        } else if (isUdp()) {
            Udp.updateChecksum(packet.memory, transport, length, from.high(), from.low(), to.high(), to.low());
        }
    }
}
