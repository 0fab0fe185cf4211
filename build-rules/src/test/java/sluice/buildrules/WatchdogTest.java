package sluice.buildrules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.sluice.watchdog.Watchdog;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class WatchdogTest {
    /** A thread that cannot be interrupted, as one that waits in the stack. Not run by name: no test class's name. */
    static final class Hangs {
        @Test
        void forEver() {
            while (true) {
                LockSupport.park();
                Thread.interrupted();
            }
        }
    }

    /** A test JVM with that test. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) {
            LauncherFactory.create()
                    .execute(LauncherDiscoveryRequestBuilder.request().selectors(selectClass(Hangs.class))
                            .configurationParameter("junit.jupiter.execution.timeout.default", "5 s").build());
        }
    }

    @Test
    void aTestThatCannotBeInterruptedEndsItsJvmAndShowsWhere() throws Exception {
        Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Child.class.getName()).redirectErrorStream(true).start();
        String said = new String(child.getInputStream().readAllBytes(), UTF_8);
        assertThat(child.waitFor()).as(said).isEqualTo(Watchdog.EXIT);
        assertThat(said).contains("nothing has happened for 10.0 s", "[method:forEver()] began",
                "sluice.buildrules.WatchdogTest$Hangs.forEver(");
    }
}
