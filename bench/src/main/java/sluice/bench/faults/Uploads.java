package sluice.bench.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files put into the served directory, one after the other, each on a connection of its own. One that was answered
 * with 201 was acknowledged by the application too: it must be there at the end.
 */
final class Uploads implements Runnable {
    private static final int BYTES = 20_000;
    private static final int EVERY_MS = 50;
    /** Streams of the echo have the numbers below. */
    private static final int FIRST = 1_000_000;

    private final InetSocketAddress server;
    private final Path directory;
    private final int patienceMs;
    private final List<Integer> acknowledged = new ArrayList<>();
    private volatile boolean stop;
    private int asked;
    private int refused;
    private int unanswered;
    private @Nullable String lastRefusal;

    Uploads(InetSocketAddress server, Path directory, int patienceMs) {
        this.server = server;
        this.directory = directory;
        this.patienceMs = patienceMs;
    }

    @Override
    public void run() {
        while (!stop) {
            int number = asked++;
            try {
                String status = put(number);
                if (status.startsWith("HTTP/1.1 201")) {
                    acknowledged.add(number);
                } else {
                    refused++;
                    lastRefusal = status;
                }
            } catch (IOException e) {
                unanswered++;
                lastRefusal = e.getMessage();
            }
            try {
                Thread.sleep(EVERY_MS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private String put(int number) throws IOException {
        byte[] body = new byte[BYTES];
        Pattern.fill(body, FIRST + number, 0);
        try (Socket socket = Connecting.to(server, patienceMs)) {
            String head = "PUT /u" + number + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: "
                    + BYTES + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            String line = new BufferedReader(
                    new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)).readLine();
            if (line == null) {
                throw new IOException("closed without an answer");
            }
            return line;
        }
    }

    void stop() {
        stop = true;
    }

    /** How many of those acknowledged are not in the directory as they were sent. */
    int missing() throws IOException {
        int missing = 0;
        byte[] body = new byte[BYTES];
        for (int number : acknowledged) {
            Path file = directory.resolve("u" + number);
            Pattern.fill(body, FIRST + number, 0);
            if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), body)) {
                missing++;
            }
        }
        return missing;
    }

    int acknowledged() {
        return acknowledged.size();
    }

    int refused() {
        return refused;
    }

    int unanswered() {
        return unanswered;
    }

    /** What the last one that was not stored was told; null when all were. */
    @Nullable String lastRefusal() {
        return lastRefusal;
    }
}
