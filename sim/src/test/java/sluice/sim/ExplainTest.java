package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.observe.explain.CaptureAnalysis;
import sluice.observe.explain.ConnectionAnalysis;
import sluice.observe.explain.ExplainText;
import sluice.observe.explain.Finding;
import sluice.observe.explain.FindingKind;
import sluice.observe.explain.Severity;
import sluice.observe.explain.TimeLedger.Where;
import sluice.observe.explain.Vantage;

/**
 * Faults planted in worlds, captured at one of the ends or between them: each is what the health report names first;
 * and a transfer to which nothing happened has no warning.
 */
class ExplainTest {
    private static final long BYTES = 2_000_000;

    /** A world with a client and a server, and a router between them for captures there. */
    static final class Place {
        final World world;
        final SimHost client;
        final SimHost router;
        final SimHost server;
        final SimLink near;
        final SimLink far;

        Place(long seed) {
            world = new World(seed);
            world.log().limit(200_000);
            client = world.host("client");
            router = world.host("router").router();
            server = world.host("server");
            near = world.link(client, router).delayMs(4);
            far = world.link(router, server).delayMs(6).rate(20_000_000, 400_000);
        }

        SimHost host(String name) {
            return world.hosts().stream().filter(h -> h.name().equals(name)).findFirst().orElseThrow();
        }

        /** Sends {@code bytes} from the client and closes; the server reads at once. */
        void transfer(long bytes) {
            VerifyingSink[] sink = new VerifyingSink[1];
            server.serve(80, t -> sink[0] = new VerifyingSink(server, t).thenClose());
            TcpSocket t = client.connect(server, 80);
            new BulkSender(client, t, bytes).thenClose();
            world.runUntil("all there", () -> sink[0] != null && sink[0].hasEnded());
            world.advance(500);
        }
    }

    /** Plants a fault and lets it happen. */
    interface Fault {
        void happen(Place p);
    }

    static Place lossBurst() {
        Place p = new Place(1);
        int[] n = {0};
        p.far.from(p.router).drop(Match.data().and(_ -> ++n[0] > 300 && n[0] <= 320));
        p.transfer(BYTES);
        return p;
    }

    static Place reordering() {
        Place p = new Place(2);
        int[] n = {0};
        p.near.from(p.client).delay(Match.data().and(_ -> ++n[0] % 40 == 0), 2.5);
        p.transfer(BYTES);
        return p;
    }

    static Place receiverSlow() {
        Place p = new Place(3);
        VerifyingSink[] sink = new VerifyingSink[1];
        p.server.serve(80, t -> sink[0] = new VerifyingSink(p.server, t).thenClose().slowly(20_000, 50));
        TcpSocket t = p.client.connect(p.server, 80);
        new BulkSender(p.client, t, 1_500_000).thenClose();
        p.world.runUntil("all there", () -> sink[0] != null && sink[0].hasEnded());
        return p;
    }

    static Place senderLimited() {
        Place p = new Place(4);
        VerifyingSink[] sink = new VerifyingSink[1];
        p.server.serve(80, t -> sink[0] = new VerifyingSink(p.server, t).thenClose());
        TcpSocket t = p.client.connect(p.server, 80);
        p.world.runUntil("connected", t::isEstablished);
        for (int i = 0; i < 60; i++) {
            p.client.write(t, 20_000 + 37 * i);
            p.world.advance(100);
        }
        t.close(p.client.nowNs());
        p.world.runUntil("closed", () -> sink[0].hasEnded());
        return p;
    }

    static Place zeroWindow() {
        Place p = new Place(5);
        TcpListener l = p.server.listen(80);
        TcpSocket t = p.client.connect(p.server, 80);
        p.world.runUntil("connected", () -> l.acceptQueueLength() > 0);
        TcpSocket peer = p.server.accept(l);
        new BulkSender(p.client, t, BYTES).thenClose();
        p.world.advance(4000);
        VerifyingSink sink = new VerifyingSink(p.server, peer).thenClose();
        p.world.runUntil("all there", sink::hasEnded);
        p.world.advance(500);
        return p;
    }

    static Place blackHole() {
        Place p = new Place(6);
        p.client.set("tcp_mtu_probing", "1");
        p.far.from(p.router).blackHoleAbove(1300);
        p.transfer(BYTES);
        return p;
    }

    static Place reset() {
        Place p = new Place(7);
        TcpSocket[] peer = new TcpSocket[1];
        p.server.serve(80, t -> {
            peer[0] = t;
            new VerifyingSink(p.server, t);
        });
        TcpSocket t = p.client.connect(p.server, 80);
        new BulkSender(p.client, t, 10_000_000);
        p.world.advance(300);
        peer[0].abort(p.server.nowNs());
        p.world.advance(1000);
        return p;
    }

    static Place refused() {
        Place p = new Place(8);
        p.client.connect(p.server, 81);
        p.world.advance(1000);
        return p;
    }

    static Place synLost() {
        Place p = new Place(9);
        p.far.from(p.router).drop(Match.syn().first(2));
        p.transfer(200_000);
        return p;
    }

    /** Two small writes and then a read, again and again: the second waits for the acknowledgment of the first. */
    static Place nagle() {
        Place p = new Place(10);
        TcpListener l = p.server.listen(80);
        TcpSocket t = p.client.connect(p.server, 80);
        p.world.runUntil("connected", () -> l.acceptQueueLength() > 0);
        TcpSocket peer = p.server.accept(l);
        for (int i = 0; i < 40; i++) {
            p.client.write(t, 100);
            p.world.advance(0.1);
            p.client.write(t, 150);
            p.world.runUntil("request", () -> peer.available() >= 250);
            p.server.read(peer, 250);
            p.server.write(peer, 300);
            p.world.runUntil("answer", () -> t.available() >= 300);
            p.client.read(t, 300);
        }
        t.close(p.client.nowNs());
        peer.close(p.server.nowNs());
        p.world.advance(500);
        return p;
    }

    static Place deadPeer() {
        Place p = new Place(11);
        p.server.serve(80, t -> new VerifyingSink(p.server, t));
        TcpSocket t = p.client.connect(p.server, 80);
        new BulkSender(p.client, t, 10_000_000);
        p.world.advance(300);
        p.far.cut();
        p.world.advance(30_000);
        return p;
    }

    static Place duplicates() {
        Place p = new Place(12);
        int[] n = {0};
        p.near.from(p.client).duplicate(Match.data().and(_ -> ++n[0] % 50 == 0));
        p.transfer(BYTES);
        return p;
    }

    static Place smallWindow() {
        Place p = new Place(13);
        p.near.delayMs(20);
        SocketOptions options = new SocketOptions();
        options.receiveBufferBytes = 32_768;
        TcpListener l = p.server.listen(options, 80, 1);
        TcpSocket t = p.client.connect(p.server, 80);
        p.world.runUntil("connected", () -> l.acceptQueueLength() > 0);
        VerifyingSink sink = new VerifyingSink(p.server, p.server.accept(l)).thenClose();
        new BulkSender(p.client, t, BYTES).thenClose();
        p.world.runUntil("all there", sink::hasEnded);
        p.world.advance(500);
        return p;
    }

    /** What is planted, how, and where it may be seen. */
    static Stream<Arguments> faults() {
        return Stream.of( //
                Arguments.of(FindingKind.LOSS, lossBurst(), List.of("client", "router", "server")),
                Arguments.of(FindingKind.REORDERING, reordering(), List.of("server", "router")),
                Arguments.of(FindingKind.RECEIVER_SLOW, receiverSlow(), List.of("client", "router", "server")),
                Arguments.of(FindingKind.SENDER_LIMITED, senderLimited(), List.of("client", "router", "server")),
                Arguments.of(FindingKind.ZERO_WINDOW, zeroWindow(), List.of("client", "router", "server")),
                Arguments.of(FindingKind.MTU_BLACK_HOLE, blackHole(), List.of("client", "router")),
                Arguments.of(FindingKind.MTU_BLACK_HOLE, blackHoleForEver(), List.of("client", "router")),
                Arguments.of(FindingKind.RESET, reset(), List.of("client", "router", "server")),
                Arguments.of(FindingKind.REFUSED, refused(), List.of("client", "router", "server")),
                Arguments.of(FindingKind.SYN_LOST, synLost(), List.of("client", "router")),
                Arguments.of(FindingKind.NAGLE, nagle(), List.of("client", "router", "server")),
                Arguments.of(FindingKind.DEAD_PEER, deadPeer(), List.of("client", "router")),
                Arguments.of(FindingKind.DUPLICATED, duplicates(), List.of("server", "router")),
                Arguments.of(FindingKind.SMALL_WINDOW, smallWindow(), List.of("client", "router", "server")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void aPlantedFaultIsNamedFirst(FindingKind kind, Place p, List<String> seenAt) throws IOException {
        for (String at : seenAt) {
            CaptureAnalysis a = Captures.explain(Captures.pcap(p.world, p.host(at)));
            List<String> health = ExplainText.health(a, at);
            String story = String.join("\n", health) + "\n"
                    + String.join("\n", ExplainText.story(a.connections().getFirst(), a.findings()));
            assertThat(health).as(story).hasSizeLessThanOrEqualTo(ExplainText.HEALTH_LINES);
            assertThat(ExplainText.worstOfEachKind(a.findings())).as("at the %s:%n%s", at, story).isNotEmpty();
            assertThat(ExplainText.worstOfEachKind(a.findings()).getFirst().kind()).as("at the %s:%n%s", at, story)
                    .isEqualTo(kind);
            assertThat(health.stream().filter(l -> l.matches("^[✗!·] .*")).findFirst()).as(story)
                    .hasValueSatisfying(l -> assertThat(l).contains(kind.title()));
        }
    }

    /** Nobody finds out that the path takes less: the sender repeats its large segment to the end of the capture. */
    static Place blackHoleForEver() {
        Place p = new Place(8);
        p.far.from(p.router).blackHoleAbove(1300);
        p.server.serve(80, t -> new VerifyingSink(p.server, t));
        new BulkSender(p.client, p.client.connect(p.server, 80), 10_000_000);
        p.world.advance(30_000);
        return p;
    }

    /** The last acknowledgment is lost, and the FIN that is sent again for it finds no time-wait. */
    @Test
    void aResetWhenAllIsOverIsNoError() throws IOException {
        Place p = new Place(22);
        p.client.set("tcp_max_tw_buckets", "0");
        boolean[] closed = {false, false};
        p.near.from(p.router).drop(Match.fin().and(_ -> {
            closed[0] = true;
            return false;
        }));
        p.near.from(p.client).drop(Match.pureAck().and(_ -> {
            boolean last = closed[0] && !closed[1];
            closed[1] |= last;
            return last;
        }));
        p.transfer(200_000);
        p.world.advance(2000);
        // where the acknowledgment was seen, all is over
        CaptureAnalysis a = Captures.explain(Captures.pcap(p.world, p.client));
        assertThat(a.findings()).anySatisfy(f -> {
            assertThat(f.kind()).isEqualTo(FindingKind.RESET);
            assertThat(f.severity()).isEqualTo(Severity.NOTE);
        });
    }

    /** The refusing case. */
    @Test
    void aCleanTransferHasNoWarning() throws IOException {
        Place p = new Place(20);
        p.transfer(BYTES);
        for (SimHost at : p.world.hosts()) {
            CaptureAnalysis a = Captures.explain(Captures.pcap(p.world, at));
            assertThat(a.findings()).as(String.join("\n", ExplainText.story(a.connections().getFirst(), a.findings())))
                    .noneMatch(f -> f.severity() != Severity.NOTE);
            assertThat(String.join("\n", ExplainText.health(a, "clean"))).contains("nothing wrong");
            assertThat(a.connections().getFirst().time().share(Where.NETWORK))
                    .as(String.join("\n", ExplainText.health(a, "clean"))).isGreaterThan(0.8);
        }
    }

    @Test
    void thePointOfCaptureIsInferred() throws IOException {
        Place p = new Place(21);
        p.transfer(100_000);
        assertThat(vantage(Captures.pcap(p.world, p.client))).isEqualTo(Vantage.CLIENT);
        assertThat(vantage(Captures.pcap(p.world, p.router))).isEqualTo(Vantage.BETWEEN);
        assertThat(vantage(Captures.pcap(p.world, p.server))).isEqualTo(Vantage.SERVER);
        assertThat(vantage(Captures.pcapng(p.world, p.client))).isEqualTo(Vantage.CLIENT);
        assertThat(vantage(Captures.pcapng(p.world, p.server))).isEqualTo(Vantage.SERVER);
    }

    private static Vantage vantage(byte[] capture) throws IOException {
        return Captures.explain(capture).connections().getFirst().vantage();
    }

    /** Timeouts, fast retransmissions and tail loss probes are told apart, and where each was lost. */
    @Test
    void causesAreToldApart() throws IOException {
        Place p = lossBurst();
        ConnectionAnalysis here = Captures.explain(Captures.pcap(p.world, p.client)).connections().getFirst();
        ConnectionAnalysis there = Captures.explain(Captures.pcap(p.world, p.server)).connections().getFirst();
        assertThat(here.forth().retransmissions().lost()).isEqualTo(20);
        assertThat(here.forth().retransmissions().lostAfter().count()).isEqualTo(20);
        assertThat(here.forth().retransmissions().lostBefore().count()).isZero();
        assertThat(there.forth().retransmissions().lostBefore().count()).isEqualTo(20);
        assertThat(there.forth().retransmissions().lostAfter().count()).isZero();
    }

    /** Two findings are equal in severity: what cost more time comes first. */
    @Test
    void findingsAreOrdered() throws IOException {
        CaptureAnalysis a = Captures.explain(Captures.pcap(deadPeer().world, deadPeer().client));
        assertThat(a.findings()).isSortedAccordingTo(Finding.WORST_FIRST);
    }
}
