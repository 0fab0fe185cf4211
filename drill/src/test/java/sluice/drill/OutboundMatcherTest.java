package sluice.drill;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.core.trace.TraceSink;

/** What no script can show, as the stack does it right. */
class OutboundMatcherTest {
    /** The device's half of the checksums is left out, so that they are wrong. */
    @ParameterizedTest
    @ValueSource(strings = {
        "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n"
                + "+0 connect(3, ..., ...) = -1 EINPROGRESS\n+0 > S 0:0(0) <...>\n",
        "0 socket(..., SOCK_DGRAM, IPPROTO_UDP) = 3\n+0 bind(3, ..., ...) = 0\n+0 connect(3, ..., ...) = 0\n"
                + "+0 write(3, ..., 100) = 100\n+0 > udp (100)\n"})
    void aPacketWithAWrongChecksumIsNotTheExpectedOne(String text) {
        Script script = ScriptParser.parse(text, Map.of());
        Executor executor = new Executor(script, new DrillOptions(DrillMode.IPV4), Path.of(""), new Ladder(),
                (direction, packet, nowNs) -> packet.checksumPartial = false, TraceSink.NONE);
        assertThatThrownBy(executor::run).isInstanceOf(FailException.class).hasMessageContaining("checksum is wrong");
    }
}
