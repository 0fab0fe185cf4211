package sluice.sockets.suite;

import java.net.DatagramSocket;
import org.junit.jupiter.api.Nested;

/** The suite on two stacks in memory. */
class InMemoryTest {
    @Nested
    class Streams extends StreamSuite {
        @Override
        Backend open() {
            return new MemoryBackend();
        }
    }

    @Nested
    class Closing extends ClosingSuite {
        @Override
        Backend open() {
            return new MemoryBackend();
        }
    }

    @Nested
    class Selectors extends SelectorSuite {
        @Override
        Backend open() {
            return new MemoryBackend();
        }
    }

    @Nested
    class Datagrams extends DatagramSuite {
        @Override
        Backend open() {
            return new MemoryBackend();
        }
    }

    @Nested
    class Sockets extends SocketSuite {
        @Override
        Backend open() {
            return new MemoryBackend();
        }
    }

    @Nested
    class SocketClosing extends SocketClosingSuite {
        @Override
        Backend open() {
            return new MemoryBackend();
        }
    }

    @Nested
    class SharedPorts extends SharedPortSuite {
        @Override
        Backend open() {
            return new MemoryBackend();
        }
    }

    @Nested
    class SourceFilters extends SourceFilterSuite {
        @Override
        Backend open() {
            return new MemoryBackend();
        }
    }

    @Nested
    class SourceFilters6 extends SourceFilter6Suite {
        @Override
        Backend open() {
            return new MemoryBackend();
        }
    }

    @Nested
    class Options extends OptionSuite {
        @Override
        Backend open() {
            return new MemoryBackend();
        }
    }

    @Nested
    class Adaptors extends AdaptorSuite {
        @Override
        Backend open() {
            return new MemoryBackend();
        }
    }

    @Nested
    class WithTls extends TlsSuite {
        @Override
        Backend open() {
            return new MemoryBackend();
        }
    }

    @Nested
    class Stress extends StressSuite {
        @Override
        Backend open() {
            return new MemoryBackend();
        }
    }

    @Nested
    class Pipes extends PipeSuite {
        @Override
        Backend open() {
            return new MemoryBackend();
        }
    }

    @Nested
    class BlockingStress extends BlockingStressSuite {
        @Override
        Backend open() {
            return new MemoryBackend();
        }
    }

    @Nested
    class SocketOptions extends SocketOptionSuite {
        @Override
        Backend open() {
            return new MemoryBackend();
        }
    }

    @Nested
    class DatagramSockets extends DatagramSocketSuite {
        @Override
        Backend open() {
            return new MemoryBackend();
        }
    }

    /** Sockets that the JVM's factory makes. */
    @Nested
    class FactoryDatagramSockets extends DatagramSocketSuite {
        @Override
        Backend open() {
            return new MemoryBackend() {
                @Override
                public DatagramSocket newDatagramSocket() {
                    return new FactorySocket(datagramSocketFactory().createDatagramSocketImpl());
                }
            };
        }
    }

    @Nested
    class Asynchronous extends AsyncSuite {
        @Override
        Backend open() {
            return new MemoryBackend();
        }
    }
}
