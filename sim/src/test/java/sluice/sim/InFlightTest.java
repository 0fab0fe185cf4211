package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.core.tcp.data.SocketOptions;
import sluice.observe.record.SequenceDiagram.Fate;
import sluice.observe.record.SequenceDiagram.Line;

/** Wherever a packet waits when a run ends, the ladder draws it as in flight: what is not lost arrives later. */
@ExtendWith(Worlds.class)
class InFlightTest {
    @ParameterizedTest
    @CsvSource({"0,'',pfifo limit 100,15", "10,'',pfifo limit 100,15", "10,'',bfifo limit 200000,15",
        "10,delay 10ms 3ms,codel limit 100,5", "0,delay 20ms rate 10mbit,pfifo limit 100,0",
        "0,delay 10ms reorder 25%,pfifo limit 100,0"})
    void everyWaitingPlaceIsLookedInto(int mbit, String netem, String queue, double delayMs) {
        World w = new World(3);
        SimHost a = w.host("client");
        SimHost b = w.host("server");
        Path forth = w.link(a, b).delayMs(delayMs).from(a).netem(netem).rate(mbit * 1_000_000L, queue);
        b.serve(80, t -> new VerifyingSink(b, t).thenClose());
        new BulkSender(a, a.connect(new SocketOptions(), b.address(), 80), 300_000);
        w.runUntil("something waits", () -> forth.packetsInFlight() > 8);
        int[] seen = {0};
        w.forEachInFlight(p -> seen[0]++);
        assertThat(seen[0]).isEqualTo(w.inFlight());
        List<Line> now = w.log().diagram(a, b, 0, 0).lines();
        assertThat(now.stream().filter(l -> l.fate() == Fate.IN_FLIGHT)).hasSize(w.inFlight());
        assertThat(now).extracting(Line::fate).doesNotContain(Fate.LOST);
        w.advance(60_000);
        assertThat(w.log().diagram(a, b, 0, 0).lines().subList(0, now.size())).extracting(Line::fate)
                .containsOnly(Fate.SEEN);
    }
}
