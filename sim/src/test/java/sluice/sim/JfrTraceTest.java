package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.base.Counter;
import sluice.core.tcp.user.TcpSocket;
import sluice.core.trace.TraceEvent;
import sluice.observe.jfr.JfrTrace;

/** What a transfer with losses leaves in a recording of the Flight Recorder. */
class JfrTraceTest {
    @TempDir
    Path folder;

    private final JfrTrace trace = new JfrTrace();

    private List<RecordedEvent> recorded(Recording recording) throws IOException {
        Path file = folder.resolve("r.jfr");
        recording.stop();
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream().filter(e -> e.getEventType().getName().startsWith("sluice."))
                .toList();
    }

    @Test
    void whatHappensToAConnectionIsRecorded() throws IOException {
        World world = new World(5);
        SimHost a = world.host("a");
        SimHost b = world.host("b");
        world.link(a, b).delayMs(10);
        a.trace(trace);
        try (Recording recording = new Recording()) {
            recording.enable("sluice.TcpState");
            recording.enable("sluice.TcpConnect");
            recording.enable("sluice.TcpRetransmission");
            recording.enable("sluice.TcpTimeout");
            recording.enable("sluice.PacketDrop");
            recording.start();
            World.Pair p = world.connect(a, b, 80);
            world.links().getFirst().from(a).netem("loss 100%");
            a.write(p.client(), 1000);
            world.advance(300);
            world.links().getFirst().from(a).netem("");
            world.runUntil("repaired", () -> p.server().available() == 1000);
            long retransmitted = a.count(Counter.TcpRetransSegs);
            List<RecordedEvent> events = recorded(recording);
            assertThat(kinds(events)).contains("sluice.TcpConnect", "sluice.TcpState", "sluice.TcpRetransmission",
                    "sluice.TcpTimeout");
            assertThat(of(events, "sluice.TcpRetransmission").stream().mapToInt(e -> e.getInt("segments")).sum())
                    .isEqualTo((int) retransmitted).isPositive();
            RecordedEvent first = of(events, "sluice.TcpRetransmission").getFirst();
            assertThat(first.getString("remoteAddress")).isEqualTo(p.client().remoteAddress().toString());
            assertThat(first.getInt("remotePort")).isEqualTo(80);
            assertThat(first.getInt("bytes")).isEqualTo(1000);
            assertThat(first.getDuration("sinceFirstSent").toMillis()).isPositive();
            assertThat(of(events, "sluice.TcpState").getFirst().getString("to")).isEqualTo("SYN-SENT");
        }
    }

    @Test
    void whatARecordingDoesNotWantIsNotMade() {
        assertThat(trace.enabled()).isFalse();
        try (Recording recording = new Recording()) {
            recording.enable("sluice.TcpTimeout");
            recording.start();
            assertThat(trace.enabled()).isTrue();
            recording.stop();
        }
        assertThat(trace.enabled()).isFalse();
    }

    private static Set<String> kinds(List<RecordedEvent> events) {
        return events.stream().map(e -> e.getEventType().getName()).collect(Collectors.toSet());
    }

    private static List<RecordedEvent> of(List<RecordedEvent> events, String name) {
        return events.stream().filter(e -> e.getEventType().getName().equals(name)).toList();
    }
}
