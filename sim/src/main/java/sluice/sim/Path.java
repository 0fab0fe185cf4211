package sluice.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import sluice.base.Time;
import sluice.link.Netem;
import sluice.link.NetemSpec;
import sluice.link.NetemStatistics;
import sluice.link.QueueSpec;
import sluice.wire.Packet;
import sluice.wire.Segmenter;

/**
 * One direction of a link. A packet meets, in this order: the taps, the queue and the line (rate), the delay, netem.
 *
 * <p>Without netem nothing is overtaken. Taps look at each wire packet as it is sent and may drop, hold, delay, double
 * or change single ones.
 */
public final class Path {
    private static final long NS = 1_000_000_000L;

    /** What a tap decides about a packet. */
    enum Verdict {
        PASS, TAKEN
    }

    private record Tap(Match match, Consumer<Packet> action, Verdict verdict) {}

    private final World world;
    private final String name;
    private final SimHost to;
    private final SimHost from;
    private final List<Tap> taps = new ArrayList<>();
    private final PacketView view = new PacketView();
    private final Segmenter segmenter = new Segmenter(false);
    private final Packet segment = Packet.ofMaxSize();
    private int interfaceIndex;
    private long delayNs;
    private long rateBitsPerSecond;
    private long queueBytes;
    private long largestBytes = Long.MAX_VALUE;
    private boolean cut;
    private @Nullable Netem netem;
    private String netemWords = "";
    /** The present one and those before it that still hold packets. */
    private final List<Netem> netems = new ArrayList<>();
    private long busyUntilNs;
    private long lastArrivalNs;
    private long dropped;
    private long marked;
    private @Nullable Line line;
    /** Packets in lines, the present one and those that were replaced while packets waited. */
    private int inLines;

    private final PacketsInFlight inFlight;
    private final World.Event arrival = new World.Event() {
        @Override
        void fire(long nowNs) {
            arrive(nowNs);
        }
    };

    Path(World world, String name, SimHost from, SimHost to) {
        this.world = world;
        this.name = name;
        this.from = from;
        this.to = to;
        inFlight = new PacketsInFlight(world);
    }

    void arrivesAt(int index) {
        interfaceIndex = index;
    }

    SimHost destination() {
        return to;
    }

    // --- properties ---

    /** One-way delay. */
    public Path delayMs(double ms) {
        delayNs = Math.round(ms * 1e6);
        return this;
    }

    /** Bits per second of the line, 0 for no limit, and bytes that may wait for it. */
    public Path rate(long bitsPerSecond, int maxQueueBytes) {
        return rate(bitsPerSecond, new QueueSpec.DropTail(QueueSpec.NO_PACKET_LIMIT, maxQueueBytes));
    }

    /**
     * Bits per second of the line, 0 for no limit, and the queue before it. What waits already goes out at the rate and
     * by the rules of before.
     */
    public Path rate(long bitsPerSecond, QueueSpec queue) {
        rateBitsPerSecond = bitsPerSecond;
        line = null;
        if (bitsPerSecond > 0
                && !(queue instanceof QueueSpec.DropTail d && d.limitPackets() == QueueSpec.NO_PACKET_LIMIT)) {
            line = new Line(world, this, bitsPerSecond, queue);
        }
        queueBytes = queue instanceof QueueSpec.DropTail d ? d.limitBytes() : QueueSpec.NO_BYTE_LIMIT;
        return this;
    }

    /** The same with words of {@link QueueSpec#parse}: "codel ecn", "mark 20 limit 100", "pfifo limit 50". */
    public Path rate(long bitsPerSecond, String queue) {
        return rate(bitsPerSecond, QueueSpec.parse(queue));
    }

    /**
     * Loses packets larger than this without a word, as a path does whose ICMP errors are filtered; {@link
     * Long#MAX_VALUE} ends it.
     */
    public Path blackHoleAbove(long bytes) {
        largestBytes = bytes;
        return this;
    }

    /**
     * What {@code tc netem} is told: "delay 50ms 20ms loss 2%"; "" ends it for packets that come through the line from
     * now on.
     */
    public Path netem(String words) {
        netemWords = words;
        netem = words.isEmpty() ? null
                : new Netem(NetemSpec.parse(words), false, world.random("netem " + name).nextLong());
        if (netem != null) {
            netems.add(netem);
        }
        return this;
    }

    /** Loses everything from now on, until {@link #heal}. */
    public Path cut() {
        cut = true;
        return this;
    }

    /** Carries packets again. */
    public Path heal() {
        cut = false;
        return this;
    }

    /** Delay, rate and netem in words. */
    String words() {
        String words = Decimals.plain(delayNs / 1e6) + " ms";
        if (rateBitsPerSecond > 0) {
            words += ", " + Decimals.plain(rateBitsPerSecond / 1e6) + " Mbit/s";
        }
        return netemWords.isEmpty() ? words : words + ", netem " + netemWords;
    }

    /** Packets dropped by the queue, because the path was cut or because they were too large. */
    public long dropped() {
        return dropped;
    }

    /** What netem did since it was set; null without netem. */
    public @Nullable NetemStatistics netemStatistics() {
        return netem == null ? null : netem.statistics();
    }

    /** Packets marked by the queue. */
    public long marked() {
        return marked;
    }

    /** Bytes that wait for the line now. */
    public long queuedBytes() {
        Line l = line;
        return l != null ? l.waitingBytes()
                : rateBitsPerSecond == 0 ? 0 : waitingBytes(Math.max(0, busyUntilNs - world.nowNs()));
    }

    private long waitingBytes(long waitingNs) {
        return Math.multiplyHigh(waitingNs, rateBitsPerSecond) != 0 ? Long.MAX_VALUE / 2
                : waitingNs / 8 * (rateBitsPerSecond / 1_000_000) / 1000;
    }

    // --- taps ---

    /** Loses the packets meant. */
    public Path drop(Match match) {
        return tap(match, p -> {
        }, Verdict.TAKEN);
    }

    /** Sends the packets meant {@code ms} later than they came, past the other taps. */
    public Path delay(Match match, double ms) {
        return tap(match, p -> inject(p, ms), Verdict.TAKEN);
    }

    /** Keeps the packets meant until they are released. */
    public Held hold(Match match) {
        Held h = new Held(this, world);
        tap(match, h::add, Verdict.TAKEN);
        return h;
    }

    /** Sends the packets meant twice. */
    public Path duplicate(Match match) {
        return tap(match, this::carry, Verdict.PASS);
    }

    /** Changes the packets meant; the transport checksum is made right afterwards. */
    public Path rewrite(Match match, Consumer<PacketView> change) {
        return tap(match, p -> {
            change.accept(view.of(p));
            view.of(p).fixChecksum();
        }, Verdict.PASS);
    }

    /** Shows the packets meant. */
    public Path see(Match match, Consumer<PacketView> watcher) {
        return tap(match, p -> watcher.accept(view.of(p)), Verdict.PASS);
    }

    private Path tap(Match match, Consumer<Packet> action, Verdict verdict) {
        taps.add(new Tap(match, action, verdict));
        return this;
    }

    /**
     * What somebody else decides for each packet as it is sent: whether it goes on. It may change the packet, and
     * {@link #inject} copies of it now or later; behind the taps that are there already.
     *
     * @return takes the tap off again
     */
    public Runnable tap(Predicate<PacketView> goesOn) {
        Tap t = new Tap(p -> !goesOn.test(p), p -> {
        }, Verdict.TAKEN);
        taps.add(t);
        return () -> taps.remove(t);
    }

    /** Puts a packet on this path that no host has sent: a stranger's, an old duplicate. It stays the caller's. */
    public void inject(Packet packet) {
        carry(packet);
    }

    /** The same {@code ms} from now; a copy is kept until then. */
    public void inject(Packet packet, double ms) {
        Packet c = world.packets().copy(packet);
        world.held(1);
        world.after(ms, () -> {
            world.held(-1);
            carry(c);
            world.packets().free(c);
        });
    }

    /** Takes all taps off. */
    public Path untap() {
        taps.clear();
        return this;
    }

    // --- the way ---

    /** A host sends. */
    void transmit(Packet p) {
        if (p.gsoSize > 0 && segmenter.begin(p)) {
            while (segmenter.next(segment, false)) {
                onWire(segment);
            }
            return;
        }
        if (world.watching() || !taps.isEmpty() || line != null || p.checksumPartial) {
            p.flatten(); // somebody looks at it on the way
        }
        if (p.checksumPartial) {
            sluice.wire.Bytes.put16(p.memory, p.checksumStart + p.checksumField,
                    sluice.wire.Checksum
                            .finish(sluice.wire.Checksum.sum(p.memory, p.checksumStart, p.end - p.checksumStart)));
            p.checksumPartial = false;
        }
        onWire(p);
    }

    private void onWire(Packet p) {
        world.emitted(from, p);
        boolean taken = false;
        for (int i = 0; i < taps.size(); i++) {
            Tap t = taps.get(i);
            if (t.match.test(view.of(p)) && !taken) { // every match sees every packet, so that it may count
                t.action.accept(p);
                taken = t.verdict == Verdict.TAKEN;
            }
        }
        if (!taken) {
            carry(p);
        }
    }

    /** Behind the taps: queue, line, delay, netem. */
    void carry(Packet p) {
        long now = world.nowNs();
        long leaves = now;
        if (cut || p.length() > largestBytes) {
            dropped++;
            return;
        }
        Line l = line;
        if (l != null) {
            inLines++;
            l.offer(p, now);
            return;
        }
        // drop-tail by bytes needs no event of its own: when the packet leaves is known already
        if (rateBitsPerSecond > 0) {
            long waiting = Math.max(0, busyUntilNs - now);
            if (waitingBytes(waiting) + p.length() > queueBytes) {
                dropped++;
                return;
            }
            leaves = now + waiting + p.length() * 8L * NS / rateBitsPerSecond;
            busyUntilNs = leaves;
        }
        leave(p, leaves);
    }

    /** A line dropped a packet. */
    void lineDropped() {
        inLines--;
        dropped++;
    }

    /** A line's queue marked packets. */
    void lineMarked(long packets) {
        marked += packets;
    }

    /** A line is done with a packet. */
    void lineLeft(Packet p, long now) {
        inLines--;
        leave(p, now);
    }

    private void leave(Packet p, long leaves) {
        lastArrivalNs = Math.max(leaves + delayNs, lastArrivalNs);
        Netem n = netem;
        if (n != null && inFlight.size() == 0 && lastArrivalNs <= world.nowNs()) {
            p.flatten();
            n.enqueue(p, world.nowNs());
        } else {
            inFlight.add(p, lastArrivalNs);
        }
        reschedule();
    }

    private void reschedule() {
        long next = inFlight.firstNs();
        for (int i = 0; i < netems.size(); i++) {
            next = Math.min(next, netems.get(i).nextEventNs());
        }
        if (next != arrival.queuedAtNs()) {
            world.schedule(arrival, next == Time.NEVER ? next : Math.max(next, world.nowNs()));
        }
    }

    private void arrive(long nowNs) {
        if (inFlight.firstNs() <= nowNs) {
            Packet arriving = world.arriving();
            inFlight.take(arriving);
            Netem n = netem;
            if (n != null) {
                n.enqueue(arriving, nowNs);
            } else {
                world.deliver(to, interfaceIndex, arriving, inFlight.place(), inFlight.fromPattern());
            }
        }
        deliverImpaired(nowNs);
        reschedule();
    }

    private void deliverImpaired(long nowNs) {
        for (int i = 0; i < netems.size(); i++) {
            Netem n = netems.get(i);
            Packet p = n.peek(nowNs);
            if (p != null) {
                Packet c = world.packets().copy(p);
                n.remove();
                world.deliver(to, interfaceIndex, c, -1, 0);
                world.packets().free(c);
                return;
            }
            if (n != netem && n.held() == 0) {
                netems.remove(i--);
            }
        }
    }

    /** Shows each packet on its way; it is good for the call only. */
    void forEachInFlight(Packet scratch, Consumer<Packet> action) {
        if (line != null) {
            line.forEach(action);
        }
        inFlight.forEach(scratch, action);
        for (int i = 0; i < netems.size(); i++) {
            netems.get(i).forEach(action);
        }
    }

    int packetsInFlight() {
        int n = inLines + inFlight.size();
        for (int i = 0; i < netems.size(); i++) {
            n += netems.get(i).held();
        }
        return n;
    }

    @Override
    public String toString() {
        return from + ">" + to;
    }
}
