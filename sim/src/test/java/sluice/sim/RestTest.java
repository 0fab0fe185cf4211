package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpInfo;
import sluice.core.tcp.user.TcpSocket;

/** Connections that let go of what they can make again: nobody else notices. */
class RestTest {
    private static final int ALL = Integer.MAX_VALUE / 2;

    /** All that have nothing in flight rest after every packet; the worlds stay the same to the last bit. */
    @ParameterizedTest
    @ValueSource(ints = {1, 101, 201, 301})
    void nothingOnTheWireTellsIt(int from) {
        AtomicInteger rested = new AtomicInteger();
        for (long seed = from; seed < from + 25; seed++) {
            SwarmRun restless = new SwarmRun(seed);
            long hash = restless.run();
            SwarmRun resting = new SwarmRun(seed);
            resting.world().watchedBy((host, arrived) -> rest(host, rested));
            assertThat(resting.run()).as(resting.what()).isEqualTo(hash);
        }
        assertThat(rested).hasValueGreaterThan(1000);
    }

    private static void rest(SimHost host, AtomicInteger rested) {
        host.host().tcp().rest(0, ALL, 0, host.nowNs());
        for (TcpSocket t : host.host().tcp().connections()) {
            if (t.recoveryIfAwake() == null) {
                rested.incrementAndGet();
            }
        }
    }

    private final World world = new World(1);
    private final SimHost a = world.host("a");
    private final SimHost b = world.host("b");

    private World.Pair connected() {
        world.link(a, b).delayMs(10);
        World.Pair p = world.connect(a, b, 80);
        a.write(p.client(), 50_000);
        world.runUntil("all there", () -> p.server().available() == 50_000);
        b.read(p.server(), 50_000);
        world.advance(1000);
        return p;
    }

    @Test
    void onlyWhatIsIdleLongEnoughRests() {
        TcpSocket client = connected().client();
        a.host().tcp().rest(0, ALL, 2_000_000_000L, world.nowNs());
        assertThat(client.recoveryIfAwake()).isNotNull();
        world.advance(2000);
        a.host().tcp().rest(0, ALL, 2_000_000_000L, world.nowNs());
        assertThat(client.recoveryIfAwake()).isNull();
    }

    @Test
    void lookingAtOneThatRestsDoesNotWakeIt() {
        TcpSocket client = connected().client();
        TcpInfo before = client.info(world.nowNs());
        a.host().tcp().rest(0, ALL, 0, world.nowNs());
        assertThat(client.info(world.nowNs())).usingRecursiveComparison().isEqualTo(before);
        assertThat(client.recoveryIfAwake()).isNull();
    }

    /** What was lost shows in TCP_INFO for as long as the connection lives. */
    @Test
    void oneThatLostSomethingKeepsWhatItKnows() {
        World.Pair p = connected();
        world.links().getFirst().from(a).netem("loss 100%");
        a.write(p.client(), 1000);
        world.advance(500);
        world.links().getFirst().from(a).netem("");
        world.runUntil("repaired", () -> p.server().available() == 1000);
        world.advance(5000);
        a.host().tcp().rest(0, ALL, 0, world.nowNs());
        assertThat(p.client().recoveryIfAwake()).isNotNull();
        assertThat(p.client().info(world.nowNs()).totalRetrans).isPositive();
    }

    @Test
    void theWholeTableIsLookedAtInParts() {
        world.link(a, b).delayMs(10);
        b.listen(new SocketOptions(), 80, 400);
        for (int i = 0; i < 300; i++) {
            a.connect(b, 80);
        }
        world.advance(2000);
        int parts = 1;
        for (int from = a.host().tcp().rest(0, 100, 0, world.nowNs()); from != 0; parts++) {
            from = a.host().tcp().rest(from, 100, 0, world.nowNs());
        }
        assertThat(parts).isGreaterThan(2);
        assertThat(a.host().tcp().connections()).hasSize(300).allMatch(t -> t.recoveryIfAwake() == null);
    }
}
