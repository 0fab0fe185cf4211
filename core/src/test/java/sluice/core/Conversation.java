package sluice.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import sluice.base.Counter;
import sluice.base.Entropy;
import sluice.core.trace.TraceEvent;
import sluice.core.trace.TraceSink;
import sluice.wire.IpAddress;
import sluice.wire.Packet;

/** A dialogue with one host: what it gets, what it answers, when. Interface 1 is the only one unless more are added. */
public final class Conversation {
    private static final long MILLISECOND_NS = 1_000_000L;

    /** The host. */
    public final Host host;
    /** Drops since the last {@link #dropped}. */
    private final List<Counter> drops = new ArrayList<>();
    private final Packet in = Packet.ofMaxSize();
    private final Packet out = Packet.ofMaxSize();
    private long nowNs = 1_000_000_000L;
    private int lastInterface;
    private Map<Counter, Long> before = new EnumMap<>(Counter.class);

    private Conversation(Settings settings) {
        TraceSink sink = event -> {
            if (event instanceof TraceEvent.Dropped d) {
                drops.add(d.reason());
            }
        };
        host = new Host(HostConfig.builder(Entropy.seeded(42)).settings(settings).trace(sink).build());
    }

    /** A host 10.0.0.2/24 and fd00::2/64 on a bare IP link of MTU 1500, with default routes by 10.0.0.1 and fd00::1. */
    public static Conversation onTun() {
        return onTun(LinkProperties.plain(1500), new Settings());
    }

    /** The same on another link, with other settings. */
    public static Conversation onTun(LinkProperties link, Settings settings) {
        Conversation c = new Conversation(settings);
        c.host.addInterface("tun0", link);
        c.host.addAddress(1, IpAddress.parse("10.0.0.2"), 24);
        c.host.addAddress(1, IpAddress.parse("fd00::2"), 64);
        c.host.addRoute(sluice.wire.Prefix.parse("0.0.0.0/0"), 1, IpAddress.parse("10.0.0.1"), 0);
        c.host.addRoute(sluice.wire.Prefix.parse("::/0"), 1, IpAddress.parse("fd00::1"), 0);
        return c;
    }

    /**
     * A host on an Ethernet of MTU 1500 with hardware address 02:00:00:00:00:02, without addresses but its link-local
     * one.
     */
    public static Conversation onEthernet(Settings settings) {
        Conversation c = new Conversation(settings);
        c.host.addInterface("eth0", LinkProperties.plain(1500).withEthernet(0x0200_0000_0002L));
        return c;
    }

    /** Present time, nanoseconds. */
    public long now() {
        return nowNs;
    }

    /**
     * Lets time pass, running every deadline on the way and collecting nothing: what is sent meanwhile stays for {@link
     * #sends} if it was queued last.
     */
    public List<byte[]> after(long ms) {
        List<byte[]> sent = new ArrayList<>(drain());
        long end = nowNs + ms * MILLISECOND_NS;
        while (host.nextDeadlineNs() <= end) {
            nowNs = Math.max(nowNs, host.nextDeadlineNs());
            host.onDeadline(nowNs);
            sent.addAll(drain());
        }
        nowNs = end;
        return sent;
    }

    /** The host gets a packet on interface 1. */
    public Conversation receives(byte[] bytes) {
        return receives(1, bytes);
    }

    /** The host gets a packet. */
    public Conversation receives(int interfaceIndex, byte[] bytes) {
        before = snapshot();
        in.clear();
        put(in, bytes);
        host.onPacket(interfaceIndex, in, nowNs);
        return this;
    }

    /** The host gets a packet with offload fields, which {@code prepare} sets. */
    public Conversation receives(byte[] bytes, java.util.function.Consumer<Packet> prepare) {
        before = snapshot();
        in.clear();
        put(in, bytes);
        prepare.accept(in);
        host.onPacket(1, in, nowNs);
        return this;
    }

    static void put(Packet p, byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            p.memory.set(ValueLayout.JAVA_BYTE, p.start + i, bytes[i]);
        }
        p.end = p.start + bytes.length;
    }

    /** Bytes in native memory. */
    public static MemorySegment nativeCopy(byte[] bytes) {
        MemorySegment m = Arena.ofAuto().allocate(Math.max(1, bytes.length));
        for (int i = 0; i < bytes.length; i++) {
            m.set(ValueLayout.JAVA_BYTE, i, bytes[i]);
        }
        return m;
    }

    private byte[] poll() {
        int index = host.pollTransmit(out, nowNs);
        if (index < 0) {
            return null;
        }
        lastInterface = index;
        out.flatten();
        byte[] bytes = new byte[out.end - out.start];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = out.memory.get(ValueLayout.JAVA_BYTE, out.start + i);
        }
        return bytes;
    }

    /** The next packet the host sends; fails when it sends none. */
    public byte[] sends() {
        byte[] b = poll();
        assertThat(b).as("a packet").isNotNull();
        return b;
    }

    /** The next packet, as its object, for a look at the offload fields. */
    public Packet sendsPacket() {
        assertThat(poll()).as("a packet").isNotNull();
        return out;
    }

    /** Fails when the host sends something. */
    public Conversation sendsNothing() {
        byte[] b = poll();
        assertThat(b == null ? "" : java.util.HexFormat.of().formatHex(b)).as("nothing").isEmpty();
        return this;
    }

    /** Everything that waits to be sent. */
    public List<byte[]> drain() {
        List<byte[]> all = new ArrayList<>();
        for (byte[] b = poll(); b != null; b = poll()) {
            all.add(b);
        }
        return all;
    }

    /** The interface the last packet left by. */
    public int lastInterface() {
        return lastInterface;
    }

    /** A counter. */
    public long counter(Counter c) {
        return host.counters().get(c);
    }

    /** The drops since the last call. */
    public List<Counter> dropped() {
        List<Counter> out2 = List.copyOf(drops);
        drops.clear();
        return out2;
    }

    /** How much a counter rose with the last {@link #receives}. */
    public long rise(Counter c) {
        return counter(c) - before.getOrDefault(c, 0L);
    }

    private Map<Counter, Long> snapshot() {
        Map<Counter, Long> m = new EnumMap<>(Counter.class);
        for (Counter c : Counter.values()) {
            m.put(c, counter(c));
        }
        return m;
    }
}
