package sluice.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where sockets are put and looked for, and whose directories are trusted. */
class ControlPathsTest {
    @TempDir
    Path directory;

    private Path make(String name, String permissions) throws IOException {
        Path made = Files.createDirectory(directory.resolve(name));
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(permissions));
        return made;
    }

    /** A directory that only somebody else can enter. */
    private Path foreign() throws IOException {
        if ((int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") != 0) {
            return Path.of("/root");
        }
        Path foreign = make("foreign", "rwx------");
        Files.setAttribute(foreign, "unix:uid", 65534);
        return foreign;
    }

    @Test
    void theRunTimeDirectoryComesFirstWhereThereIsOneOfOurs() throws IOException {
        Path runtime = make("runtime", "rwx------");
        Path other = directory.resolve("sluice-7");
        assertThat(ControlPaths.of(runtime.toString(), directory, "7").directories())
                .containsExactly(runtime.resolve("sluice"), other);
        assertThat(ControlPaths.of(null, directory, "7").directories()).containsExactly(other);
        assertThat(ControlPaths.of("", directory, "7").directories()).containsExactly(other);
        assertThat(ControlPaths.of(directory + "/none", directory, "7").directories()).containsExactly(other);
        assertThat(ControlPaths.of(foreign().toString(), directory, "7").directories()).containsExactly(other);
    }

    /** A relative one would be another for the client; a socket's name has 107 bytes at most. */
    @Test
    void aRunTimeDirectoryThatCannotServeIsPassedOver() throws IOException {
        Path other = directory.resolve("sluice-7");
        Path relative = Path.of("").toAbsolutePath().relativize(make("runtime", "rwx------").toRealPath());
        assertThat(relative.isAbsolute()).isFalse();
        assertThat(ControlPaths.of(relative.toString(), directory, "7").directories()).containsExactly(other);
        assertThat(ControlPaths.of("a\0b", directory, "7").directories()).containsExactly(other);
        int room = 107 - "/sluice/4194304-64.sock".length() - directory.toString().length() - 1;
        Path longest = make("x".repeat(room), "rwx------");
        assertThat(ControlPaths.of(longest.toString(), directory, "7").directories()).hasSize(2);
        Path tooLong = make("x".repeat(room + 1), "rwx------");
        assertThat(ControlPaths.of(tooLong.toString(), directory, "7").directories()).containsExactly(other);
    }

    /** Of dead processes, by their names. */
    @Test
    void whatCannotBeRemovedHidesNothing() throws IOException {
        Path ours = make("ours", "rwx------");
        long pid = ProcessHandle.current().pid();
        for (String name : new String[]{"4194305.sock", pid + ".sock"}) {
            Files.createFile(Files.createDirectory(ours.resolve(name)).resolve("file"));
        }
        ControlPaths paths = ControlPaths.in(ours);
        Path socket = paths.free();
        assertThat(socket).isEqualTo(ours.resolve(pid + "-2.sock"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            assertThat(paths.running()).contains(socket);
        }
    }

    @Test
    void aClientLooksInBothPlaces() throws IOException {
        Path runtime = make("runtime", "rwx------");
        ControlPaths withRuntime = ControlPaths.of(runtime.toString(), directory, "7");
        Path elsewhere = ControlPaths.of(null, directory, "7").free();
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(elsewhere));
            assertThat(withRuntime.running()).containsExactly(elsewhere);
            assertThat(withRuntime.ofProcess(ProcessHandle.current().pid())).isEqualTo(elsewhere);
        }
    }

    @Test
    void aDirectoryOfSomebodyElseIsNotLookedInto() throws IOException {
        ControlPaths paths = ControlPaths.in(foreign());
        assertThatThrownBy(paths::running).isInstanceOf(IOException.class).hasMessageContaining("only this user");
        assertThatThrownBy(paths::free).isInstanceOf(IOException.class).hasMessageContaining("only this user");
    }

    @Test
    void aDirectoryThatOthersCanEnterIsNotLookedInto() throws IOException {
        Path open = make("open", "rwxrwx---");
        Path socket = Files.createFile(open.resolve("1.sock"));
        ControlPaths paths = ControlPaths.in(open);
        assertThatThrownBy(paths::running).hasMessageContaining("only this user");
        assertThatThrownBy(() -> paths.ofProcess(1)).hasMessageContaining("only this user");
        assertThat(socket).exists();
    }

    @Test
    void aLinkToADirectoryIsNone() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), make("real", "rwx------"));
        assertThatThrownBy(() -> ControlPaths.in(link).free()).hasMessageContaining("only this user");
    }

    @Test
    void aForeignDirectoryDoesNotHideWhatIsFound() throws IOException {
        make("sluice-7", "rwxrwxrwx");
        ControlPaths paths = ControlPaths.of(make("runtime", "rwx------").toString(), directory, "7");
        Path socket = paths.free();
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            assertThat(paths.running()).containsExactly(socket);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0 1000 1, 1000", "0, 0 0 4294967295, 0", "1000, 0 0 4294967295, 1000", "5, 0 1000 1, 5",
        "5, 0 100000 65536, 100005", "7, '0 1000 1\n1 200000 100', 200006", "0, '         0       1000          1\n', "
                + "1000"})
    void rootOfAUserNamespaceIsTheUserOutside(long inside, String map, long outside) {
        assertThat(ControlPaths.outerId(inside, map)).isEqualTo(outside);
    }
}
