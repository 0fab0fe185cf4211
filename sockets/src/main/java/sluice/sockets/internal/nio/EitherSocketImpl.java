package sluice.sockets.internal.nio;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind a {@link java.net.Socket} or {@link java.net.ServerSocket} that names no stack: the host's, until
 * an address says that it has to be the platform's. It decides as the channels of the default provider do ({@link
 * Choice}, decision 12).
 */
public final class EitherSocketImpl extends SocketImpl {
    private final @Nullable Site site;
    private final boolean server;
    /** Guards the choice. */
    private final Object lock = new Object();
    private volatile @Nullable StackSocketImpl ours;
    private volatile @Nullable PlatformSocket platform;
    private boolean decided;
    /** What was set before the decision. */
    private final List<Setting> settings = new ArrayList<>(0);
    /** Where a listener of the platform's will listen. */
    private @Nullable InetSocketAddress listensAt;
    /** The port that a stream was asked to take, without an address. */
    private int askedPort = -1;

    /** Something that the program set. */
    private interface Setting {
        void set(PlatformSocket on) throws IOException;
    }

    /** Not created yet; the platform's without a site. */
    public EitherSocketImpl(@Nullable Site site, boolean server) {
        this.site = site;
        this.server = server;
    }

    private StackSocketImpl ours() throws SocketException {
        StackSocketImpl o = ours;
        if (o == null) {
            throw new SocketException("Socket not created");
        }
        return o;
    }

    // ----------------------------------------------------------------------------------------------------------------
    // the choice

    @Override
    protected void create(boolean stream) throws IOException {
        synchronized (lock) {
            if (site == null) {
                platform = PlatformSocket.open(server);
                decided = true;
            } else {
                StackSocketImpl o = new StackSocketImpl(site, server);
                o.create(stream);
                ours = o;
            }
        }
    }

    private void become(@Nullable StackSocketImpl stack, @Nullable PlatformSocket platforms) {
        synchronized (lock) {
            ours = stack;
            platform = platforms;
            decided = true;
        }
    }

    private void move() throws IOException {
        StackSocketImpl o = ours();
        PlatformSocket p = PlatformSocket.open(server);
        try {
            for (Setting s : settings) {
                s.set(p);
            }
            if (askedPort >= 0) {
                bindAgain(p, o.localPort());
            }
        } catch (IOException | RuntimeException e) {
            p.close(server);
            throw e;
        }
        platform = p;
        decided = true;
        o.close();
    }

    private void bindAgain(PlatformSocket p, int port) throws IOException {
        try {
            p.stream.bind(new InetSocketAddress(port));
        } catch (BindException e) {
            if (askedPort != 0) {
                throw e;
            }
            p.stream.bind(new InetSocketAddress(0));
        }
    }

    private void towards(InetAddress to) throws IOException {
        synchronized (lock) {
            if (!decided && !Reach.reaches(Objects.requireNonNull(site).access, to)) {
                move();
            }
            decided = true;
        }
    }

    @Override
    protected void connect(String host, int toPort) throws IOException {
        connect(new InetSocketAddress(host, toPort), 0);
    }

    @Override
    protected void connect(InetAddress to, int toPort) throws IOException {
        connect(new InetSocketAddress(to, toPort), 0);
    }

    @Override
    protected void connect(SocketAddress remote, int millis) throws IOException {
        if (remote instanceof InetSocketAddress i && !i.isUnresolved()) {
            towards(i.getAddress());
        }
        PlatformSocket p = platform;
        if (p == null) {
            ours().connect(remote, millis);
        } else {
            p.stream.connect(remote, millis);
        }
    }

    @Override
    protected void bind(InetAddress host, int toPort) throws IOException {
        synchronized (lock) {
            if (!decided && !Reach.has(Objects.requireNonNull(site).access, host)) {
                move();
            }
            PlatformSocket p = platform;
            if (p == null) {
                ours().bind(host, toPort);
                if (host.isAnyLocalAddress()) {
                    askedPort = toPort;
                }
                decided |= server || !host.isAnyLocalAddress();
            } else if (server) {
                listensAt = new InetSocketAddress(host, toPort);
            } else {
                p.stream.bind(new InetSocketAddress(host, toPort));
            }
        }
    }

    @Override
    protected void listen(int backlog) throws IOException {
        PlatformSocket p = platform;
        if (p == null) {
            ours().listen(backlog);
        } else {
            synchronized (lock) {
                if (listensAt == null) {
                    throw new SocketException("Not bound");
                }
                p.listen(listensAt, backlog);
            }
        }
    }

    @Override
    protected void accept(SocketImpl to) throws IOException {
        if (!(to instanceof EitherSocketImpl accepted)) {
            throw new SocketException("Not a socket of the JVM's factory: " + to.getClass().getName());
        }
        PlatformSocket p = platform;
        if (p != null) {
            accepted.become(null, p.accept());
            return;
        }
        StackSocketImpl s = new StackSocketImpl(Objects.requireNonNull(site), false);
        ours().accept(s);
        accepted.become(s, null);
    }

    // ----------------------------------------------------------------------------------------------------------------
    // what the chosen one does

    @Override
    protected InputStream getInputStream() throws IOException {
        PlatformSocket p = platform;
        return p == null ? ours().getInputStream() : p.stream.getInputStream();
    }

    @Override
    protected OutputStream getOutputStream() throws IOException {
        PlatformSocket p = platform;
        return p == null ? ours().getOutputStream() : p.stream.getOutputStream();
    }

    @Override
    protected int available() throws IOException {
        PlatformSocket p = platform;
        return p == null ? ours().available() : p.stream.getInputStream().available();
    }

    @Override
    protected void close() throws IOException {
        PlatformSocket p = platform;
        StackSocketImpl o = ours;
        if (p != null) {
            p.close(server);
        } else if (o != null) {
            o.close();
        }
    }

    @Override
    protected void shutdownInput() throws IOException {
        PlatformSocket p = platform;
        if (p == null) {
            ours().shutdownInput();
        } else {
            p.stream.shutdownInput();
        }
    }

    @Override
    protected void shutdownOutput() throws IOException {
        PlatformSocket p = platform;
        if (p == null) {
            ours().shutdownOutput();
        } else {
            p.stream.shutdownOutput();
        }
    }

    @Override
    protected boolean supportsUrgentData() {
        return true;
    }

    @Override
    protected void sendUrgentData(int data) throws IOException {
        PlatformSocket p = platform;
        if (p == null) {
            ours().sendUrgentData(data);
        } else {
            p.stream.sendUrgentData(data);
        }
    }

    @Override
    protected @Nullable InetAddress getInetAddress() {
        PlatformSocket p = platform;
        StackSocketImpl o = ours;
        return p != null ? server ? p.listener().getInetAddress() : p.stream.getInetAddress()
                : o == null ? null : o.address();
    }

    @Override
    protected int getPort() {
        PlatformSocket p = platform;
        StackSocketImpl o = ours;
        return p != null ? p.stream.getPort() : o == null ? 0 : o.port();
    }

    @Override
    protected int getLocalPort() {
        PlatformSocket p = platform;
        StackSocketImpl o = ours;
        return p != null ? server ? p.listener().getLocalPort() : p.stream.getLocalPort()
                : o == null ? 0 : o.localPort();
    }

    // ----------------------------------------------------------------------------------------------------------------
    // options

    @Override
    protected Set<SocketOption<?>> supportedOptions() {
        PlatformSocket p = platform;
        return p != null ? server ? p.listener().supportedOptions() : p.stream.supportedOptions()
                : server ? TcpOptions.LISTENING_SOCKET : TcpOptions.STREAM;
    }

    private void keep(Setting s) {
        if (!decided) {
            settings.add(s);
        }
    }

    @Override
    protected <T> void setOption(SocketOption<T> name, T value) throws IOException {
        synchronized (lock) {
            PlatformSocket p = platform;
            if (p == null) {
                ours().setOption(name, value);
                keep(on -> setOn(on, name, value));
            } else {
                setOn(p, name, value);
            }
        }
    }

    private <T> void setOn(PlatformSocket p, SocketOption<T> name, T value) throws IOException {
        if (server) {
            p.listener().setOption(name, value);
        } else {
            p.stream.setOption(name, value);
        }
    }

    @Override
    protected <T> T getOption(SocketOption<T> name) throws IOException {
        PlatformSocket p = platform;
        return p == null ? ours().getOption(name)
                : server ? p.listener().getOption(name) : p.stream.getOption(name);
    }

    @Override
    public void setOption(int name, Object value) throws SocketException {
        synchronized (lock) {
            PlatformSocket p = platform;
            if (p == null) {
                ours().setOption(name, value);
                keep(on -> on.impl.setOption(name, value));
            } else {
                p.impl.setOption(name, value);
            }
        }
    }

    @Override
    public Object getOption(int name) throws SocketException {
        PlatformSocket p = platform;
        return p == null ? ours().getOption(name) : p.impl.getOption(name);
    }
}
