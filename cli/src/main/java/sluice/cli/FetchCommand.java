package sluice.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.cli.http.ChannelConnection;
import sluice.cli.http.HttpClient;
import sluice.observe.json.JsonWriter;
import sluice.wire.IpAddress;

/** {@code sluice fetch}. */
@Command(name = "fetch", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Download or upload a file over HTTP on our stack.",
        footer = {"", "Examples:", "  sluice fetch http://10.99.0.1:8000/file -o file --sha256",
            "  sluice fetch -T file http://10.99.0.1:8000/file", "",
            "Exit status: 0 the file is whole and the server said 2xx, 1 not so, 2 wrong usage."})
final class FetchCommand implements Callable<Integer> {
    @Parameters(paramLabel = "URL", description = "http://host[:port]/path")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String url;

    @Option(names = "-o", paramLabel = "FILE", description = "Where to write it (default: standard output).")
    private @Nullable Path output;

    @Option(names = "-T", paramLabel = "FILE", description = "Upload this file with PUT.")
    private @Nullable Path upload;

    @Option(names = "--sha256", description = "Print the SHA-256 of the file to standard error.")
    private boolean sha256;

    @Option(names = "--json", description = "Print a summary as JSON to standard error.")
    private boolean json;

    @Mixin
    private StackOptions stackOptions = new StackOptions();

    FetchCommand() {}

    @Override
    public Integer call() throws IOException {
        URI uri = parse();
        Path file = upload;
        Limits.input(stackOptions.spec, "-T", file);
        Limits.output(stackOptions.spec, "-o", output);
        stackOptions.check();
        IpAddress address = Names.resolve(stackOptions.spec, "URL host", uri.getHost());
        int port = uri.getPort() < 0 ? 80 : uri.getPort();
        String target = (uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath())
                + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        RunningStack.Extras extras = new RunningStack.Extras();
        extras.title = "fetch " + url;
        long startNs = System.nanoTime();
        try (RunningStack running = RunningStack.start(stackOptions, extras);
                ChannelConnection connection = Connecting.to(running.stack(), address, port)) {
            long connectedNs = System.nanoTime();
            HttpClient client = new HttpClient(connection);
            Progress progress = new Progress(err());
            long uploaded = 0;
            int status;
            if (file != null) {
                uploaded = Files.size(file);
                long size = uploaded;
                status = client.put(uri.getAuthority(), target, file, done -> progress.update(done, size));
            } else {
                status = client.get(uri.getAuthority(), target);
            }
            boolean good = status >= 200 && status < 300;
            MessageDigest digest = digest();
            long bytes = receive(client, good, progress, digest);
            progress.end();
            report(status, file == null ? bytes : uploaded, System.nanoTime() - connectedNs, connectedNs - startNs,
                    digest, file == null);
            return good ? Main.OK : Main.FAILED;
        }
    }

    private PrintWriter err() {
        return stackOptions.spec.commandLine().getErr();
    }

    private long receive(HttpClient client, boolean good, Progress progress, MessageDigest digest) throws IOException {
        long length = client.contentLength();
        boolean toFile = output != null && good && upload == null;
        try (OutputStream none = OutputStream.nullOutputStream();
                WritableByteChannel channel = toFile && output != null ? Files.newByteChannel(output,
                        java.util.Set.of(java.nio.file.StandardOpenOption.CREATE,
                                java.nio.file.StandardOpenOption.WRITE,
                                java.nio.file.StandardOpenOption.TRUNCATE_EXISTING))
                        : Channels.newChannel(none)) {
            WritableByteChannel to = toFile ? channel : Channels.newChannel(good ? System.out : System.err);
            long[] done = {0};
            long total = client.body(bytes -> {
                done[0] += bytes.remaining();
                if (sha256) {
                    ByteBuffer view = bytes.duplicate();
                    digest.update(view);
                }
                write(bytes, to, toFile ? output : null);
                progress.update(done[0], length);
            });
            System.out.flush();
            return total;
        }
    }

    private static void write(ByteBuffer bytes, WritableByteChannel to, @Nullable Path file) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                to.write(bytes);
            }
        } catch (IOException e) {
            if (file == null) {
                throw e;
            }
            throw new Failure(Unwritable.text("-o", file, e));
        }
    }

    private void report(int status, long bytes, long nanos, long connectNanos, MessageDigest digest, boolean download) {
        String sum = sha256 && download ? HexFormat.of().formatHex(digest.digest()) : null;
        if (json) {
            JsonWriter out = new JsonWriter().beginObject().field("status", status).field("bytes", bytes)
                    .field("seconds", nanos / 1e9).field("connectSeconds",
                            connectNanos / 1e9);
            if (sum != null) {
                out.field("sha256", sum);
            }
            err().println(out.endObject());
            return;
        }
        err().println("HTTP " + status + ", " + Quantities.bytes(bytes) + " in "
                + String.format(java.util.Locale.ROOT, "%.2f", nanos / 1e9) + " s, "
                + Quantities.rate(bytes, nanos));
        if (sum != null) {
            err().println("sha256 " + sum);
        }
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private URI parse() {
        try {
            URI uri = new URI(url);
            if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null || uri.getPort() == 0
                    || uri.getPort() > 65_535) {
                throw stackOptions.usage("URL \"" + url + "\": write it as http://host[:port]/path (there is no TLS)");
            }
            return uri;
        } catch (URISyntaxException e) {
            throw stackOptions.usage("URL \"" + url + "\" is not a URL: " + e.getReason());
        }
    }
}
