package sluice.sim;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sluice.core.tcp.segment.TcpState;
import sluice.core.trace.TraceEvent;
import sluice.observe.print.SequenceDiagramPrinter;
import sluice.observe.record.SequenceDiagram;
import sluice.observe.record.TraceText;
import sluice.wire.LinkType;
import sluice.wire.Packet;
import sluice.wire.PacketDirection;
import sluice.wire.PacketPrinter;
import sluice.wire.PcapngWriter;

/**
 * The last things that happened in a world: packets as they were sent and as they arrived, and what the hosts' traces
 * said.
 */
public final class PacketLog {
    private static final int DEFAULT_LIMIT = 4000;
    private static final int MOST_REMARKS = 1000;

    /**
     * One thing that happened.
     *
     * @param nowNs when
     * @param host who sent it, got it or said it
     * @param arrived whether a packet arrived (else it was sent)
     * @param bytes the packet; null for an event of the trace
     * @param event the event; null for a packet
     */
    private record Entry(long nowNs, SimHost host, boolean arrived, byte @Nullable [] bytes,
            @Nullable TraceEvent event) {}

    /** Something that happened to the path. */
    private record Remark(long nowNs, String text) {}

    private final World world;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private final List<Entry> first = new ArrayList<>();
    private final List<Remark> remarks = new ArrayList<>();
    private final PacketView view = new PacketView();
    private int limit = DEFAULT_LIMIT;
    private int mostFirst;
    private long forgotten;

    PacketLog(World world) {
        this.world = world;
    }

    /** Keeps that many entries; older ones are forgotten. */
    public PacketLog limit(int most) {
        limit = most;
        return this;
    }

    /** Keeps that many entries of the beginning too: then it is the middle that is forgotten. */
    public PacketLog keepFirst(int most) {
        mostFirst = most;
        return this;
    }

    /** Forgets everything so far. */
    public void clear() {
        entries.clear();
        first.clear();
        remarks.clear();
    }

    void sent(SimHost from, Packet p) {
        add(new Entry(world.nowNs(), from, false, bytes(p), null));
    }

    void arrived(SimHost to, Packet p) {
        add(new Entry(world.nowNs(), to, true, bytes(p), null));
    }

    void event(SimHost at, TraceEvent e) {
        add(new Entry(e.nowNs(), at, false, null, e));
    }

    /** Something that happens to the path now, for ladders. */
    void remark(String text) {
        if (remarks.size() < MOST_REMARKS) {
            remarks.add(new Remark(world.nowNs(), text));
        }
    }

    private void add(Entry e) {
        if (entries.size() >= limit) {
            Entry oldest = entries.removeFirst();
            if (first.size() < mostFirst) {
                first.add(oldest);
            } else {
                forgotten++;
            }
        }
        entries.addLast(e);
    }

    /** Everything that is kept, in order. */
    private Iterable<Entry> all() {
        return first.isEmpty() ? entries : () -> Stream.concat(first.stream(), entries.stream()).iterator();
    }

    private static byte[] bytes(Packet p) {
        return p.memory.asSlice(p.start, p.end - p.start).toArray(ValueLayout.JAVA_BYTE);
    }

    private static Packet packet(byte[] bytes, Packet into) {
        into.clear();
        MemorySegment.copy(bytes, 0, into.memory, ValueLayout.JAVA_BYTE, into.start, bytes.length);
        into.end = into.start + bytes.length;
        return into;
    }

    /** How many packets {@code from} sent that match. */
    public int sent(SimHost from, Match match) {
        return count(from, false, match);
    }

    /** How many packets that match arrived at {@code to}. */
    public int arrived(SimHost to, Match match) {
        return count(to, true, match);
    }

    private int count(SimHost host, boolean arrived, Match match) {
        int n = 0;
        Packet p = Packet.ofMaxSize();
        for (Entry e : all()) {
            byte[] bytes = e.bytes;
            if (bytes != null && e.host == host && e.arrived == arrived && match.test(view.of(packet(bytes, p)))) {
                n++;
            }
        }
        return n;
    }

    /** The TCP segments that {@code from} sent and that match, in order. */
    public List<WireSegment> segments(SimHost from, Match match) {
        List<WireSegment> all = new ArrayList<>();
        Packet p = Packet.ofMaxSize();
        for (Entry e : all()) {
            byte[] bytes = e.bytes;
            if (bytes != null && e.host == from && !e.arrived && view.of(packet(bytes, p)).isTcp()
                    && match.test(view)) {
                all.add(WireSegment.of(view, e.nowNs));
            }
        }
        return all;
    }

    /** All TCP segments that {@code from} sent. */
    public List<WireSegment> segments(SimHost from) {
        return segments(from, Match.any());
    }

    /** The states that a host's connections became, in order. */
    public List<TcpState> states(SimHost host) {
        return events(host, TraceEvent.StateChange.class).stream().map(TraceEvent.StateChange::to).toList();
    }

    /** What a host's trace said of one kind, in order. */
    public <E extends TraceEvent> List<E> events(SimHost host, Class<E> kind) {
        List<E> all = new ArrayList<>();
        for (Entry e : all()) {
            if (e.host == host && kind.isInstance(e.event)) {
                all.add(kind.cast(e.event));
            }
        }
        return all;
    }

    /** Everything that was sent, as tcpdump would print it, with times in milliseconds. */
    public String text() {
        StringBuilder out = new StringBuilder();
        PacketPrinter printer = new PacketPrinter();
        Packet p = Packet.ofMaxSize();
        for (Entry e : all()) {
            byte[] bytes = e.bytes;
            if (bytes != null && !e.arrived) {
                out.append(String.format(Locale.ROOT, "%12.3f %-8s %s%n", (e.nowNs - World.START_NS) / 1e6, e.host,
                        printer.print(packet(bytes, p))));
            }
        }
        return out.toString();
    }

    /** Everything that was sent and everything the hosts' traces said, in order, with times in milliseconds. */
    public String trace() {
        StringBuilder out = new StringBuilder();
        PacketPrinter printer = new PacketPrinter();
        Packet p = Packet.ofMaxSize();
        for (Entry e : all()) {
            byte[] bytes = e.bytes;
            if (!e.arrived) {
                String what = bytes != null ? printer.print(packet(bytes, p))
                        : e.event == null ? "" : "  " + TraceText.line(e.event);
                out.append(
                        String.format(Locale.ROOT, "%12.3f %-8s %s%n", (e.nowNs - World.START_NS) / 1e6, e.host, what));
            }
        }
        return out.toString();
    }

    /** Whether the log is full, so that it has forgotten something. */
    public boolean isFull() {
        return forgotten > 0 || entries.size() >= limit && mostFirst == 0;
    }

    /**
     * The segments of one connection between two hosts as a ladder: of the first one seen, or of the ports given. What
     * is on its way now is shown as in flight.
     */
    public String ladder(SimHost left, SimHost right, int leftPort, int rightPort) {
        return SequenceDiagramPrinter.print(diagram(left, right, leftPort, rightPort));
    }

    /** The same, to be drawn; ports of 0 for the first one seen. */
    public SequenceDiagram diagram(SimHost left, SimHost right, int leftPort, int rightPort) {
        SequenceDiagram d = new SequenceDiagram(left.name(), left.address(), right.name()).ofBothEnds();
        if (leftPort > 0) {
            d.connection(leftPort, rightPort);
        }
        Packet p = Packet.ofMaxSize();
        for (Entry e : all()) {
            byte[] bytes = e.bytes;
            TraceEvent event = e.event;
            if (e.host != left && e.host != right) {
                continue;
            }
            if (event != null) {
                d.event(event);
            } else if (bytes != null && e.arrived) {
                d.arrived(packet(bytes, p), e.nowNs);
            } else if (bytes != null) {
                d.packet(packet(bytes, p), e.nowNs);
            }
        }
        world.forEachInFlight(d::inFlight);
        remarks.forEach(r -> d.remark(r.text, r.nowNs));
        return d;
    }

    /** The ladder of the first connection between two hosts. */
    public String ladder(SimHost left, SimHost right) {
        return ladder(left, right, 0, 0);
    }

    /** Writes all packets, an interface for each host. */
    public void pcapng(java.nio.file.Path file) throws IOException {
        try (PcapngWriter w = new PcapngWriter(
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING),
                "sluice sim")) {
            for (SimHost h : world.hosts()) {
                w.addInterface(h.name(), LinkType.RAW);
            }
            Packet p = Packet.ofMaxSize();
            for (Entry e : all()) {
                byte[] bytes = e.bytes;
                if (bytes != null) {
                    PacketDirection direction = e.arrived ? PacketDirection.INBOUND : PacketDirection.OUTBOUND;
                    w.write(e.host.index() - 1, e.nowNs, direction, packet(bytes, p), null);
                }
            }
        }
    }
}
