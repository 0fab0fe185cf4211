package sluice.sockets.suite;

import org.junit.jupiter.api.Nested;

/** The suite on channels of the default provider that are the platform's from the start. */
class EitherOnKernelTest {
    @Nested
    class Streams extends StreamSuite {
        @Override
        Backend open() {
            return new EitherBackend(new KernelBackend(), null, null);
        }
    }

    @Nested
    class Closing extends ClosingSuite {
        @Override
        Backend open() {
            return new EitherBackend(new KernelBackend(), null, null);
        }
    }

    @Nested
    class Selectors extends SelectorSuite {
        @Override
        Backend open() {
            return new EitherBackend(new KernelBackend(), null, null);
        }
    }

    @Nested
    class Datagrams extends DatagramSuite {
        @Override
        Backend open() {
            return new EitherBackend(new KernelBackend(), null, null);
        }
    }

    @Nested
    class Options extends OptionSuite {
        @Override
        Backend open() {
            return new EitherBackend(new KernelBackend(), null, null);
        }
    }

    @Nested
    class Adaptors extends AdaptorSuite {
        @Override
        Backend open() {
            return new EitherBackend(new KernelBackend(), null, null);
        }
    }

    @Nested
    class Stress extends StressSuite {
        @Override
        Backend open() {
            return new EitherBackend(new KernelBackend(), null, null);
        }
    }
}
