package sluice.observe.diagnose;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Faults planted with Linux's own sockets (plant.py beside the texts): the right cause comes first. */
class LinuxTextTest {
    private static Diagnosis diagnose(String name) throws IOException {
        try (InputStream in = LinuxTextTest.class.getResourceAsStream("/diagnose/" + name + ".txt")) {
            assertThat(in).as(name).isNotNull();
            return Diagnosis.of(SnapshotText.parse(new String(in.readAllBytes(), UTF_8)));
        }
    }

    @ParameterizedTest
    @CsvSource({"close_wait, CLOSE_WAIT", "time_wait, PORT_EXHAUSTION", "accept_queue, ACCEPT_QUEUE",
        "syn_queue, SYN_QUEUE", "dead, DEAD_PEER", "connect, CONNECT_TIMEOUT", "udp, UDP_OVERFLOW", "loss, LOSS",
        "small_buffer, SMALL_BUFFER", "aborted, ABORTED"})
    void theRightCauseComesFirst(String name, Cause cause) throws IOException {
        Diagnosis d = diagnose(name);
        assertThat(d.findings()).as(d.text()).isNotEmpty();
        assertThat(d.findings().getFirst().cause()).as(d.text()).isEqualTo(cause);
        assertThat(d.isHealthy()).isFalse();
    }

    @Test
    void bothEndsOfAConnectionThatIsNotReadAreNamed() throws IOException {
        Diagnosis d = diagnose("slow");
        assertThat(d.findings()).as(d.text()).extracting(Finding::cause).startsWith(Cause.SLOW_READER,
                Cause.PEER_NOT_READING);
    }

    @Test
    void nothingOfAMachineThatIsWell() throws IOException {
        Diagnosis d = diagnose("well");
        assertThat(d.isHealthy()).as(d.text()).isTrue();
    }
}
