package sluice.cli.against;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sluice.base.Counter;
import sluice.core.tcp.segment.TcpState;
import sluice.engine.Stack;
import sluice.lab.against.Side;
import sluice.sockets.SluiceSelectorProvider;

/** Our TCP. */
final class StackSide implements Side {
    private final Stack stack;
    private final SluiceSelectorProvider channels;
    private final InetAddress address;

    StackSide(Stack stack, InetAddress address) {
        this.stack = stack;
        this.address = address;
        channels = SluiceSelectorProvider.of(stack);
    }

    @Override
    public String name() {
        return "sluice";
    }

    @Override
    public InetAddress address() {
        return address;
    }

    @Override
    public Socket socket() throws IOException {
        return channels.openSocketChannel().socket();
    }

    @Override
    public ServerSocket serverSocket() throws IOException {
        return channels.openServerSocketChannel().socket();
    }

    @Override
    public void set(String name, String value) {
        stack.execute(host -> {
            host.settings().set(name, value);
            return null;
        });
    }

    @Override
    public List<String> states(int port) {
        return stack.execute(host -> {
            List<TcpState> found = new ArrayList<>();
            host.tcp().forEachEndpoint(e -> {
                if (e.localPort() == port || e.remotePort() == port) {
                    found.add(e.state());
                }
            });
            return Side.words(found);
        });
    }

    @Override
    public Map<String, Long> counters() {
        return stack.execute(host -> {
            Map<String, Long> all = new TreeMap<>();
            for (Counter c : Counter.values()) {
                if (c.name().startsWith("Tcp") && !c.isLevel() && Side.counts(c.name())) {
                    all.put(c.name(), host.counters().get(c));
                }
            }
            return all;
        });
    }
}
