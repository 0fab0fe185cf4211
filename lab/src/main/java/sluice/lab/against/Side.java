package sluice.lab.against;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import sluice.core.tcp.segment.TcpState;

/** A TCP and the programs on it: the kernel's in a namespace, or ours. Any thread. */
public interface Side {
    /** Whose TCP it is: "sluice", "Linux". */
    String name();

    /** Where it is reached. */
    InetAddress address();

    /** A socket that is not connected. */
    Socket socket() throws IOException;

    /** A socket that will listen. */
    ServerSocket serverSocket() throws IOException;

    /** Sets a sysctl: "net.ipv4.tcp_sack". */
    void set(String name, String value);

    /** States of connections with this local or remote port, without listeners, in order: "ESTABLISHED". */
    List<String> states(int port);

    /** Counters of TCP by nstat's names: those that {@link #counts}. */
    Map<String, Long> counters();

    /** What {@link #states} says of these: their names in the order of RFC 9293. */
    static List<String> words(List<TcpState> states) {
        return states.stream().filter(s -> s != TcpState.LISTEN && s != TcpState.CLOSED)
                .sorted(Comparator.naturalOrder()).map(s -> s.name().replace('_', '-')).toList();
    }

    /** Whether it is one that goes up; the kernel's tables have levels and constants beside them. */
    static boolean counts(String counter) {
        return switch (counter) {
            case "TcpRtoAlgorithm", "TcpRtoMin", "TcpRtoMax", "TcpMaxConn", "TcpCurrEstab" -> false;
            default -> true;
        };
    }
}
