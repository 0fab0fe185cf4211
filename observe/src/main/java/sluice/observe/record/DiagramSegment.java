package sluice.observe.record;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.wire.Bytes;
import sluice.wire.IpAddress;
import sluice.wire.Packet;

/**
 * One TCP segment as a sequence diagram needs it, read from an IP packet.
 *
 * @param source who sent it
 * @param sourcePort its port
 * @param destination to whom
 * @param destinationPort its port
 * @param seq sequence number
 * @param ack acknowledgment number; meaningful with the ACK flag
 * @param flags the eight flag bits
 * @param window the window field, not scaled
 * @param payload bytes of data
 * @param tsVal the sender's timestamp, 0 without the option
 * @param options options worth a word: "mss 1460", "wscale 7", "sackOK", "sack 5:9"
 * @param headers the bytes of the IP and TCP headers, in hexadecimal digits
 */
record DiagramSegment(IpAddress source, int sourcePort, IpAddress destination, int destinationPort, int seq, int ack,
        int flags, int window, int payload,
        int tsVal, List<String> options, String headers) {
    static final int FIN = 1;
    static final int SYN = 2;
    static final int RST = 4;
    static final int ACK = 16;
    private static final int PROTOCOL_TCP = 6;
    private static final String[] FLAG_NAMES = {"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"};

    DiagramSegment {
        options = List.copyOf(options);
    }

    /** Reads the bare IP packet; null when it is not a whole, first-fragment TCP segment. */
    static @Nullable DiagramSegment parse(Packet p) {
        int at = p.start;
        int length = p.length();
        if (length < 20) {
            return null;
        }
        int version = Bytes.u8(p.memory, at) >> 4;
        if (version == 4) {
            int header = (Bytes.u8(p.memory, at) & 15) * 4;
            boolean laterFragment = (Bytes.u16(p.memory, at + 6) & 0x1fff) != 0;
            if (Bytes.u8(p.memory, at + 9) != PROTOCOL_TCP || laterFragment) {
                return null;
            }
            // A super-segment may carry a length of 0; then the packet's own counts.
            int total = Bytes.u16(p.memory, at + 2);
            return tcp(p, IpAddress.readV4(p.memory, at + 12), IpAddress.readV4(p.memory, at + 16), at + header,
                    (total == 0 ? length : Math.min(total, length)) - header);
        }
        if (version == 6 && length >= 40 && Bytes.u8(p.memory, at + 6) == PROTOCOL_TCP) {
            return tcp(p, IpAddress.readV6(p.memory, at + 8), IpAddress.readV6(p.memory, at + 24), at + 40,
                    length - 40);
        }
        return null;
    }

    /** TSval, which tells a retransmission from the original; 0 without timestamps. */
    private static int tsVal(Packet p, int from, int end) {
        for (int at = from; at < end;) {
            int kind = Bytes.u8(p.memory, at);
            int length = kind == 1 ? 1 : at + 1 < end ? Bytes.u8(p.memory, at + 1) : 0;
            if (kind == 0 || length == 0 || at + length > end) {
                return 0;
            }
            if (kind == 8 && length == 10) {
                return Bytes.i32(p.memory, at + 2);
            }
            at += length;
        }
        return 0;
    }

    private static @Nullable DiagramSegment tcp(Packet p, IpAddress source, IpAddress destination, int at, int length) {
        if (length < 20 || at + 20 > p.end) {
            return null;
        }
        int header = (Bytes.u8(p.memory, at + 12) >> 4) * 4;
        if (header < 20 || header > length || at + header > p.end) {
            return null;
        }
        return new DiagramSegment(source, Bytes.u16(p.memory, at), destination, Bytes.u16(p.memory, at + 2),
                Bytes.i32(p.memory, at + 4),
                Bytes.i32(p.memory, at + 8),
                Bytes.u8(p.memory, at + 13), Bytes.u16(p.memory, at + 14), length - header,
                tsVal(p, at + 20, at + header),
                options(p, at + 20, at + header), hexadecimal(p, p.start, at + header));
    }

    private static String hexadecimal(Packet p, int from, int end) {
        return HexFormat.of().formatHex(p.memory.asSlice(from, end - from).toArray(ValueLayout.JAVA_BYTE));
    }

    private static List<String> options(Packet p, int from, int end) {
        List<String> words = new ArrayList<>();
        int at = from;
        while (at < end) {
            int kind = Bytes.u8(p.memory, at);
            if (kind == 0) {
                break;
            }
            if (kind == 1) {
                at++;
                continue;
            }
            int length = at + 1 < end ? Bytes.u8(p.memory, at + 1) : 0;
            if (length < 2 || at + length > end) {
                break;
            }
            switch (kind) {
                case 2 -> words.add(length == 4 ? "mss " + Bytes.u16(p.memory, at + 2) : "mss?");
                case 3 -> words.add(length == 3 ? "wscale " + Bytes.u8(p.memory, at + 2) : "wscale?");
                case 4 -> words.add("sackOK");
                case 5 -> words.add("sack" + blocks(p, at + 2, (length - 2) / 8));
                case 8 -> words.add("ts");
                default -> words.add("opt" + kind);
            }
            at += length;
        }
        return words;
    }

    private static String blocks(Packet p, int at, int count) {
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < count; i++) {
            s.append(' ').append(Bytes.i32(p.memory, at + i * 8)).append(':')
                    .append(Bytes.i32(p.memory, at + i * 8 + 4));
        }
        return s.toString();
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    String flagNames() {
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < FLAG_NAMES.length; i++) {
            int bit = new int[]{SYN, FIN, RST, 8, ACK, 32, 64, 128}[i];
            if (has(bit)) {
                s.append(s.isEmpty() ? "" : ",").append(FLAG_NAMES[Integer.numberOfTrailingZeros(bit)]);
            }
        }
        return s.isEmpty() ? "none" : s.toString();
    }

    /** Sequence numbers the segment takes. */
    int sequenceLength() {
        return payload + (has(SYN) ? 1 : 0) + (has(FIN) ? 1 : 0);
    }

    /** The window scale it offers; -1 without. */
    int windowScale() {
        for (String o : options) {
            if (o.startsWith("wscale ")) {
                return Integer.parseInt(o.substring(7));
            }
        }
        return -1;
    }

    /** Whether the other is the same segment seen elsewhere. */
    boolean sameAs(DiagramSegment o) {
        return window == o.window && sameButWindow(o);
    }

    /** Whether it is, but for its window, which somebody on the way wrote anew. */
    boolean sameButWindow(DiagramSegment o) {
        return seq == o.seq && tsVal == o.tsVal && ack == o.ack && flags == o.flags && payload == o.payload
                && sourcePort == o.sourcePort
                && destinationPort == o.destinationPort && source.equals(o.source) && destination.equals(o.destination);
    }
}
