package sluice.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** The demo's directory of files that are sent and compared; deleted at the end. */
final class DemoFiles implements AutoCloseable {
    private final Path root;

    DemoFiles() throws IOException {
        root = Files.createTempDirectory("sluice-demo-");
        Files.createDirectory(ours());
        Files.createDirectory(others());
        Files.createDirectory(root.resolve("got"));
    }

    /** What our server serves. */
    Path ours() {
        return root.resolve("ours");
    }

    /** What the other side's server serves. */
    Path others() {
        return root.resolve("others");
    }

    /** Where a download goes. */
    Path got(String name) {
        return root.resolve("got").resolve(name);
    }

    /** Makes a file of random bytes for both servers; its SHA-256. */
    String make(String name, long bytes, long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        Path file = ours().resolve(name);
        ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long done = 0; done < bytes;) {
                buffer.clear();
                while (buffer.hasRemaining()) {
                    buffer.putLong(random.nextLong());
                }
                buffer.flip().limit((int) Math.min(buffer.capacity(), bytes - done));
                done += out.write(buffer);
            }
        }
        Files.createLink(others().resolve(name), file);
        return sha256(file);
    }

    static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 18];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public void close() throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
