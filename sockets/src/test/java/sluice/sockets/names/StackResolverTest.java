package sluice.sockets.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sluice.base.Entropy;
import sluice.core.HostConfig;
import sluice.core.LinkProperties;
import sluice.engine.Stack;
import sluice.link.PipeLink;
import sluice.wire.IpAddress;

/** The JVM's own lookups, on stacks and beside them. */
class StackResolverTest {
    private static final IpAddress NOBODY = IpAddress.parse("10.0.0.53");

    private final PipeLink.Pair pipe = PipeLink.pair(LinkProperties.plain(1500), PipeLink.DEFAULT_QUEUE);
    private final Stack a = stack(1, pipe.a(), "10.0.0.1", ResolvConf.none(),
            "10.0.0.1 who.test a.test\nfd00::1 who.test\n10.0.0.99 localhost");
    private final Stack b = stack(2, pipe.b(), "10.0.0.2",
            new ResolvConf(List.of(new ResolvConf.Server(NOBODY)), List.of(),
                    ResolvOptions.DEFAULT.with("timeout:1 attempts:1")),
            "10.0.0.2 who.test b.test");

    private static Stack stack(long seed, PipeLink link, String address, ResolvConf conf, String hosts) {
        return Stack.builder(HostConfig.builder(Entropy.seeded(seed)).build()).link("pipe0", link)
                .address("pipe0", IpAddress.parse(address), 24).with(new StackNames(conf, HostsFile.parse(hosts)))
                .start();
    }

    @AfterEach
    void close() {
        a.close();
        b.close();
    }

    private static List<String> lookup(String name) throws UnknownHostException {
        return Arrays.stream(InetAddress.getAllByName(name)).map(InetAddress::toString).toList();
    }

    @Test
    void eachStacksThreadsHaveItsNames() throws Exception {
        for (int i = 0; i < 3; i++) { // nothing that InetAddress may have kept shows
            assertThat(a.call(() -> lookup("who.test"))).startsWith("who.test/10.0.0.1");
            assertThat(b.call(() -> lookup("who.test"))).containsExactly("who.test/10.0.0.2");
            assertThat(b.call(() -> CompletableFuture.supplyAsync(() -> new InetSocketAddress("b.test", 80),
                    task -> Thread.ofVirtual().start(task)).get()).getAddress().getHostAddress()).isEqualTo("10.0.0.2");
        }
    }

    @Test
    void failuresAreTheStacksAndInTheJdksWords() {
        assertThatExceptionOfType(UnknownHostException.class).isThrownBy(() -> a.call(() -> lookup("b.test")))
                .withMessage("b.test: Name or service not known");
        assertThatExceptionOfType(UnknownHostException.class).isThrownBy(() -> b.call(() -> lookup("a.test")))
                .withMessage("a.test: Temporary failure in name resolution");
    }

    @Test
    void otherThreadsHaveThePlatformsNames() throws Exception {
        assertThat(InetAddress.getByName("localhost").isLoopbackAddress()).isTrue();
        assertThat(a.call(() -> lookup("localhost"))).as("of its hosts file").containsExactly("localhost/10.0.0.99");
        assertThat(InetAddress.getByName("localhost").isLoopbackAddress()).isTrue();
        Stack plain = Stack.builder(HostConfig.builder(Entropy.seeded(3)).build()).start();
        try (plain) {
            assertThat(plain.call(() -> InetAddress.getByName("localhost")).isLoopbackAddress())
                    .as("a stack without names").isTrue();
        }
    }

    @Test
    void addressesHaveTheStacksNames() throws Exception {
        InetAddress address = InetAddress.getByAddress(new byte[]{10, 0, 0, 2});
        assertThat(b.call(address::getCanonicalHostName)).isEqualTo("who.test");
        assertThat(a.call(() -> InetAddress.getByAddress(new byte[]{10, 0, 0, 2}).getHostName()))
                .as("has none").isEqualTo("10.0.0.2");
    }

    @Test
    void aClosedStackHasNoNames() {
        StackNames names = new StackNames(ResolvConf.none(), HostsFile.LOCALHOST);
        assertThatIllegalStateException().isThrownBy(names::names);
        Stack s = Stack.builder(HostConfig.builder(Entropy.seeded(3)).build()).with(names).start();
        Names n = names.names();
        assertThat(Names.of(s.access())).isSameAs(n);
        assertThatIllegalStateException().isThrownBy(
                () -> Names.start(s.access(), ResolvConf.none(), HostsFile.LOCALHOST, Entropy.seeded(1)));
        s.close();
        assertThat(Names.of(s.access())).isNull();
        assertThatExceptionOfType(UnknownHostException.class).isThrownBy(() -> n.addresses("localhost"))
                .withMessage("localhost: Temporary failure in name resolution")
                .withCauseInstanceOf(sluice.engine.ShardStoppedException.class);
    }

    /** As nothing interrupts the C library's lookup; and a wait that is begun again does not spin. */
    @Test
    void anInterruptDoesNotEndALookupAndIsKept() throws Exception {
        for (Thread.Builder kind : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
            CompletableFuture<String> outcome = new CompletableFuture<>();
            long start = System.nanoTime();
            kind.start(() -> {
                Thread.currentThread().interrupt();
                try {
                    b.call(() -> lookup("a.test"));
                } catch (Exception e) {
                    outcome.complete(e.getMessage() + ", " + Thread.currentThread().isInterrupted());
                }
            });
            assertThat(outcome.get()).isEqualTo("a.test: Temporary failure in name resolution, true");
            assertThat(System.nanoTime() - start).as("its whole second").isGreaterThanOrEqualTo(1_000_000_000L);
        }
    }

    @Test
    void whatThePlatformSaysIsKeptAsLongAsInetAddressWould() throws Exception {
        AtomicLong now = new AtomicLong();
        List<String> asked = new ArrayList<>();
        var platform = new java.net.spi.InetAddressResolver() {
            @Override
            public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
                asked.add(host);
                if (host.equals("none")) {
                    throw new UnknownHostException("none: words");
                }
                return Stream.of(InetAddress.getByAddress(host, new byte[]{127, 0, 0, 1}));
            }

            @Override
            public String lookupByAddress(byte[] address) {
                return "name";
            }
        };
        var v4 = java.net.spi.InetAddressResolver.LookupPolicy.of(1);
        PlatformNames names = new PlatformNames(platform, 30, 10, now::get);
        for (long second : new long[]{0, 9, 10, 29, 30}) {
            now.set(second * 1_000_000_000L);
            assertThat(names.lookupByName("some", v4)).hasSize(1);
            assertThatExceptionOfType(UnknownHostException.class).isThrownBy(() -> names.lookupByName("none", v4))
                    .withMessage("none: words");
        }
        // none again at 10 and, since it was asked at 10, at 29.
        assertThat(asked).containsExactly("some", "none", "none", "none", "some");
        assertThat(names.lookupByName("some", java.net.spi.InetAddressResolver.LookupPolicy.of(3))).hasSize(1);
        assertThat(asked).as("another policy is another lookup").hasSize(6);
        PlatformNames never = new PlatformNames(platform, 0, 0, now::get);
        never.lookupByName("x", v4);
        never.lookupByName("x", v4);
        assertThat(asked).hasSize(8);
        assertThat(never.lookupByAddress(new byte[4])).isEqualTo("name");
        assertThat(Inet6Address.getByName("::1")).as("literals need no resolver").isNotNull();
    }
}
