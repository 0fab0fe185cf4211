package sluice.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where control sockets lie: {@code $XDG_RUNTIME_DIR/sluice/PID.sock} where there is such a directory of this user's,
 * else {@code /tmp/sluice-UID/PID.sock}; a second stack of a process is {@code PID-2.sock}. The directory is one that
 * only this user can enter: who opens a socket and who looks for one both check it, for anybody may make directories in
 * {@code /tmp}. Immutable.
 */
public final class ControlPaths {
    /** Stacks of one process that can be asked. */
    private static final int MOST_OF_PROCESS = 64;

    private static final String SUFFIX = ".sock";
    /** A process's number has seven digits at most (PID_MAX_LIMIT). */
    private static final String LONGEST_NAME = "4194304-" + MOST_OF_PROCESS + SUFFIX;
    /** What sockaddr_un holds, bytes. */
    private static final int LONGEST_PATH = 107;

    private final List<Path> directories;

    private ControlPaths(List<Path> directories) {
        this.directories = List.copyOf(directories);
    }

    /** Where the commands of this user look. */
    public static ControlPaths ofUser() {
        return of(System.getenv("XDG_RUNTIME_DIR"), Path.of("/tmp"), userId());
    }

    /** One directory. */
    static ControlPaths in(Path directory) {
        return new ControlPaths(List.of(directory));
    }

    /**
     * The usual places.
     *
     * @param runtime the user's run-time directory, as the environment calls it
     * @param temporary where everybody may make directories
     */
    static ControlPaths of(@Nullable String runtime, Path temporary, String user) {
        List<Path> places = new ArrayList<>();
        Path own = runtime == null ? null : runTime(runtime);
        if (own != null) {
            places.add(own);
        }
        places.add(temporary.resolve("sluice-" + user));
        return new ControlPaths(places);
    }

    /** Ours within the run-time directory; null where that is none, or sockets in it would have names too long. */
    private static @Nullable Path runTime(String runtime) {
        try {
            Path directory = Path.of(runtime);
            Path own = directory.resolve("sluice");
            boolean fits = own.resolve(LONGEST_NAME).toString().getBytes(UTF_8).length <= LONGEST_PATH;
            // one that is not absolute is to be passed over (XDG Base Directory Specification)
            return directory.isAbsolute() && fits && isOurs(directory) ? own : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /** The user's number as those outside a user namespace know it: root inside {@code unshare -r} is not root. */
    private static String userId() {
        try {
            int id = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            return Long.toString(outerId(Integer.toUnsignedLong(id), Files.readString(Path.of("/proc/self/uid_map"))));
        } catch (IOException | UnsupportedOperationException e) {
            return System.getProperty("user.name");
        }
    }

    /** What {@code id} is outside, by the lines {@code INSIDE OUTSIDE COUNT} of a uid_map. */
    static long outerId(long id, String map) {
        for (String line : map.lines().toList()) {
            String[] words = line.strip().split("\\s+", -1);
            if (words.length == 3) {
                long inside = Long.parseLong(words[0]);
                if (id >= inside && id - inside < Long.parseLong(words[2])) {
                    return Long.parseLong(words[1]) + (id - inside);
                }
            }
        }
        return id;
    }

    /** Where is looked; the first is where new sockets go. They need not exist. */
    public List<Path> directories() {
        return directories;
    }

    /**
     * The path of a process's first socket, which need not exist.
     *
     * @throws IOException when it lies in a directory that others can write
     */
    public Path ofProcess(long pid) throws IOException {
        for (Path directory : directories) {
            Path socket = directory.resolve(pid + SUFFIX);
            if (Files.exists(socket)) {
                check(directory);
                return socket;
            }
        }
        return directories.getFirst().resolve(pid + SUFFIX);
    }

    /**
     * A free path for a socket of this process, in a directory that is made when there is none.
     *
     * @throws IOException when the directory is not ours alone, or cannot be made
     */
    Path free() throws IOException {
        Path directory = directories.getFirst();
        prepare(directory);
        long pid = ProcessHandle.current().pid();
        for (int n = 1; n <= MOST_OF_PROCESS; n++) {
            Path path = directory.resolve(n == 1 ? pid + SUFFIX : pid + "-" + n + SUFFIX);
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                return path;
            }
            if (!answers(path) && isRemoved(path)) { // of a dead process with our number
                return path;
            }
        }
        throw new IOException("this process has " + MOST_OF_PROCESS + " control sockets");
    }

    private static void prepare(Path directory) throws IOException {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            try {
                Files.createDirectory(directory,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } catch (FileAlreadyExistsException e) {
                // somebody was faster: us, or not
            }
        }
        check(directory);
    }

    /** Only this user can enter it. */
    private static void check(Path directory) throws IOException {
        Set<PosixFilePermission> ours = PosixFilePermissions.fromString("rwx------");
        if (!isOurs(directory)
                || !ours.containsAll(Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS))) {
            throw new IOException(directory + " is not a directory that only this user can enter: remove it");
        }
    }

    private static boolean isOurs(Path directory) {
        try {
            return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS) && Files
                    .getOwner(directory, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(Path.of("/proc/self")));
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * The sockets of processes that run; those of dead ones are removed on the way. A directory that is not ours alone
     * is not looked into.
     *
     * @throws IOException when nothing was found and there is such a directory, or one cannot be read
     */
    public List<Path> running() throws IOException {
        List<Path> sockets = new ArrayList<>();
        IOException problem = null;
        for (Path directory : directories) {
            if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
                try {
                    check(directory);
                    look(directory, sockets);
                } catch (IOException e) {
                    problem = e;
                }
            }
        }
        if (sockets.isEmpty() && problem != null) {
            throw problem;
        }
        return sockets;
    }

    private static void look(Path directory, List<Path> sockets) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(SUFFIX)) {
                    if (isAlive(name.substring(0, name.length() - SUFFIX.length())) || answers(file)) {
                        sockets.add(file);
                    } else {
                        isRemoved(file);
                    }
                }
            }
        }
    }

    /** What cannot be removed is left alone: it hides no other. */
    private static boolean isRemoved(Path file) {
        try {
            Files.deleteIfExists(file);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isAlive(String name) {
        int dash = name.indexOf('-');
        try {
            return ProcessHandle.of(Long.parseLong(dash < 0 ? name : name.substring(0, dash))).isPresent();
        } catch (NumberFormatException e) {
            return true; // not named by us: leave it alone
        }
    }

    /** Whether somebody listens: a process of another PID namespace is alive although we do not see it. */
    private static boolean answers(Path socket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            return false;
        }
    }
}
