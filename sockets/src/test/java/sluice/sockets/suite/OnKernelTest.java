package sluice.sockets.suite;

import org.junit.jupiter.api.Nested;

/** The suite on the JDK's kernel sockets: what it asks is what they do. */
class OnKernelTest {
    @Nested
    class Streams extends StreamSuite {
        @Override
        Backend open() {
            return new KernelBackend();
        }
    }

    @Nested
    class Closing extends ClosingSuite {
        @Override
        Backend open() {
            return new KernelBackend();
        }
    }

    @Nested
    class Selectors extends SelectorSuite {
        @Override
        Backend open() {
            return new KernelBackend();
        }
    }

    @Nested
    class Datagrams extends DatagramSuite {
        @Override
        Backend open() {
            return new KernelBackend();
        }
    }

    @Nested
    class Sockets extends SocketSuite {
        @Override
        Backend open() {
            return new KernelBackend();
        }
    }

    @Nested
    class SocketClosing extends SocketClosingSuite {
        @Override
        Backend open() {
            return new KernelBackend();
        }
    }

    @Nested
    class SharedPorts extends SharedPortSuite {
        @Override
        Backend open() {
            return new KernelBackend();
        }
    }

    @Nested
    class SourceFilters extends SourceFilterSuite {
        @Override
        Backend open() {
            return new KernelBackend();
        }
    }

    @Nested
    class Options extends OptionSuite {
        @Override
        Backend open() {
            return new KernelBackend();
        }
    }

    @Nested
    class Adaptors extends AdaptorSuite {
        @Override
        Backend open() {
            return new KernelBackend();
        }
    }

    @Nested
    class WithTls extends TlsSuite {
        @Override
        Backend open() {
            return new KernelBackend();
        }
    }

    @Nested
    class Stress extends StressSuite {
        @Override
        Backend open() {
            return new KernelBackend();
        }
    }

    @Nested
    class Pipes extends PipeSuite {
        @Override
        Backend open() {
            return new KernelBackend();
        }
    }

    @Nested
    class BlockingStress extends BlockingStressSuite {
        @Override
        Backend open() {
            return new KernelBackend();
        }
    }

    @Nested
    class SocketOptions extends SocketOptionSuite {
        @Override
        Backend open() {
            return new KernelBackend();
        }
    }

    @Nested
    class DatagramSockets extends DatagramSocketSuite {
        @Override
        Backend open() {
            return new KernelBackend();
        }
    }

    @Nested
    class Asynchronous extends AsyncSuite {
        @Override
        Backend open() {
            return new KernelBackend();
        }
    }
}
