package sluice.observe.capture;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import sluice.wire.Bytes;
import sluice.wire.CaptureReader;
import sluice.wire.Ethernet;
import sluice.wire.IpAddress;
import sluice.wire.IpProtocol;
import sluice.wire.Ipv4;
import sluice.wire.Ipv6;
import sluice.wire.LinkType;
import sluice.wire.OptionCursor;
import sluice.wire.Tcp;
import sluice.wire.TcpOption;

/**
 * A TCP segment in a capture whose payload may be cut off: lengths are those of the IP header. One object reads one
 * after the other.
 */
final class CapturedSegment {
    private static final int COOKED = 113;
    private static final int COOKED_2 = 276;
    private static final int COOKED_BYTES = 16;
    private static final int COOKED_2_BYTES = 20;
    private static final int MOST_SACKS = 4;

    final OptionCursor options = new OptionCursor();
    IpAddress source = IpAddress.ANY_V4;
    IpAddress destination = IpAddress.ANY_V4;
    int sourcePort;
    int destinationPort;
    int seq;
    int ack;
    int flags;
    int window;
    int payload;
    /** Window scale of a SYN, -1 without. */
    int shift;
    int sackBlocks;
    final int[] sackLeft = new int[MOST_SACKS];
    final int[] sackRight = new int[MOST_SACKS];

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Reads the packet the reader stands at; false when it holds no TCP header. */
    boolean read(CaptureReader r) {
        int link = linkBytes(r.linkType());
        long at = r.offset() + link;
        int length = r.length() - link;
        MemorySegment m = r.memory();
        if (link < 0 || length < 20) {
            return false;
        }
        return switch (Bytes.u8(m, at) >> 4) {
            case 4 -> v4(m, at, length, r.wireLength() - link);
            case 6 -> v6(m, at, length, r.wireLength() - link);
            default -> false;
        };
    }

    /** Bytes before the IP header; -1 for a kind of link that is not known. */
    private static int linkBytes(int type) {
        return switch (type) {
            case LinkType.RAW, LinkType.IPV4, LinkType.IPV6 -> 0;
            case LinkType.ETHERNET -> Ethernet.HEADER_LENGTH;
            case LinkType.NULL -> 4;
            case COOKED -> COOKED_BYTES;
            case COOKED_2 -> COOKED_2_BYTES;
            default -> -1;
        };
    }

    private boolean v4(MemorySegment m, long at, int captured, int onWire) {
        int header = Ipv4.headerLength(m, at);
        if (Ipv4.protocol(m, at) != IpProtocol.TCP || Ipv4.fragmentOffset(m, at) != 0 || header < 20) {
            return false;
        }
        source = IpAddress.readV4(m, at + 12);
        destination = IpAddress.readV4(m, at + 16);
        int total = Ipv4.totalLength(m, at);
        return tcp(m, at + header, captured - header, (total == 0 ? onWire : total) - header); // 0: a super-segment
    }

    private boolean v6(MemorySegment m, long at, int captured, int onWire) {
        if (captured < 40 || Ipv6.nextHeader(m, at) != IpProtocol.TCP) {
            return false;
        }
        source = IpAddress.readV6(m, at + 8);
        destination = IpAddress.readV6(m, at + 24);
        int bytes = Ipv6.payloadLength(m, at);
        return tcp(m, at + 40, captured - 40, bytes == 0 ? onWire - 40 : bytes);
    }

    private boolean tcp(MemorySegment m, long at, int captured, int length) {
        if (captured < 20 || length < 20) {
            return false;
        }
        int header = Tcp.dataOffset(m, at);
        if (header < 20 || header > length) {
            return false;
        }
        sourcePort = Tcp.sourcePort(m, at);
        destinationPort = Tcp.destinationPort(m, at);
        seq = Tcp.seq(m, at);
        ack = Tcp.ack(m, at);
        flags = Tcp.flags(m, at);
        window = Tcp.window(m, at);
        payload = length - header;
        shift = -1;
        sackBlocks = 0;
        if (header <= captured) {
            Tcp.options(options, m, at, header);
            while (options.next()) {
                option(m);
            }
        }
        return true;
    }

    private void option(MemorySegment m) {
        if (options.kind() == TcpOption.WINDOW_SCALE && options.length() == TcpOption.WINDOW_SCALE_LENGTH) {
            shift = Math.min(TcpOption.MAX_WINDOW_SHIFT, TcpOption.windowShift(m, options.offset()));
        } else if (options.kind() == TcpOption.SACK) {
            sackBlocks = Math.min(MOST_SACKS, TcpOption.sackBlocks(options.length()));
            for (int i = 0; i < sackBlocks; i++) {
                sackLeft[i] = TcpOption.sackLeft(m, options.offset(), i);
                sackRight[i] = TcpOption.sackRight(m, options.offset(), i);
            }
        }
    }

    /** The four-tuple and the interface. */
    record Key(int interfaceIndex, IpAddress a, int aPort, IpAddress b, int bPort) {
        Key reversed() {
            return new Key(interfaceIndex, b, bPort, a, aPort);
        }
    }

    Key key(CaptureReader r) {
        return new Key(r.interfaceIndex(), source, sourcePort, destination, destinationPort);
    }

    static String side(IpAddress address, int port) {
        return address.isV4() ? address + ":" + port : "[" + address + "]:" + port;
    }

    static @Nullable String named(@Nullable String name) {
        return name == null || name.isEmpty() ? null : name;
    }
}
