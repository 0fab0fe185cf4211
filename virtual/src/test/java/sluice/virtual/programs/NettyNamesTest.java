package sluice.virtual.programs;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sluice.virtual.Fault;
import sluice.virtual.Network;
import sluice.virtual.junit.Host;
import sluice.virtual.junit.Link;
import sluice.virtual.junit.VirtualNetwork;

/** Netty's own resolver, over datagrams, asks a name server of the network. */
@VirtualNetwork(stallLimitMs = 30_000) // classes are loaded meanwhile
@Host(value = "shop", ipv6 = true)
@Link(between = {"client", "dns"}, netem = "delay 25ms")
@Link(between = {"client", "shop"}, netem = "delay 25ms")
class NettyNamesTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5); // Netty's own

    /** What is done with a resolver on the client's host. */
    private interface Lookups {
        void with(DnsNameResolver resolver) throws Exception;
    }

    private static void resolve(Network net, Lookups lookups) throws Exception {
        net.names().serveOn(net.host("dns"));
        net.host("client").run(() -> {
            EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
            InetSocketAddress dns = new InetSocketAddress("dns", 53);
            try (DnsNameResolver resolver = new DnsNameResolverBuilder(loops.next())
                    .datagramChannelType(NioDatagramChannel.class).searchDomains(List.of())
                    .resolvedAddressTypes(ResolvedAddressTypes.IPV4_PREFERRED)
                    .nameServerProvider(new SequentialDnsServerAddressStreamProvider(dns, dns)) // it asks each once
                    .build()) {
                lookups.with(resolver);
            }
        });
    }

    private static List<String> all(DnsNameResolver resolver, String name) throws Exception {
        return resolver.resolveAll(name).get().stream().map(InetAddress::getHostAddress).toList();
    }

    @Test
    void bothFamilies(Network net) throws Exception {
        resolve(net, r -> {
            assertThat(all(r, "shop")).containsExactly(net.host("shop").address(), "fd00:0:0:0:0:0:0:1");
            assertThat(net.elapsed()).isBetween(Duration.ofMillis(50), Duration.ofMillis(200));
        });
    }

    @Test
    void aNameThatNobodyKnows(Network net) throws Exception {
        resolve(net, r -> assertThat(r.resolve("nobody").await().cause()).isInstanceOf(UnknownHostException.class));
    }

    @Test
    void aNameThatMoves(Network net) throws Exception {
        resolve(net, r -> {
            net.names().set("api", "10.1.0.1");
            assertThat(all(r, "api")).containsExactly("10.1.0.1");
            net.names().set("api", "10.1.0.2");
            assertThat(all(r, "api")).as("from the cache").containsExactly("10.1.0.1");
            Thread.sleep(Duration.ofSeconds(31)); // its TTL
            assertThat(all(r, "api")).containsExactly("10.1.0.2");
        });
    }

    @Test
    void aLostQueryIsAskedAgain(Network net) throws Exception {
        resolve(net, r -> {
            try (Fault _ = net.link("client", "dns").drop(p -> p.destinationPort() == 53).first(1)) {
                assertThat(r.resolve("shop").get().getHostAddress()).isEqualTo(net.host("shop").address());
            }
            assertThat(net.elapsed()).isBetween(TIMEOUT, TIMEOUT.plusMillis(200));
        });
    }

    @Test
    void noServerAnswers(Network net) throws Exception {
        net.names().silent("shop");
        resolve(net, r -> {
            assertThat(r.resolve("shop").await().cause()).isInstanceOf(UnknownHostException.class);
            assertThat(net.elapsed()).isGreaterThanOrEqualTo(TIMEOUT);
        });
    }

    /** More than 512 bytes hold: what is there is whole, and marked. */
    @Test
    void manyAddresses(Network net) throws Exception {
        net.names().set("many", IntStream.range(0, 60).mapToObj(i -> "10.2.0." + i).toArray(String[]::new));
        resolve(net, r -> assertThat(all(r, "many")).hasSizeBetween(25, 31).startsWith("10.2.0.0", "10.2.0.1"));
    }
}
