package sluice.lab.against;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A play's client and server, the wire between them, and what came out. Its words may be used by several threads. */
public final class Players {
    /** Where servers listen. */
    public static final int PORT = 80;
    private static final int LIMIT_MS = 10_000;

    private final Side client;
    private final Side server;
    private final Wire wire;
    private final Map<String, Long> clientBefore;
    private final Map<String, Long> serverBefore;
    private final List<Outcome> outcomes = Collections.synchronizedList(new ArrayList<>());
    private final List<AutoCloseable> open = new ArrayList<>();
    private volatile @Nullable Throwable failure;

    /** Between these two. */
    public Players(Side client, Side server, Wire wire) {
        this.client = client;
        this.server = server;
        this.wire = wire;
        clientBefore = client.counters();
        serverBefore = server.counters();
    }

    /** The end that connects. */
    public Side client() {
        return client;
    }

    /** The end that listens. */
    public Side server() {
        return server;
    }

    /** Between them. */
    public Wire wire() {
        return wire;
    }

    // --- sockets: calls that would wait longer than ten seconds fail ---

    /** Both ends of a connection. */
    public record Pair(Socket client, Socket server) {}

    /** The server listens. */
    public ServerSocket listen(int backlog) throws IOException {
        return listen(backlog, 0);
    }

    /** The same with a receive buffer for what is accepted; 0 for the default. */
    public ServerSocket listen(int backlog, int receiveBuffer) throws IOException {
        ServerSocket s = kept(server.serverSocket());
        s.setSoTimeout(LIMIT_MS);
        if (receiveBuffer > 0) {
            s.setReceiveBufferSize(receiveBuffer);
        }
        s.bind(new InetSocketAddress(server.address(), PORT), backlog);
        return s;
    }

    /** A client's socket, not connected. */
    public Socket socket() throws IOException {
        Socket s = kept(client.socket());
        s.setSoTimeout(LIMIT_MS);
        return s;
    }

    /** A socket of the other end. */
    public Socket peerSocket() throws IOException {
        Socket s = kept(server.socket());
        s.setSoTimeout(LIMIT_MS);
        return s;
    }

    /** Connects to where servers listen. */
    public Socket connect() throws IOException {
        Socket s = socket();
        s.connect(new InetSocketAddress(server.address(), PORT), LIMIT_MS);
        return s;
    }

    /** Listens, connects, accepts. */
    public Pair connected() throws IOException {
        return connected(0);
    }

    /** The same with a receive buffer at the server. */
    public Pair connected(int receiveBuffer) throws IOException {
        ServerSocket l = listen(16, receiveBuffer);
        Socket c = connect();
        return new Pair(c, accept(l));
    }

    /** Takes a connection from the queue. */
    public Socket accept(ServerSocket l) throws IOException {
        Socket s = kept(l.accept());
        s.setSoTimeout(LIMIT_MS);
        return s;
    }

    private <T extends AutoCloseable> T kept(T socket) {
        synchronized (open) {
            open.add(socket);
        }
        return socket;
    }

    /** Closes what the play left open. */
    void end() {
        synchronized (open) {
            for (AutoCloseable s : open) {
                try {
                    s.close();
                } catch (Exception e) {
                    // it is closed now
                }
            }
        }
    }

    /** Reads so many bytes, or up to the end; how many there were. */
    public static int read(Socket s, int bytes) throws IOException {
        return s.getInputStream().readNBytes(bytes).length;
    }

    /** Writes so many bytes. */
    public static void write(Socket s, int bytes) throws IOException {
        s.getOutputStream().write(new byte[bytes]);
    }

    /** Something that one of the applications does meanwhile. */
    @FunctionalInterface
    public interface Work {
        /** Does it. */
        void go() throws Exception;
    }

    /** Does it on a thread of its own; what it throws is the play's failure. */
    public Thread background(Work work) {
        return Thread.ofPlatform().daemon().start(() -> {
            try {
                work.go();
            } catch (Exception | Error e) {
                failure = e;
            }
        });
    }

    /** What a thread in the background threw; null when none did. */
    @Nullable Throwable failure() {
        return failure;
    }

    /** What a call that has to fail says. */
    public static String error(Callable<?> call) {
        try {
            return "none (" + call.call() + ")";
        } catch (Exception e) {
            return String.valueOf(e.getMessage());
        }
    }

    // --- time ---

    /** Waits for something, ten seconds at most. */
    public static void until(String what, BooleanSupplier is) throws InterruptedException {
        long end = System.nanoTime() + LIMIT_MS * 1_000_000L;
        while (!is.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("not within " + LIMIT_MS / 1000 + " s: " + what);
            }
            rest(5);
        }
    }

    /** Lets time pass. */
    public static void rest(long ms) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(ms);
    }

    /** The client's only connection to the server, by state; "CLOSED" when there is none. */
    public String clientState() {
        return state(client);
    }

    /** The server's. */
    public String serverState() {
        return state(server);
    }

    private static String state(Side side) {
        List<String> all = side.states(PORT);
        return all.isEmpty() ? "CLOSED" : String.join(" ", all);
    }

    /** Waits until both are in these states. */
    public void untilStates(String ofClient, String ofServer) throws InterruptedException {
        try {
            until("", () -> clientState().equals(ofClient) && serverState().equals(ofServer));
        } catch (IllegalStateException e) {
            throw new IllegalStateException("expected " + ofClient + " and " + ofServer + ", and there are "
                    + clientState() + " and " + serverState(), e);
        }
    }

    // --- what came out ---

    /** Keeps an outcome that has to be the same. */
    public void outcome(String what, Object value) {
        outcomes.add(new Outcome(what, String.valueOf(value), ""));
    }

    /** Keeps something that has to be so at both; the play ends when it is not. */
    public void holds(String what, boolean is) {
        outcome(what, is);
        if (!is) {
            throw new IllegalStateException("it is not so that " + what);
        }
    }

    /** Keeps one that may differ, and why. */
    public void outcome(String what, Object value, String why) {
        outcomes.add(new Outcome(what, String.valueOf(value), why));
    }

    /** How often a counter of the client moved. */
    public long clientCount(String name) {
        return client.counters().getOrDefault(name, 0L) - clientBefore.getOrDefault(name, 0L);
    }

    /** How often a counter of the server moved. */
    public long serverCount(String name) {
        return server.counters().getOrDefault(name, 0L) - serverBefore.getOrDefault(name, 0L);
    }

    /** Everything that was kept. */
    List<Outcome> outcomes() {
        return List.copyOf(outcomes);
    }

    /** What moved at an end, by name. */
    Map<String, Long> moved(boolean ofClient) {
        Map<String, Long> before = ofClient ? clientBefore : serverBefore;
        Map<String, Long> moved = new TreeMap<>();
        (ofClient ? client : server).counters().forEach((name, value) -> {
            long by = value - before.getOrDefault(name, 0L);
            if (by != 0) {
                moved.put(name, by);
            }
        });
        return moved;
    }
}
