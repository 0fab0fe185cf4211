package sluice.bench.attack;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;
import sluice.wire.Bytes;

/**
 * Clients by the thousand that open connections and then misbehave, each from an address of its own (10.64.0.0 and up)
 * and all without an end system behind them: what they remember is a few numbers.
 */
final class Crowd implements Attack {
    private static final int NETWORK = 0x0a400000;
    private static final int RECEIVES = 512;
    // 0: not begun
    private static final int ASKED = 1;
    private static final int OPEN = 2;
    private static final int DONE = 3;
    private static final byte[] MSS_48 = {2, 4, 0, 48, 4, 2, 1, 1};
    private static final byte[] MSS_1460 = {2, 4, 5, (byte) 0xb4, 4, 2, 1, 1};

    /** What a client does with a connection that stands; whether it made a packet. */
    interface Kind {
        boolean act(Crowd c, int client) throws IOException;
    }

    /**
     * How a crowd behaves.
     *
     * @param port which service it goes to: 7 echo, 19 chargen
     * @param act what each does in its turn
     */
    record Manner(int port, byte[] options, boolean acknowledges, int window, Kind act) {}

    /** The crowds by name. */
    static final Map<String, Manner> MANNERS = new TreeMap<>(Map.of( //
            "never-writes", new Manner(7, MSS_1460, true, 64_000, (c, i) -> false), //
            "never-reads", new Manner(19, MSS_1460, false, 64_000, (c, i) -> false),
            "zero-window", new Manner(19, MSS_1460, true, 0, (c, i) -> false),
            "drip", new Manner(7, MSS_1460, true, 64_000, (c, i) -> c.data(i, 0, 1, true)),
            "holes", new Manner(7, MSS_1460, true, 64_000, Crowd::hole),
            "sack", new Manner(19, MSS_48, true, 64_000, Crowd::sack),
            "tiny-mss", new Manner(19, MSS_48, true, 64_000, (c, i) -> false),
            "half-closed", new Manner(7, MSS_1460, false, 64_000, Crowd::fin),
            "time-wait", new Manner(Forge.HTTP, MSS_1460, true, 64_000, (c, i) -> false)));

    private final Manner manner;
    private final RawSocket out;
    private final RawSocket in;
    private final Forge forge;
    private final MemorySegment packet = Arena.ofAuto().allocate(65_536, 8);
    private final byte[] state;
    private final int[] sendNext;
    private final int[] receiveNext;
    private final int[] highest;
    private final int[] turns;
    private final int openRate;
    private final int port;
    private final long startNs = System.nanoTime();
    private int opened;
    private int next;
    private int made;
    private long established;
    private long resets;

    /** How many clients, how many of them open in a second, and from which port. */
    record Size(int clients, int openRate, int fromPort) {}

    Crowd(String name, RawSocket out, RawSocket in, int target, Size size) {
        int clients = size.clients;
        Manner m = MANNERS.get(name);
        if (m == null) {
            throw new IllegalArgumentException("no crowd is called " + name);
        }
        manner = m;
        this.out = out;
        this.in = in;
        openRate = size.openRate;
        port = size.fromPort;
        forge = new Forge(target, 1);
        state = new byte[clients];
        sendNext = new int[clients];
        receiveNext = new int[clients];
        highest = new int[clients];
        turns = new int[clients];
    }

    @Override
    public int step(int most) throws IOException {
        made = 0;
        for (int i = 0; i < RECEIVES; i++) {
            int n = in.receive(packet);
            if (n == 0) {
                break;
            }
            arrived(n);
        }
        long due = (System.nanoTime() - startNs) * openRate / 1_000_000_000L;
        while (opened < Math.min(due, state.length) && made < most) {
            open(opened++);
        }
        for (int tried = 0; made < most && tried < opened; tried++) {
            next = next + 1 < opened ? next + 1 : 0;
            if (state[next] == OPEN && manner.act.act(this, next)) {
                turns[next]++;
            } else if (state[next] == ASKED && tried < 4 && opened == state.length && turns[next]++ % 64 == 63) {
                open(next); // its SYN or the answer was lost
            }
        }
        out.flush();
        return made;
    }

    private void open(int client) throws IOException {
        state[client] = ASKED;
        sendNext[client] = client * 7919;
        send(client, sendNext[client], 0, Forge.SYN, manner.options, 0);
    }

    private void arrived(int n) throws IOException {
        if (n < 40 || Bytes.u8(packet, 0) != 0x45 || Bytes.u8(packet, 9) != 6) {
            return;
        }
        int client = Bytes.i32(packet, 16) - NETWORK;
        if (client < 0 || client >= opened || Bytes.u16(packet, 22) != port) {
            return;
        }
        int flags = Bytes.u8(packet, 33);
        int seq = Bytes.i32(packet, 24);
        int data = Bytes.u16(packet, 2) - 20 - (Bytes.u8(packet, 32) >> 4 << 2);
        if ((flags & Forge.RST) != 0) {
            resets++;
            state[client] = DONE;
        } else if ((flags & Forge.SYN) != 0) {
            synchronised(client, seq);
        } else if (state[client] == OPEN) {
            segment(client, seq, data, (flags & Forge.FIN) != 0);
        }
    }

    private void synchronised(int client, int seq) throws IOException {
        if (state[client] == ASKED) {
            state[client] = OPEN;
            established++;
            sendNext[client]++;
        }
        receiveNext[client] = seq + 1;
        highest[client] = seq + 1;
        send(client, sendNext[client], receiveNext[client], Forge.ACK, Forge.NONE, 0);
        if (manner.port != 7) {
            data(client, 0, manner.port == Forge.HTTP ? Forge.REQUEST.length : 1, true);
        }
    }

    private void segment(int client, int seq, int data, boolean fin) throws IOException {
        int end = seq + data + (fin ? 1 : 0);
        if (end - highest[client] > 0) {
            highest[client] = end;
        }
        if (!manner.acknowledges || isSacker()) {
            return;
        }
        if (seq == receiveNext[client] && manner.window > 0) {
            receiveNext[client] = end;
        }
        if (fin && manner.port == Forge.HTTP) {
            // the server closed first: its time-wait begins with this
            send(client, sendNext[client]++, end, Forge.FIN | Forge.ACK, Forge.NONE, 0);
            state[client] = DONE;
        } else if (data > 0 || fin || manner.window == 0) {
            send(client, sendNext[client], receiveNext[client], Forge.ACK, Forge.NONE, 0);
        }
    }

    private boolean isSacker() {
        return manner.options == MSS_48 && manner == MANNERS.get("sack");
    }

    /** So many bytes at an offset from what comes next. */
    private boolean data(int client, int offset, int bytes, boolean advances) throws IOException {
        send(client, sendNext[client] + offset, receiveNext[client], Forge.ACK | Forge.PSH, Forge.NONE, bytes);
        if (advances) {
            sendNext[client] += bytes;
        }
        return true;
    }

    /** One byte at every second place of the window, never the first (SegmentSmack). */
    private static boolean hole(Crowd c, int client) throws IOException {
        return c.data(client, 1 + c.turns[client] * 2 % 32_000, 1, false);
    }

    /** Four blocks somewhere in what has arrived, never the first byte. */
    private static boolean sack(Crowd c, int client) throws IOException {
        int from = c.receiveNext[client];
        int span = (c.highest[client] - from) / 48;
        if (span < 8) {
            return false;
        }
        byte[] options = new byte[36];
        options[0] = 1;
        options[1] = 1;
        options[2] = 5;
        options[3] = 34;
        for (int b = 0; b < 4; b++) {
            int left = from + 48 * (1 + (c.turns[client] * 8 + 2 * b) % (span - 1));
            put(options, 4 + 8 * b, left);
            put(options, 8 + 8 * b, left + 48);
        }
        c.send(client, c.sendNext[client], from, Forge.ACK, options, 0);
        return true;
    }

    private static void put(byte[] options, int at, int value) {
        for (int i = 0; i < 4; i++) {
            options[at + i] = (byte) (value >>> 24 - 8 * i);
        }
    }

    /** Ends its direction once, and never says anything again. */
    private static boolean fin(Crowd c, int client) throws IOException {
        if (c.turns[client] > 0) {
            return false;
        }
        c.send(client, c.sendNext[client], c.receiveNext[client], Forge.FIN | Forge.ACK, Forge.NONE, 0);
        return true;
    }

    private void send(int client, int seq, int ack, int flags, byte[] options, int data) throws IOException {
        int window = (flags & Forge.SYN) != 0 ? 64_000 : manner.window;
        out.add(forge.tcp(out.next(), new Forge.Tcp(NETWORK + client, port, manner.port, seq, ack, flags, window),
                options, data));
        made++;
    }

    @Override
    public long offered() {
        return out.offered();
    }

    @Override
    public String remark() {
        return established + " of " + state.length + " connected, " + resets + " resets";
    }

    @Override
    public void close() throws IOException {
        out.close();
        in.close();
    }
}
