package sluice.cli.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where control sockets lie: {@code $XDG_RUNTIME_DIR/sluice/PID.sock}, else {@code /tmp/sluice-UID/PID.sock}, in a
 * directory that only this user can enter.
 */
public final class ControlPaths {
    private static final String SUFFIX = ".sock";

    private ControlPaths() {}

    /** The directory; it need not exist. */
    public static Path directory() {
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        if (runtime != null && !runtime.isEmpty() && Files.isWritable(Path.of(runtime))) {
            return Path.of(runtime, "sluice");
        }
        return Path.of("/tmp", "sluice-" + userId());
    }

    private static Object userId() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException | UnsupportedOperationException e) {
            return System.getProperty("user.name");
        }
    }

    /** The path of a process's socket. */
    public static Path ofProcess(long pid) {
        return directory().resolve(pid + SUFFIX);
    }

    /** Makes the directory with mode 0700, or checks that one which exists is ours alone. */
    public static void prepare(Path directory) throws IOException {
        Set<PosixFilePermission> ours = PosixFilePermissions.fromString("rwx------");
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(ours));
        }
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                || !Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(Path.of("/proc/self")))
                || !ours.containsAll(Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS))) {
            throw new IOException(directory + " is not a directory that only this user can enter: remove it");
        }
    }

    /** The sockets of processes that run; those of dead ones are removed on the way. */
    public static List<Path> running() {
        List<Path> sockets = new ArrayList<>();
        Path directory = directory();
        if (!Files.isDirectory(directory)) {
            return sockets;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(SUFFIX) && isAlive(name.substring(0, name.length() - SUFFIX.length()))) {
                    sockets.add(file);
                } else if (name.endsWith(SUFFIX)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            return sockets; // what was found so far
        }
        return sockets;
    }

    private static boolean isAlive(String pid) {
        try {
            return ProcessHandle.of(Long.parseLong(pid)).isPresent();
        } catch (NumberFormatException e) {
            return true; // not named by us: leave it alone
        }
    }
}
