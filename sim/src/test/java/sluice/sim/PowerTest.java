package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sluice.base.Errno;
import sluice.base.Time;
import sluice.core.tcp.segment.TcpState;
import sluice.core.trace.TraceEvent;
import sluice.wire.IpAddress;

/** Hosts whose power goes, taps that come off, and worlds whose clock is another's. */
class PowerTest {
    private final World world = new World(1);
    private final SimHost client = world.host("client");
    private final SimHost server = world.host("server", s -> {
    }, IpAddress.parse("192.168.7.1"), null);

    @Test
    void aCrashTellsNobody() {
        world.link(client, server).delayMs(5);
        World.Pair pair = world.connect(client, server, 80);
        server.crash();
        int seen = world.log().sent(server, Match.any());
        client.write(pair.client(), 100);
        world.advance(1000);
        assertThat(server.isOff()).isTrue();
        assertThat(pair.client().state()).isEqualTo(TcpState.ESTABLISHED);
        assertThat(world.log().sent(server, Match.any())).isEqualTo(seen);
    }

    @Test
    void whatWasRestartedResetsThoseThatItDoesNotKnow() {
        world.link(client, server).delayMs(5);
        World.Pair pair = world.connect(client, server, 80);
        server.crash();
        server.restart();
        client.write(pair.client(), 100);
        world.advance(1000);
        assertThat(pair.client().state()).isEqualTo(TcpState.CLOSED);
        assertThat(world.log().events(client, TraceEvent.Failed.class)).singleElement()
                .extracting(TraceEvent.Failed::error).isEqualTo(Errno.ECONNRESET);
        assertThat(world.connect(client, server, 81).client().isEstablished()).isTrue();
    }

    @Test
    void aHostHasTheAddressItWasGiven() {
        world.link(client, server);
        assertThat(world.connect(client, server, 80).client().remoteAddress()).hasToString("192.168.7.1");
    }

    @Test
    void aTapComesOff() {
        SimLink link = world.link(client, server).delayMs(5);
        Runnable off = link.from(client).tap(p -> false);
        var t = client.connect(server, 80);
        server.listen(80);
        world.advance(900);
        assertThat(t.state()).isEqualTo(TcpState.SYN_SENT);
        off.run();
        world.advance(1000);
        assertThat(t.isEstablished()).isTrue();
    }

    @Test
    void aWorldGoesByAnothersClock() {
        world.link(client, server).delayMs(5);
        server.listen(80);
        assertThat(world.nextNs()).isEqualTo(Time.NEVER);
        world.prepare();
        var t = client.connect(server, 80);
        client.drain();
        long first = world.nextNs();
        assertThat(first).isEqualTo(World.START_NS + 5_000_000);
        world.runNext(first - 1);
        assertThat(world.nowNs()).isEqualTo(first - 1);
        assertThat(world.nextNs()).isEqualTo(first);
        for (int i = 0; i < 10 && !t.isEstablished(); i++) {
            world.runNext(world.nextNs());
        }
        assertThat(t.isEstablished()).isTrue();
        assertThat(world.nowNs()).isEqualTo(World.START_NS + 10_000_000);
    }
}
