package sluice.sockets.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import sluice.base.Entropy;
import sluice.core.HostConfig;
import sluice.engine.Stack;
import sluice.sockets.internal.nio.Channels;
import sluice.sockets.internal.nio.Site;

/** The suite's selector cases where our selector waits in one of the platform's. */
class MixedSelectorTest {
    /** A selector whose home is another host than its channels'. */
    private static final class TwoHosts {
        private final Stack other = Stack.builder(HostConfig.builder(Entropy.seeded(3)).build()).start();

        AbstractSelector selector(SelectorProvider provider) {
            return Channels.selector(provider, new Site(other.access()));
        }
    }

    @Nested
    class SelectorsOfTheKernelsChannels extends SelectorSuite {
        @Override
        Backend open() {
            return new MixedBackend(new KernelBackend(), p -> Channels.selector(p, null));
        }

        /** The platform's key that stands for ours is cancelled by the next selection: docs/jdk-differences.md. */
        @Override
        @Test
        void aRegisteredChannelStaysNonBlocking() throws Exception {
            Selector s = selector();
            SocketChannel c = nonBlockingPair().client();
            SelectionKey k = c.register(s, SelectionKey.OP_READ);
            fails(IllegalBlockingModeException.class, null, () -> c.configureBlocking(true));
            k.cancel();
            s.selectNow();
            c.configureBlocking(true);
            assertThat(c.isBlocking()).isTrue();
        }
    }

    @Nested
    class StressOfTheKernelsChannels extends StressSuite {
        @Override
        Backend open() {
            return new MixedBackend(new KernelBackend(), p -> Channels.selector(p, null));
        }
    }

    @Nested
    class SelectorsOfTwoHosts extends SelectorSuite {
        private final TwoHosts hosts = new TwoHosts();

        @Override
        Backend open() {
            return new MixedBackend(new MemoryBackend(), hosts::selector);
        }

        @AfterEach
        void closeOther() {
            hosts.other.close(Duration.ZERO);
        }
    }

    @Nested
    class StressOfTwoHosts extends StressSuite {
        private final TwoHosts hosts = new TwoHosts();

        @Override
        Backend open() {
            return new MixedBackend(new MemoryBackend(), hosts::selector);
        }

        @AfterEach
        void closeOther() {
            hosts.other.close(Duration.ZERO);
        }
    }
}
