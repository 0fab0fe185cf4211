package sluice.cli;

import java.io.IOException;
import sluice.cli.http.ChannelConnection;
import sluice.engine.Stack;
import sluice.wire.IpAddress;

/** Connects, and says to whom when it does not work. */
final class Connecting {
    private Connecting() {}

    static ChannelConnection to(Stack stack, IpAddress address, int port) throws IOException {
        try {
            return ChannelConnection.open(stack, address, port);
        } catch (IOException e) {
            throw new IOException("connect to " + address + " port " + port + ": " + e.getMessage(), e);
        }
    }
}
