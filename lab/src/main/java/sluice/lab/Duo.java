package sluice.lab;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.sim.Match;
import sluice.sim.SimHost;
import sluice.sim.SimLink;
import sluice.sim.VerifyingSink;
import sluice.sim.WireSegment;
import sluice.sim.World;

/**
 * Two hosts with one connection from the left to the right one, and the words that most scripts need. Sequence numbers
 * are the left one's stream, counted as the documents do: the first byte is 1.
 */
public final class Duo {
    private final Stage stage;
    private final World world;
    private final SimHost a;
    private final SimHost b;
    private final SimLink link;
    private @Nullable TcpSocket left;
    private @Nullable TcpSocket right;
    private @Nullable VerifyingSink sink;

    Duo(Stage stage, SimHost a, SimHost b, SimLink link) {
        this.stage = stage;
        this.world = stage.world();
        this.a = a;
        this.b = b;
        this.link = link;
        link.delayMs(10);
    }

    /** One-way delay of the link; 10 ms unless told otherwise. */
    public Duo delayMs(double ms) {
        link.delayMs(ms);
        return this;
    }

    /** Largest packet of the link; 1500 bytes unless told otherwise. */
    public Duo mtu(int bytes) {
        link.mtu(bytes);
        return this;
    }

    /** Connects with ordinary options. */
    public Duo connect() {
        return connect(new SocketOptions(), new SocketOptions());
    }

    /** Connects; the second options are the accepting end's. */
    public Duo connect(SocketOptions options, SocketOptions accepting) {
        TcpListener l = b.listen(accepting, 80, 1);
        TcpSocket c = a.connect(options, b.address(), 80);
        left = c;
        world.runUntil("connected", () -> l.acceptQueueLength() > 0 && c.isEstablished());
        right = b.accept(l);
        world.settle();
        return this;
    }

    /** The receiver reads everything at once and compares every byte. */
    public Duo reading() {
        sink = new VerifyingSink(b, receiver());
        return this;
    }

    // --- parts ---

    /** Where they are. */
    public Stage stage() {
        return stage;
    }

    /** The left host. */
    public SimHost a() {
        return a;
    }

    /** The right host. */
    public SimHost b() {
        return b;
    }

    /** The link. */
    public SimLink link() {
        return link;
    }

    /** The left end. */
    public TcpSocket sender() {
        return Objects.requireNonNull(left, "not connected");
    }

    /** The right end. */
    public TcpSocket receiver() {
        return Objects.requireNonNull(right, "not connected");
    }

    /** What reads at the right end. */
    public VerifyingSink sink() {
        return Objects.requireNonNull(sink, "nobody reads");
    }

    // --- acting ---

    /** The sender writes; nothing else happens yet. */
    public void send(int bytes) {
        if (a.write(sender(), bytes) != bytes) {
            throw new IllegalStateException("the send buffer is full");
        }
        world.advance(0);
    }

    /** Runs until everything written is acknowledged; milliseconds that took. */
    public double untilAcknowledged() {
        double start = world.nowMs();
        world.runUntil("all acknowledged", () -> sender().snd.una == sender().snd.nxt && sender().unsentBytes() == 0);
        return world.nowMs() - start;
    }

    /** Data segments that begin at a byte of the left one's stream. */
    public Match dataAt(int seq) {
        return Match.data().and(v -> v.seq() - sender().snd.iss == seq);
    }

    // --- looking ---

    /** SND.UNA. */
    public int una() {
        return sender().snd.una - sender().snd.iss;
    }

    /** SND.NXT. */
    public int nxt() {
        return sender().snd.nxt - sender().snd.iss;
    }

    /** SND.WND − (SND.NXT − SND.UNA). */
    public int usable() {
        return sender().snd.wnd - (sender().snd.nxt - sender().snd.una);
    }

    /** RCV.NXT of the right end. */
    public int rcvNxt() {
        return receiver().rcv.nxt - receiver().rcv.irs;
    }

    /** The window in the right host's latest segment. */
    public int advertised() {
        return world.log().segments(b).getLast().window();
    }

    /** Congestion window, segments. */
    public int cwnd() {
        return sender().congestion.cwndSegments();
    }

    /** Slow start threshold, segments. */
    public int ssthresh() {
        return sender().congestion.ssthreshSegments();
    }

    /** Where a segment of the left host begins. */
    public int seq(WireSegment s) {
        return s.seq() - sender().snd.iss;
    }

    /** Acknowledgment numbers that the right host sent since the stage began. */
    public List<Integer> acks() {
        return stage.segments(b).stream().map(s -> s.ack() - sender().snd.iss).toList();
    }

    /** The edges of a segment's SACK blocks. */
    public List<Integer> sack(WireSegment s) {
        return s.sack().stream().map(edge -> edge - sender().snd.iss).toList();
    }

    /** Data segments of the left host that begin there. */
    public List<WireSegment> sent(int seq) {
        return stage.segments(a, dataAt(seq));
    }

    /** Data segments of the left host. */
    public List<WireSegment> data() {
        return stage.segments(a, Match.data());
    }

    /** How many segments the left host retransmitted. */
    public long retransmissions() {
        return a.count(Counter.TcpRetransSegs);
    }

    /** Keeps a picture of both ends' windows. */
    public void windows(String en, String zh) {
        stage.windows(en, zh, sender(), receiver());
    }
}
