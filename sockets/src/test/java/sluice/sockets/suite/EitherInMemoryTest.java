package sluice.sockets.suite;

import org.junit.jupiter.api.Nested;

/** The suite on channels of the default provider whose addresses are of two stacks. */
class EitherInMemoryTest {
    @Nested
    class Streams extends StreamSuite {
        @Override
        Backend open() {
            return MemoryBackend.either();
        }
    }

    @Nested
    class Closing extends ClosingSuite {
        @Override
        Backend open() {
            return MemoryBackend.either();
        }
    }

    @Nested
    class Selectors extends SelectorSuite {
        @Override
        Backend open() {
            return MemoryBackend.either();
        }
    }

    @Nested
    class Datagrams extends DatagramSuite {
        @Override
        Backend open() {
            return MemoryBackend.either();
        }
    }

    @Nested
    class Options extends OptionSuite {
        @Override
        Backend open() {
            return MemoryBackend.either();
        }
    }

    @Nested
    class Adaptors extends AdaptorSuite {
        @Override
        Backend open() {
            return MemoryBackend.either();
        }
    }

    @Nested
    class DatagramSockets extends DatagramSocketSuite {
        @Override
        Backend open() {
            return MemoryBackend.either();
        }
    }

    @Nested
    class Stress extends StressSuite {
        @Override
        Backend open() {
            return MemoryBackend.either();
        }
    }
}
