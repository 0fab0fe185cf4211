package sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sluice.base.Entropy;
import sluice.core.HostConfig;
import sluice.core.LinkProperties;
import sluice.link.PipeLink;

/** To which stack a thread belongs. */
class ThreadHostTest {
    private final PipeLink.Pair pipe = PipeLink.pair(LinkProperties.plain(1500), PipeLink.DEFAULT_QUEUE);
    private final Stack a = Stack.builder(HostConfig.builder(Entropy.seeded(1)).build()).link("pipe0", pipe.a())
            .start();
    private final Stack b = Stack.builder(HostConfig.builder(Entropy.seeded(2)).build()).link("pipe0", pipe.b())
            .start();

    @AfterEach
    void close() {
        a.close();
        b.close();
    }

    private static HostAccess on(Thread.Builder builder) throws Exception {
        FutureTask<HostAccess> task = new FutureTask<>(ThreadHost::current);
        builder.start(task);
        return task.get();
    }

    @Test
    void aThreadBelongsToWhatItEnteredLastAndAfterwardsWhereItDidBefore() throws Exception {
        assertThat(ThreadHost.current()).isNull();
        a.run(() -> {
            assertThat(ThreadHost.current()).isSameAs(a.access());
            b.run(() -> assertThat(ThreadHost.current()).isSameAs(b.access()));
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> b.run(() -> {
                throw new IllegalStateException();
            }));
            assertThat(ThreadHost.current()).isSameAs(a.access());
        });
        assertThat(ThreadHost.current()).isNull();
        assertThat(a.call(() -> 7)).isEqualTo(7);
    }

    @Test
    void threadsMadeInsideBelongThereToo() throws Exception {
        Callable<HostAccess> nested = () -> on(Thread.ofVirtual());
        assertThat(a.call(() -> on(Thread.ofPlatform()))).isSameAs(a.access());
        assertThat(a.call(nested)).isSameAs(a.access());
        FutureTask<HostAccess> grandchild = new FutureTask<>(nested);
        b.run(() -> Thread.ofPlatform().start(grandchild));
        assertThat(grandchild.get()).isSameAs(b.access());
        assertThat(a.call(() -> on(Thread.ofPlatform().inheritInheritableThreadLocals(false)))).isNull();
    }

    @Test
    void aPoolsWorkersBelongWhereTheyWereMade() throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(1)) {
            assertThat(a.call(() -> pool.submit(ThreadHost::current)).get()).isSameAs(a.access());
            assertThat(b.call(() -> pool.submit(ThreadHost::current)).get()).isSameAs(a.access());
            assertThat(pool.submit(ThreadHost::current).get()).isSameAs(a.access());
        }
    }
}
