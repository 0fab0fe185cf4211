package sluice.sockets.suite;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import sluice.base.Entropy;
import sluice.core.HostConfig;
import sluice.engine.Stack;

/**
 * The suite on channels of the default provider that are a stack's until their address says that they are the
 * platform's.
 */
class EitherMovedTest {
    /** A stack without network, and the kernel's sockets at an address that is not loopback. */
    private static final class Elsewhere {
        private static Backend backend() {
            InetAddress address = kernelAddress();
            assumeTrue(address != null, "the kernel has no address but loopback");
            Stack lone = Stack.builder(HostConfig.builder(Entropy.seeded(4)).build()).start();
            Backend kernel = new KernelBackend(address) {
                @Override
                public void close() {
                    lone.close(Duration.ZERO);
                }
            };
            return new EitherBackend(kernel, lone.access(), lone.access());
        }
    }

    /** One of the kernel's addresses, for IPv4 and not loopback; null when it has none. */
    static @Nullable InetAddress kernelAddress() {
        try {
            return NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
                    .filter(a -> a instanceof Inet4Address && !a.isLoopbackAddress()).findFirst().orElse(null);
        } catch (SocketException e) {
            throw new IllegalStateException(e);
        }
    }

    @Nested
    class Streams extends StreamSuite {
        @Override
        Backend open() {
            return Elsewhere.backend();
        }
    }

    @Nested
    class Closing extends ClosingSuite {
        @Override
        Backend open() {
            return Elsewhere.backend();
        }
    }

    @Nested
    class Selectors extends SelectorSuite {
        @Override
        Backend open() {
            return Elsewhere.backend();
        }
    }

    @Nested
    class Datagrams extends DatagramSuite {
        @Override
        Backend open() {
            return Elsewhere.backend();
        }
    }

    @Nested
    class Options extends OptionSuite {
        @Override
        Backend open() {
            return Elsewhere.backend();
        }
    }

    @Nested
    class Adaptors extends AdaptorSuite {
        @Override
        Backend open() {
            return Elsewhere.backend();
        }
    }

    @Nested
    class Stress extends StressSuite {
        @Override
        Backend open() {
            return Elsewhere.backend();
        }
    }
}
