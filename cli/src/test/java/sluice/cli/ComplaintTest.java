package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import sluice.base.Entropy;
import sluice.core.HostConfig;
import sluice.core.LinkProperties;
import sluice.engine.ShardStoppedException;
import sluice.engine.Stack;
import sluice.link.Link;
import sluice.wire.Packet;

/** What a command says when it cannot go on. */
class ComplaintTest {
    private final StringWriter err = new StringWriter();

    private int said(Exception e) {
        CommandLine line = new CommandLine(new PingCommand()).setErr(new PrintWriter(err, true));
        return Complaint.failure(e, line, line.parseArgs("10.0.0.1"));
    }

    /** A socket call in the middle of something else tells of a device that is gone only by its causes. */
    @Test
    void aDeletedDeviceIsSaidWhateverCallItEnded() {
        Stack stack = Stack.builder(HostConfig.builder(Entropy.seeded(1)).build()).link("t3", new Gone()).start();
        Exception ended = null;
        while (ended == null) {
            try {
                stack.execute(host -> host);
            } catch (ShardStoppedException e) {
                ended = e;
            }
        }
        assertThat(said(new IOException("Socket closed: " + ended.getMessage(), ended))).isEqualTo(Main.FAILED);
        assertThat(err.toString()).isEqualTo("ping: t3 is gone (the device was deleted)\n");
    }

    /** A device that was deleted. */
    private static final class Gone implements Link {
        @Override
        public LinkProperties properties() {
            return LinkProperties.plain(1500);
        }

        @Override
        public boolean receive(Packet into, long nowNs) {
            return false;
        }

        @Override
        public boolean transmit(Packet packet, long nowNs) {
            return true;
        }

        @Override
        public boolean isGone() {
            return true;
        }

        @Override
        public void close() {}
    }

    @Test
    void anErrorThatHappensIsOneLine() {
        assertThat(said(new IOException("a\n  b"))).isEqualTo(Main.FAILED);
        assertThat(err.toString()).isEqualTo("ping: a; b\n");
    }
}
