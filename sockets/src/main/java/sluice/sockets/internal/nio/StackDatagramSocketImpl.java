package sluice.sockets.internal.nio;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.DatagramSocketImpl;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketOptions;
import java.net.StandardSocketOptions;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind a {@code new DatagramSocket()} or {@code new MulticastSocket()} of a JVM whose factory makes it: a
 * {@link DatagramSocket} of the host, or of the default provider. The JDK's own socket above it checks arguments and
 * knows what is bound and connected.
 */
public final class StackDatagramSocketImpl extends DatagramSocketImpl {
    /** Opens the socket that does the work. */
    public interface Opener {
        /** Not bound, and not closed by interrupts. */
        DatagramSocket open() throws IOException;
    }

    private final Opener opener;
    private @Nullable DatagramSocket socket;

    /** Opens nothing yet. */
    public StackDatagramSocketImpl(Opener opener) {
        this.opener = opener;
    }

    private DatagramSocket socket() {
        return Objects.requireNonNull(socket, "not created");
    }

    @Override
    protected void create() throws SocketException {
        try {
            socket = opener.open();
        } catch (IOException e) {
            throw Failures.ofSocket(e);
        }
    }

    @Override
    protected void bind(int port, InetAddress address) throws SocketException {
        socket().bind(new InetSocketAddress(address, port));
    }

    @Override
    protected void connect(InetAddress address, int port) throws SocketException {
        socket().connect(new InetSocketAddress(address, port));
    }

    @Override
    protected void disconnect() {
        socket().disconnect();
    }

    @Override
    protected int getLocalPort() {
        return socket().getLocalPort();
    }

    @Override
    protected void send(DatagramPacket p) throws IOException {
        socket().send(p);
    }

    @Override
    protected void receive(DatagramPacket p) throws IOException {
        socket().receive(p);
    }

    /** Asked of those only that say, by a method that others cannot have, that data was there when they connected. */
    @Override
    protected int peek(InetAddress address) throws IOException {
        throw new IOException("cannot peek");
    }

    @Override
    protected int peekData(DatagramPacket p) throws IOException {
        throw new IOException("cannot peek");
    }

    @Override
    protected void close() {
        DatagramSocket s = socket;
        if (s != null) {
            s.close();
        }
    }

    // ----------------------------------------------------------------------------------------------------------------
    // groups

    @Override
    @Deprecated
    @SuppressWarnings({"removal", "InlineMeSuggester"})
    protected void setTTL(byte ttl) throws IOException {
        setTimeToLive(ttl & 0xff);
    }

    @Override
    @Deprecated
    @SuppressWarnings({"removal", "InlineMeSuggester"})
    protected byte getTTL() throws IOException {
        return (byte) getTimeToLive();
    }

    @Override
    protected void setTimeToLive(int ttl) throws IOException {
        socket().setOption(StandardSocketOptions.IP_MULTICAST_TTL, ttl);
    }

    @Override
    protected int getTimeToLive() throws IOException {
        return socket().getOption(StandardSocketOptions.IP_MULTICAST_TTL);
    }

    @Override
    protected void join(InetAddress group) throws IOException {
        joinGroup(new InetSocketAddress(group, 0), multicastInterface());
    }

    @Override
    protected void leave(InetAddress group) throws IOException {
        leaveGroup(new InetSocketAddress(group, 0), multicastInterface());
    }

    @Override
    protected void joinGroup(SocketAddress group, @Nullable NetworkInterface on) throws IOException {
        socket().joinGroup(group, on);
    }

    @Override
    protected void leaveGroup(SocketAddress group, @Nullable NetworkInterface on) throws IOException {
        socket().leaveGroup(group, on);
    }

    private @Nullable NetworkInterface multicastInterface() throws IOException {
        return socket().getOption(StandardSocketOptions.IP_MULTICAST_IF);
    }

    // ----------------------------------------------------------------------------------------------------------------
    // options

    @Override
    protected Set<SocketOption<?>> supportedOptions() {
        return socket().supportedOptions();
    }

    @Override
    protected <T> void setOption(SocketOption<T> name, T value) throws IOException {
        socket().setOption(name, value);
    }

    @Override
    protected <T> T getOption(SocketOption<T> name) throws IOException {
        return socket().getOption(name);
    }

    @Override
    public void setOption(int name, Object value) throws SocketException {
        DatagramSocket s = socket();
        try {
            switch (name) {
                case SocketOptions.SO_TIMEOUT -> s.setSoTimeout((Integer) value);
                case SocketOptions.SO_SNDBUF -> s.setSendBufferSize((Integer) value);
                case SocketOptions.SO_RCVBUF -> s.setReceiveBufferSize((Integer) value);
                case SocketOptions.SO_REUSEADDR -> s.setReuseAddress((Boolean) value);
                case SocketOptions.SO_BROADCAST -> s.setBroadcast((Boolean) value);
                case SocketOptions.IP_TOS -> s.setTrafficClass((Integer) value);
                case SocketOptions.IP_MULTICAST_LOOP -> // the old option says whether to switch it off
                    s.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, !(Boolean) value);
                case SocketOptions.IP_MULTICAST_IF ->
                    s.setOption(StandardSocketOptions.IP_MULTICAST_IF, having((InetAddress) value));
                case SocketOptions.IP_MULTICAST_IF2 ->
                    s.setOption(StandardSocketOptions.IP_MULTICAST_IF, (NetworkInterface) value);
                default -> throw new SocketException("invalid option: " + name);
            }
        } catch (IOException e) {
            throw Failures.ofSocket(e);
        }
    }

    private static NetworkInterface having(InetAddress address) throws SocketException {
        NetworkInterface i = NetworkInterface.getByInetAddress(address);
        if (i == null) {
            throw new SocketException("bad argument for IP_MULTICAST_IF: address not bound to any interface");
        }
        return i;
    }

    @Override
    public @Nullable Object getOption(int name) throws SocketException {
        DatagramSocket s = socket();
        try {
            return switch (name) {
                case SocketOptions.SO_TIMEOUT -> s.getSoTimeout();
                case SocketOptions.SO_SNDBUF -> s.getSendBufferSize();
                case SocketOptions.SO_RCVBUF -> s.getReceiveBufferSize();
                case SocketOptions.SO_REUSEADDR -> s.getReuseAddress();
                case SocketOptions.SO_BROADCAST -> s.getBroadcast();
                case SocketOptions.IP_TOS -> s.getTrafficClass();
                case SocketOptions.SO_BINDADDR -> s.getLocalAddress();
                case SocketOptions.IP_MULTICAST_LOOP -> !s.getOption(StandardSocketOptions.IP_MULTICAST_LOOP);
                case SocketOptions.IP_MULTICAST_IF -> addressOf(multicastInterface());
                case SocketOptions.IP_MULTICAST_IF2 -> multicastInterface();
                default -> throw new SocketException("invalid option: " + name);
            };
        } catch (IOException e) {
            throw Failures.ofSocket(e);
        }
    }

    private static InetAddress addressOf(@Nullable NetworkInterface on) {
        return on == null ? new InetSocketAddress(0).getAddress()
                : on.inetAddresses().findFirst().orElseGet(() -> new InetSocketAddress(0).getAddress());
    }
}
