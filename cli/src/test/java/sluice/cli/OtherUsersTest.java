package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sluice.cli.OtherUsers.Running;

/** {@code ./sluice ss} beside a {@code sudo ./sluice serve} says whose it is and what to do. */
class OtherUsersTest {
    private static Running java(long pid, String user, String... arguments) {
        return new Running(pid, user, List.of(arguments));
    }

    @Test
    void whatAnotherUserRunsIsNamed() {
        Stream<Running> all = Stream.of(java(7, "root", "-cp", "x.jar", "sluice.cli.Main", "serve", "--http", "/srv"),
                java(8, "me", "sluice.cli.Main", "serve"), java(9, "root", "sluice.cli.Main", "sim"),
                java(10, "root", "other.Main", "serve"), java(11, "", "sluice.cli.Main", "serve"));
        assertThat(OtherUsers.hint(all, "me"))
                .isEqualTo(", but root does (process 7): ask as that user, for root with sudo");
    }

    @Test
    void severalOfOneUserAreOne() {
        Stream<Running> all = Stream.of(java(9, "root", "sluice.cli.Main", "serve"),
                java(7, "root", "sluice.cli.Main", "nc"), java(8, "eve", "sluice.cli.Main", "serve"));
        assertThat(OtherUsers.hint(all, "me")).startsWith(", but eve does (process 8), root does (processes 7, 9): ");
    }

    @Test
    void nothingIsSaidOfOurOwn() {
        assertThat(OtherUsers.hint(Stream.of(java(8, "me", "sluice.cli.Main", "serve")), "me")).isEmpty();
        assertThat(OtherUsers.processes()).anyMatch(p -> p.pid() == ProcessHandle.current().pid());
    }
}
