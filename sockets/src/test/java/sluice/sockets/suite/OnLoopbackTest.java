package sluice.sockets.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The suite on the loopback of one stack. */
class OnLoopbackTest {
    @Nested
    class Streams extends StreamSuite {
        @Override
        Backend open() {
            return new LoopbackBackend();
        }
    }

    @Nested
    class Closing extends ClosingSuite {
        @Override
        Backend open() {
            return new LoopbackBackend();
        }
    }

    @Nested
    class Selectors extends SelectorSuite {
        @Override
        Backend open() {
            return new LoopbackBackend();
        }
    }

    @Nested
    class Sockets extends SocketSuite {
        @Override
        Backend open() {
            return new LoopbackBackend();
        }
    }

    @Nested
    class SocketClosing extends SocketClosingSuite {
        @Override
        Backend open() {
            return new LoopbackBackend();
        }
    }

    @Nested
    class SharedPorts extends SharedPortSuite {
        @Override
        Backend open() {
            return new LoopbackBackend();
        }
    }

    @Nested
    class Options extends OptionSuite {
        @Override
        Backend open() {
            return new LoopbackBackend();
        }
    }

    @Nested
    class Adaptors extends AdaptorSuite {
        @Override
        Backend open() {
            return new LoopbackBackend();
        }
    }

    @Nested
    class Stress extends StressSuite {
        @Override
        Backend open() {
            return new LoopbackBackend();
        }
    }

    @Nested
    class BlockingStress extends BlockingStressSuite {
        @Override
        Backend open() {
            return new LoopbackBackend();
        }
    }

    @Nested
    class SocketOptions extends SocketOptionSuite {
        @Override
        Backend open() {
            return new LoopbackBackend();
        }
    }

    @Nested
    class LoopedDatagrams extends Suite {
        @Override
        Backend open() {
            return new LoopbackBackend();
        }

        /** What a host sends to itself wakes those who wait there, though nothing leaves it. */
        @Test
        void aDatagramEndsABlockedSelect() throws Exception {
            DatagramChannel to = closing(backend.server().openDatagramChannel())
                    .bind(new InetSocketAddress(backend.serverAddress(), 0));
            to.configureBlocking(false);
            Selector s = serverSelector();
            to.register(s, SelectionKey.OP_READ);
            DatagramChannel from = closing(backend.client().openDatagramChannel());
            for (int i = 0; i < 20; i++) {
                FutureTask<Integer> selecting = new FutureTask<>(s::select);
                awaitBlocked(Thread.ofPlatform().daemon().start(selecting));
                from.send(bytes("x"), to.getLocalAddress());
                assertThat(get(selecting)).isEqualTo(1);
                s.selectedKeys().clear();
                assertThat(to.receive(ByteBuffer.allocate(1))).isNotNull();
            }
        }
    }
}
