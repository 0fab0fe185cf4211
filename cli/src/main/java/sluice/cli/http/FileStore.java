package sluice.cli.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/** A directory that is served: nothing outside of it can be reached, not by "..", not by symbolic links. */
final class FileStore {
    private static final String PARTIAL = ".sluice-part-";
    private static final AtomicLong NUMBER = new AtomicLong();

    private final Path root;

    FileStore(Path root) throws IOException {
        this.root = root.toRealPath();
    }

    Path root() {
        return root;
    }

    /** The existing file or directory that a path names. */
    Path find(String path) throws HttpException {
        Path file = resolve(path);
        try {
            Path real = file.toRealPath();
            if (!real.startsWith(root)) {
                throw new HttpException(403, "outside of what is served");
            }
            return real;
        } catch (IOException e) {
            throw new HttpException(404, "there is no " + path);
        }
    }

    /** Where an upload goes; for a directory a new name in it. The directory must exist. */
    Path target(String path) throws HttpException {
        Path file = resolve(path);
        if (Files.isDirectory(file)) {
            file = file.resolve("upload-" + System.currentTimeMillis() + "-" + NUMBER.incrementAndGet());
        }
        Path parent = file.getParent();
        try {
            if (parent == null || !parent.toRealPath().startsWith(root)) {
                throw new HttpException(403, "outside of what is served");
            }
        } catch (IOException e) {
            throw new HttpException(409, "there is no directory for " + path);
        }
        return file;
    }

    private Path resolve(String path) throws HttpException {
        Path file = root;
        for (String name : path.split("/", -1)) {
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (name.equals("..") || name.indexOf('\0') >= 0 || name.startsWith(PARTIAL)) {
                throw new HttpException(403, "outside of what is served");
            }
            try {
                file = file.resolve(name);
            } catch (InvalidPathException e) {
                throw new HttpException(400, "not a file name");
            }
        }
        return file;
    }

    /** What the disk says is an answer, unlike what the connection says, which ends it. */
    static void write(FileChannel out, ByteBuffer bytes) throws HttpException {
        try {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        } catch (IOException e) {
            throw new HttpException(507, "cannot store it: " + e.getMessage());
        }
    }

    /** Takes a body into a file beside the target, then puts it in its place at once. Whether the target is new. */
    boolean store(Path target, HttpInput body) throws IOException, HttpException {
        Path partial = target.resolveSibling(PARTIAL + NUMBER.incrementAndGet() + "-" + ProcessHandle.current().pid());
        ByteBuffer buffer = TransferBuffers.borrow();
        try {
            try (FileChannel out = FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                while (body.body(buffer.clear()) >= 0) {
                    write(out, buffer.flip());
                }
            }
            boolean created = !Files.exists(target);
            Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            return created;
        } finally {
            TransferBuffers.giveBack(buffer);
            Files.deleteIfExists(partial);
        }
    }
}
