package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sluice.base.Counter;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpSocket;

/** What is sent without copying stays in the application's memory, also what is retransmitted. */
class ZeroCopyTest {
    private static final int BYTES = 3_000_000;

    private static SimHost transfer(World w, boolean zeroCopy, String impairment) {
        SimHost a = w.host("a");
        SimHost b = w.host("b");
        w.link(a, b).delayMs(5).rate(100_000_000, 1 << 20).from(a).netem(impairment);
        SocketOptions o = new SocketOptions();
        o.zeroCopy = zeroCopy;
        var listener = b.listen(80);
        TcpSocket c = a.connect(o, b.address(), 80);
        w.runUntil("connected", () -> listener.acceptQueueLength() > 0);
        BulkSender sender = new BulkSender(a, c, BYTES);
        VerifyingSink sink = new VerifyingSink(b, b.accept(listener));
        w.runUntil("a third", () -> sink.received() > BYTES / 3);
        assertThat(c.sendBuffer.size()).isPositive();
        assertThat(c.sendBuffer.memoryBytes() == 0).as("nothing is copied").isEqualTo(zeroCopy);
        w.runUntil("all", sender::isDone);
        return a;
    }

    @Test
    void whatIsLostIsSentAgainFromTheApplicationsMemory() {
        SimHost a = transfer(new World(1), true, "loss 2% reorder 5% delay 1ms");
        assertThat(a.count(Counter.TcpRetransSegs)).isPositive();
    }

    @Test
    void theWireDoesNotShowWhetherItWasCopied() {
        World copied = new World(7);
        transfer(copied, false, "loss 1%");
        World referred = new World(7);
        transfer(referred, true, "loss 1%");
        assertThat(referred.hash()).isEqualTo(copied.hash());
    }

    @Test
    void aRunIsTheSameWhetherItIsWatchedOrNot() {
        World watched = new World(7);
        transfer(watched, true, "loss 1%");
        World unwatched = new World(7).unwatched();
        transfer(unwatched, true, "loss 1%");
        assertThat(unwatched.hash()).isEqualTo(watched.hash());
        World clean = new World(7);
        transfer(clean, false, "");
        World cleanUnwatched = new World(7).unwatched();
        transfer(cleanUnwatched, true, "");
        assertThat(cleanUnwatched.hash()).isEqualTo(clean.hash());
    }
}
