package sluice.lab.experiments;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.lab.Stage;
import sluice.sim.SimHost;
import sluice.sim.World;

/** Connections that are opened and closed in turn, as fast as they can. */
final class TimeWaits {
    private static final int EVEN_PORTS = 14_116;

    private final World world;
    private final SimHost client;
    private final SimHost server;
    private final TcpListener listener;

    private TimeWaits(Stage s, SimHost client) {
        world = s.world();
        this.client = client;
        server = s.host("server");
        s.link(client, server).delayMs(0.05);
        listener = server.listen(80);
    }

    static TimeWaits of(Stage s, String... settings) {
        return new TimeWaits(s, s.host("client", settings));
    }

    /**
     * Opens and closes the {@code opened}-th, counted from 0. As on Linux even ports are given first, and then each
     * search walks over all of them: to save time the application says which, but for the last that there are.
     */
    void openAndCloseInTurn(int opened) {
        int odd = opened - EVEN_PORTS;
        openAndClose(odd >= 0 && odd < EVEN_PORTS - 50 ? 32_769 + 2 * odd : 0);
    }

    SimHost client() {
        return client;
    }

    SimHost server() {
        return server;
    }

    /** Connects and closes, the client first. */
    TcpSocket openAndClose() {
        return openAndClose(0);
    }

    /** The same from a port, 0 for one of the host's choice. */
    TcpSocket openAndClose(int port) {
        TcpSocket c = client.connect(new SocketOptions(), port, server.address(), 80);
        world.settle();
        TcpSocket t = Objects.requireNonNull(listener.accept());
        c.close(world.nowNs());
        world.settle();
        t.close(world.nowNs());
        world.settle();
        return c;
    }

    /** What connecting says; null when it connects. */
    @Nullable Errno connectError() {
        try {
            client.connect(server, 80);
            world.settle();
            return null;
        } catch (ErrnoException e) {
            return e.errno();
        }
    }

    int timeWaits() {
        return client.host().tcp().timeWaitCount();
    }
}
