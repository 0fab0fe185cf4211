package example.incidents;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.resource.ClientResources;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.time.Duration;
import sluice.virtual.Network;
import sluice.virtual.junit.Host;
import sluice.virtual.junit.Link;

/** The cache failed over in seconds; its client went on talking to the dead one for a quarter of an hour. Lettuce. */
@Host(value = "app", nameCacheSeconds = 5)
@Link(between = {"app", "switch"}, netem = "delay 1ms")
@Link(between = {"cache", "switch"})
@Link(between = {"standby", "switch"})
@Host(value = "switch", router = true)
class SlowFailoverTest extends Incident {
    @Override
    void holds(Network net, boolean cured) throws Exception {
        net.host("cache").start(Servers::redis);
        net.host("standby").start(Servers::redis);
        if (cured) {
            net.host("app").sysctl("net.ipv4.tcp_retries2", "5");
        }
        net.host("app").run(() -> {
            ClientResources resources = ClientResources.builder()
                    .addressResolverGroup(DefaultAddressResolverGroup.INSTANCE).build(); // names by the JVM
            RedisClient client = RedisClient.create(resources, RedisURI.create("redis://cache"));
            RedisCommands<String, String> redis = client.connect().sync();
            redis.get("key");
            net.host("cache").crash();
            net.names().set("cache", net.host("standby").address());
            double took = seconds(net, () -> untilAnswered(redis));
            assertTrue(took < 120, "after a failover the cache answers within two minutes, not after " + took + " s");
        });
    }

    private static void untilAnswered(RedisCommands<String, String> redis) throws InterruptedException {
        redis.setTimeout(Duration.ofSeconds(5));
        while (true) {
            try {
                redis.get("key");
                return;
            } catch (io.lettuce.core.RedisException e) {
                Thread.sleep(1000);
            }
        }
    }
}
