package sluice.observe.explain;

import org.jspecify.annotations.Nullable;
import sluice.observe.capture.CapturedSegment;
import sluice.wire.IpAddress;
import sluice.wire.Tcp;

/**
 * One connection of a capture, fed packet by packet; what it keeps is bounded. "Client" is the end that opened: by its
 * SYN, without one by the ports.
 */
public final class ConnectionAnalysis {
    private final int number;
    private final @Nullable String interfaceName;
    private final IpAddress client;
    private final int clientPort;
    private final IpAddress server;
    private final int serverPort;
    private final boolean swapped;
    private final FlowAnalysis forth;
    private final FlowAnalysis back;
    private final Handshake handshake = new Handshake();
    private final Ending ending = new Ending();
    private final TimeLedger time = new TimeLedger();
    private final TimeLedger.Before before;
    private final PacketList icmp = new PacketList();
    private Vantage byDirection = Vantage.UNKNOWN;
    private long icmpMtu;
    private IpAddress icmpSource = IpAddress.ANY_V4;
    private int icmpUnreachable = -1;
    private long firstNs;
    private long lastNs;
    private long firstPacket;
    private long lastPacket;
    private long packets;
    private long bytes;
    private boolean ended;
    private boolean reordered;

    /**
     * Begins with its first packet, which is to be fed too.
     *
     * @param number its number in the file, from 1
     * @param interfaceName of the interface that saw it; null when the file does not say
     */
    ConnectionAnalysis(int number, @Nullable String interfaceName, CapturedSegment s, SentRanges.Budget budget) {
        this.number = number;
        this.interfaceName = interfaceName;
        swapped = s.has(Tcp.SYN) ? s.has(Tcp.ACK) : s.sourcePort < s.destinationPort;
        client = swapped ? s.destination : s.source;
        clientPort = swapped ? s.destinationPort : s.sourcePort;
        server = swapped ? s.source : s.destination;
        serverPort = swapped ? s.sourcePort : s.destinationPort;
        forth = new FlowAnalysis(budget);
        back = new FlowAnalysis(budget);
        before = new TimeLedger.Before(forth, back, handshake);
    }

    /**
     * A packet of it passes.
     *
     * @param isFirstsWay whether it goes the way of the first packet
     * @return the marks it earns
     */
    int packet(CapturedSegment s, long ns, long packet, boolean isFirstsWay) {
        boolean isForth = isFirstsWay != swapped;
        packets++;
        bytes += s.payload;
        firstNs = packets == 1 ? ns : firstNs;
        firstPacket = packets == 1 ? packet : firstPacket;
        lastNs = Math.max(packets == 1 ? ns : lastNs, ns);
        lastPacket = packet;
        if (byDirection == Vantage.UNKNOWN) {
            byDirection = Vantage.byDirection(s, isForth);
        }
        time.before(s, ns, packet, isForth, before);
        handshake.packet(s, ns, packet, isForth);
        ending.packet(s, ns, packet, isForth, before);
        FlowAnalysis f = isForth ? forth : back;
        FlowAnalysis g = isForth ? back : forth;
        int marks = f.sent(s, ns, packet, roundTripNs());
        if (!Mark.DUPLICATED.in(marks)) {
            marks |= g.answered(s, ns, packet, handshake.isScaled());
        }
        time.after(s, isForth);
        reordered |= Mark.OUT_OF_ORDER.in(marks);
        return s.has(Tcp.RST) ? marks | Mark.RESET.bit() : marks;
    }

    /** An ICMP error quotes a segment of it. */
    void icmp(CapturedSegment s, long packet, boolean isFirstsWay, boolean tooBig) {
        icmp.add(packet);
        icmpSource = s.icmpSource;
        if (tooBig) {
            icmpMtu = icmpMtu == 0 ? s.icmpMtu : Math.min(icmpMtu, s.icmpMtu);
            long headers = (client.isV4() ? 20 : 40) + 20L + (handshake.client().timestamps() ? 12 : 0);
            if (s.icmpMtu > headers) {
                (isFirstsWay != swapped ? forth : back).learnedSegmentBytes(s.icmpMtu - headers);
            }
        } else {
            icmpUnreachable = s.icmpCode;
        }
    }

    /** The capture ends, or its ports are used again. */
    void end() {
        if (!ended) {
            ended = true;
            forth.end(lastNs);
            back.end(lastNs);
            time.end();
        }
    }

    /** The least round trip between the two ends that is known, nanoseconds; 0 when none is. */
    public long roundTripNs() {
        long a = toClientNs();
        long b = toServerNs();
        return Math.max(0, a) + Math.max(0, b);
    }

    /** The least round trip from the point of capture to the client, nanoseconds; -1 when not known. */
    public long toClientNs() {
        return least(handshake.toClientNs(), back.roundTrips());
    }

    /** The same to the server. */
    public long toServerNs() {
        return least(handshake.toServerNs(), forth.roundTrips());
    }

    private static long least(long ofHandshake, RoundTrips trips) {
        return trips.count() == 0 ? ofHandshake : ofHandshake < 0 ? trips.minNs()
                : Math.min(ofHandshake, trips.minNs());
    }

    /** Where it was captured. */
    public Vantage vantage() {
        return byDirection != Vantage.UNKNOWN ? byDirection : Vantage.byRoundTrips(toClientNs(), toServerNs());
    }

    /** Its number in the file, from 1. */
    public int number() {
        return number;
    }

    /** The interface that saw it; null when the file does not say. */
    public @Nullable String interfaceName() {
        return interfaceName;
    }

    /** "10.0.0.1:40000". */
    public String clientName() {
        return name(client, clientPort);
    }

    /** "10.0.0.2:80". */
    public String serverName() {
        return name(server, serverPort);
    }

    private static String name(IpAddress address, int port) {
        return address.isV4() ? address + ":" + port : "[" + address + "]:" + port;
    }

    /** Address of the end that opened. */
    public IpAddress client() {
        return client;
    }

    /** Its port. */
    public int clientPort() {
        return clientPort;
    }

    /** Address of the other end. */
    public IpAddress server() {
        return server;
    }

    /** Its port. */
    public int serverPort() {
        return serverPort;
    }

    /** From the client to the server. */
    public FlowAnalysis forth() {
        return forth;
    }

    /** From the server to the client. */
    public FlowAnalysis back() {
        return back;
    }

    /** Whether most data goes from the client to the server. */
    public boolean isUpload() {
        return forth.payloadBytes() >= back.payloadBytes();
    }

    /** The direction with more data. */
    public FlowAnalysis main() {
        return isUpload() ? forth : back;
    }

    /** How it began. */
    public Handshake handshake() {
        return handshake;
    }

    /** How it ended. */
    public Ending ending() {
        return ending;
    }

    /** In which way it ended. */
    public Ending.How how() {
        return ending.how(handshake);
    }

    /** Where its time went. */
    public TimeLedger time() {
        return time;
    }

    /** ICMP errors about it. */
    public PacketList icmp() {
        return icmp;
    }

    /** The least MTU an ICMP error told of; 0 when none did. */
    public long icmpMtu() {
        return icmpMtu;
    }

    /** The code of an ICMP error that said "unreachable" or the like; -1 when none did. */
    public int icmpUnreachable() {
        return icmpUnreachable;
    }

    /** Who sent the last ICMP error. */
    public IpAddress icmpSource() {
        return icmpSource;
    }

    /** Packets of it. */
    public long packets() {
        return packets;
    }

    /** Payload bytes of both directions, those sent again counted again. */
    public long bytes() {
        return bytes;
    }

    /** When its first packet passed, nanoseconds. */
    public long firstNs() {
        return firstNs;
    }

    /** When its last packet passed. */
    public long lastNs() {
        return lastNs;
    }

    /** From its first packet to its last, nanoseconds. */
    public long durationNs() {
        return Math.max(0, lastNs - firstNs);
    }

    /** Its first packet, counted from 1. */
    public long firstPacket() {
        return firstPacket;
    }

    /** Its last. */
    public long lastPacket() {
        return lastPacket;
    }

    /** Whether the network changed the order of its packets. */
    boolean isReordered() {
        return reordered;
    }
}
