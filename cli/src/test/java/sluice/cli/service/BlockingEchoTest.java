package sluice.cli.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import sluice.cli.TwoStacks;

/** The echo service with a thread for each connection. */
class BlockingEchoTest {
    private static void echoes(Socket s, int octet) throws IOException {
        s.getOutputStream().write(octet);
        assertThat(s.getInputStream().read()).isEqualTo(octet);
    }

    @Test
    void whoSaysNothingGivesItsPlaceToANewcomer() throws IOException {
        try (TwoStacks stacks = new TwoStacks(); BlockingEcho echo = BlockingEcho.start(stacks.b, 7, 2)) {
            Socket silent = stacks.connect(7);
            Socket busy = stacks.connect(7);
            echoes(busy, 1);
            Socket third = stacks.connect(7);
            echoes(third, 2);
            assertThatThrownBy(() -> silent.getInputStream().read()).isInstanceOf(SocketException.class);
            echoes(busy, 3);
            echoes(third, 4);
        }
    }
}
