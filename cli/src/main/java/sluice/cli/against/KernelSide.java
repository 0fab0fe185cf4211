package sluice.cli.against;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import sluice.core.tcp.segment.TcpState;
import sluice.lab.against.Side;
import sluice.link.linux.NetworkNamespace;

/** The kernel's TCP in a namespace. */
final class KernelSide implements Side {
    private static final Path SYSCTLS = Path.of("/proc/sys");
    private static final Path NET = Path.of("/proc/thread-self/net");
    /** The kernel's numbers for states, include/net/tcp_states.h, from 1. */
    private static final List<TcpState> STATES = List.of(TcpState.ESTABLISHED, TcpState.SYN_SENT,
            TcpState.SYN_RECEIVED, TcpState.FIN_WAIT_1, TcpState.FIN_WAIT_2, TcpState.TIME_WAIT, TcpState.CLOSED,
            TcpState.CLOSE_WAIT, TcpState.LAST_ACK, TcpState.LISTEN, TcpState.CLOSING, TcpState.SYN_RECEIVED);

    private final NetworkNamespace namespace;
    private final InetAddress address;

    KernelSide(NetworkNamespace namespace, InetAddress address) {
        this.namespace = namespace;
        this.address = address;
    }

    @Override
    public String name() {
        return "Linux";
    }

    @Override
    public InetAddress address() {
        return address;
    }

    private <T> T inside(Callable<T> action) throws IOException {
        try {
            return namespace.call(action);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Socket socket() throws IOException {
        return inside(SocketChannel::open).socket();
    }

    @Override
    public ServerSocket serverSocket() throws IOException {
        return inside(ServerSocketChannel::open).socket();
    }

    @Override
    public void set(String name, String value) {
        try {
            inside(() -> Files.writeString(SYSCTLS.resolve(name.replace('.', '/')), value + "\n"));
        } catch (IOException e) {
            throw new IllegalStateException("the kernel does not take " + name + "=" + value + ": " + e, e);
        }
    }

    private List<String> read(String file) {
        try {
            return inside(() -> Files.readAllLines(NET.resolve(file)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public List<String> states(int port) {
        List<TcpState> found = new ArrayList<>();
        for (String file : List.of("tcp", "tcp6")) { // the JDK's sockets are IPv6's, with IPv4 mapped
            for (String line : read(file)) {
                String[] f = line.strip().split("\\s+");
                if (f.length > 3 && f[0].endsWith(":") && (portOf(f[1]) == port || portOf(f[2]) == port)) {
                    found.add(STATES.get(Integer.parseInt(f[3], 16) - 1));
                }
            }
        }
        return Side.words(found);
    }

    private static int portOf(String addressAndPort) {
        return Integer.parseInt(addressAndPort.substring(addressAndPort.indexOf(':') + 1), 16);
    }

    @Override
    public Map<String, Long> counters() {
        Map<String, Long> all = new TreeMap<>();
        for (String file : List.of("snmp", "netstat")) {
            List<String> lines = read(file);
            for (int i = 0; i + 1 < lines.size(); i += 2) {
                String[] names = lines.get(i).split(" ");
                String[] values = lines.get(i + 1).split(" ");
                String group = names[0].replace(":", "");
                for (int k = 1; k < names.length && group.startsWith("Tcp"); k++) {
                    if (Side.counts(group + names[k])) {
                        all.put(group + names[k], Long.parseLong(values[k]));
                    }
                }
            }
        }
        return all;
    }
}
