package sluice.cli.demo;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import sluice.cli.http.ByteConnection;
import sluice.cli.http.HttpClient;
import sluice.wire.IpAddress;

/** Whole requests over a connection, for either stack. */
final class Http {
    private static final int STALL_MS = 30_000;

    private Http() {}

    static String authority(IpAddress address, int port) {
        return (address.isV4() ? address.toString() : "[" + address + "]") + (port == 80 ? "" : ":" + port);
    }

    static void download(ByteConnection connection, String host, String name, Path to) throws IOException {
        connection.setReadTimeout(STALL_MS);
        HttpClient client = new HttpClient(connection);
        int status = client.get(host, "/" + name);
        try (FileChannel file = FileChannel.open(to, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            client.body(bytes -> {
                while (bytes.hasRemaining()) {
                    file.write(bytes);
                }
            });
        }
        check(status);
    }

    static void upload(ByteConnection connection, String host, String name, Path from) throws IOException {
        connection.setReadTimeout(STALL_MS);
        HttpClient client = new HttpClient(connection);
        int status = client.put(host, "/" + name, from, done -> {
        });
        client.body(bytes -> bytes.position(bytes.limit()));
        check(status);
    }

    private static void check(int status) throws IOException {
        if (status < 200 || status > 299) {
            throw new IOException("HTTP status " + status);
        }
    }
}
