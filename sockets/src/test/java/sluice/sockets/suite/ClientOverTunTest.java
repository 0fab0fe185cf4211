package sluice.sockets.suite;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** The suite with a client on the stack and a server on the kernel, over a TUN device. */
class ClientOverTunTest {
    private static @Nullable Tun tun;

    @BeforeAll
    static void start() throws IOException {
        tun = Tun.start();
    }

    @AfterAll
    static void end() {
        Tun started = tun;
        if (started != null) {
            started.close();
        }
    }

    private static Backend backend() {
        return new TunBackend(Objects.requireNonNull(tun), true);
    }

    @Nested
    class Streams extends StreamSuite {
        @Override
        Backend open() {
            return backend();
        }
    }

    @Nested
    class Closing extends ClosingSuite {
        @Override
        Backend open() {
            return backend();
        }
    }

    @Nested
    class Selectors extends SelectorSuite {
        @Override
        Backend open() {
            return backend();
        }
    }

    @Nested
    class Datagrams extends DatagramSuite {
        @Override
        Backend open() {
            return backend();
        }
    }

    @Nested
    class Sockets extends SocketSuite {
        @Override
        Backend open() {
            return backend();
        }
    }

    @Nested
    class SharedPorts extends SharedPortSuite {
        @Override
        Backend open() {
            return backend();
        }
    }

    @Nested
    class SocketClosing extends SocketClosingSuite {
        @Override
        Backend open() {
            return backend();
        }
    }

    @Nested
    class SourceFilters extends SourceFilterSuite {
        @Override
        Backend open() {
            return backend();
        }
    }

    @Nested
    class SourceFilters6 extends SourceFilter6Suite {
        @Override
        Backend open() {
            return backend();
        }
    }

    @Nested
    class Options extends OptionSuite {
        @Override
        Backend open() {
            return backend();
        }
    }

    @Nested
    class Adaptors extends AdaptorSuite {
        @Override
        Backend open() {
            return backend();
        }
    }

    @Nested
    class WithTls extends TlsSuite {
        @Override
        Backend open() {
            return backend();
        }
    }

    @Nested
    class Stress extends StressSuite {
        @Override
        Backend open() {
            return backend();
        }
    }

    @Nested
    class Pipes extends PipeSuite {
        @Override
        Backend open() {
            return backend();
        }
    }

    @Nested
    class BlockingStress extends BlockingStressSuite {
        @Override
        Backend open() {
            return backend();
        }
    }

    @Nested
    class SocketOptions extends SocketOptionSuite {
        @Override
        Backend open() {
            return backend();
        }
    }

    @Nested
    class DatagramSockets extends DatagramSocketSuite {
        @Override
        Backend open() {
            return backend();
        }
    }
}
