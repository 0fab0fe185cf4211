package sluice.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads and writes of a program in a recording of the Flight Recorder. */
class SocketEventsTest {
    @TempDir
    Path folder;

    @Test
    void readsAndWritesAreRecorded() throws Exception {
        try (Recording recording = new Recording();
                TwoStacks stacks = new TwoStacks();
                ServerSocket server = stacks.listen()) {
            recording.enable("sluice.SocketRead").withoutThreshold();
            recording.enable("sluice.SocketWrite").withoutThreshold();
            recording.start();
            int port;
            try (Socket client = stacks.connect(server); Socket peer = server.accept()) {
                port = client.getPort();
                client.getOutputStream().write(new byte[100]);
                client.shutdownOutput();
                assertThat(peer.getInputStream().readAllBytes()).hasSize(100);
            }
            recording.stop();
            Path file = folder.resolve("r.jfr");
            recording.dump(file);
            List<RecordedEvent> events = RecordingFile.readAllEvents(file);
            List<RecordedEvent> writes = of(events, "sluice.SocketWrite");
            assertThat(writes).hasSize(1);
            assertThat(writes.getFirst().getLong("bytesWritten")).isEqualTo(100);
            assertThat(writes.getFirst().getInt("port")).isEqualTo(port);
            assertThat(writes.getFirst().getStackTrace().getFrames())
                    .anyMatch(f -> f.getMethod().getType().getName().equals(SocketEventsTest.class.getName()));
            List<RecordedEvent> reads = of(events, "sluice.SocketRead");
            assertThat(reads.stream().mapToLong(e -> e.getLong("bytesRead")).sum()).isEqualTo(100);
            assertThat(reads.getLast().getBoolean("endOfStream")).isTrue();
            assertThat(reads.getFirst().getBoolean("endOfStream")).isFalse();
        }
    }

    private static List<RecordedEvent> of(List<RecordedEvent> events, String name) {
        return events.stream().filter(e -> e.getEventType().getName().equals(name)).toList();
    }
}
