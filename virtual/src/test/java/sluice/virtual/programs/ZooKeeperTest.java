package sluice.virtual.programs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.server.quorum.QuorumPeer;
import org.apache.zookeeper.server.quorum.QuorumPeer.ServerState;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.virtual.Fault;
import sluice.virtual.Network;
import sluice.virtual.junit.Host;
import sluice.virtual.junit.Link;
import sluice.virtual.junit.VirtualNetwork;

/** Three of ZooKeeper's servers, each on a host of its own, that elect, are parted and find together again. */
@VirtualNetwork(stallLimitMs = 30_000) // classes are loaded meanwhile
@Link(between = {"zk1", "switch"}, netem = "delay 1ms")
@Link(between = {"zk2", "switch"}, netem = "delay 1ms")
@Link(between = {"zk3", "switch"}, netem = "delay 1ms")
@Link(between = {"client", "switch"}, netem = "delay 1ms")
@Host(value = "switch", router = true)
class ZooKeeperTest {
    private static final List<String> SERVERS = List.of("zk1", "zk2", "zk3");
    private static final int SESSION_MS = 20_000;
    private static final int CLIENT_PORT = 2181;

    @TempDir
    Path directory;

    /** A server, as {@code zkServer.sh} runs it, that can be asked. */
    private static final class Server extends QuorumPeerMain {
        private boolean is(ServerState state) {
            QuorumPeer peer = quorumPeer;
            return peer != null && peer.getPeerState() == state;
        }
    }

    private List<Server> start(Network net) {
        List<Server> servers = new ArrayList<>();
        for (String name : SERVERS) {
            Server server = new Server();
            servers.add(server);
            net.host(name).start(() -> server.runFromConfig(config(name)));
        }
        return servers;
    }

    private QuorumPeerConfig config(String name) throws Exception {
        Path data = Files.createDirectories(directory.resolve(name));
        Files.writeString(data.resolve("myid"), name.substring(2));
        Properties p = new Properties();
        p.setProperty("dataDir", data.toString());
        p.setProperty("clientPort", Integer.toString(CLIENT_PORT));
        p.setProperty("tickTime", "2000");
        p.setProperty("initLimit", "10");
        p.setProperty("syncLimit", "5");
        p.setProperty("admin.enableServer", "false");
        for (String other : SERVERS) {
            p.setProperty("server." + other.substring(2), other + ":2888:3888");
        }
        QuorumPeerConfig config = new QuorumPeerConfig();
        config.parseProperties(p);
        return config;
    }

    private static ZooKeeper connect(List<String> to) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper client = new ZooKeeper(String.join(",", to.stream().map(s -> s + ":" + CLIENT_PORT).toList()),
                SESSION_MS, event -> {
                    if (event.getState() == KeeperState.SyncConnected) {
                        connected.countDown();
                    }
                });
        assertThat(connected.await(5, TimeUnit.MINUTES)).as("connected to " + to).isTrue();
        return client;
    }

    /** What every program does that uses it: again, when the connection was lost. */
    private static void set(ZooKeeper client, String path, String data) throws Exception {
        for (boolean done = false; !done;) {
            try {
                client.setData(path, data.getBytes(UTF_8), -1);
                done = true;
            } catch (KeeperException.ConnectionLossException e) {
                Thread.sleep(100);
            }
        }
    }

    private static String get(ZooKeeper client, String path) throws Exception {
        CountDownLatch synced = new CountDownLatch(1);
        client.sync(path, (_, _, _) -> synced.countDown(), null);
        synced.await();
        return new String(client.getData(path, false, null), UTF_8);
    }

    private static int awaitState(Network net, List<Server> servers, List<Integer> among, ServerState state)
            throws Exception {
        Duration limit = net.elapsed().plusMinutes(5);
        while (net.elapsed().compareTo(limit) < 0) {
            for (int i : among) {
                if (servers.get(i).is(state)) {
                    return i;
                }
            }
            Thread.sleep(100);
        }
        throw new AssertionError("none of " + among + " is " + state + " after five minutes");
    }

    @Test
    void aPartitionedLeaderIsReplacedAndComesBack(Network net) throws Exception {
        List<Server> servers = start(net);
        net.host("client").run(() -> {
            ZooKeeper client = connect(SERVERS);
            client.create("/state", "before".getBytes(UTF_8), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            int old = awaitState(net, servers, List.of(0, 1, 2), ServerState.LEADING);
            String leader = SERVERS.get(old);
            List<String> rest = SERVERS.stream().filter(s -> !s.equals(leader)).toList();
            List<Integer> others = List.of(0, 1, 2).stream().filter(i -> i != old).toList();
            try (Fault _ = net.partition(List.of(leader), rest)) {
                awaitState(net, servers, others, ServerState.LEADING);
                set(client, "/state", "while parted");
                awaitState(net, servers, List.of(old), ServerState.LOOKING);
            }
            awaitState(net, servers, List.of(old), ServerState.FOLLOWING);
            ZooKeeper atOld = connect(List.of(leader));
            assertThat(get(atOld, "/state")).isEqualTo("while parted");
            set(client, "/state", "together");
            assertThat(get(atOld, "/state")).isEqualTo("together");
            atOld.close();
            client.close();
        });
        assertThat(net.elapsed()).isBetween(Duration.ofSeconds(5), Duration.ofMinutes(3));
    }

    @Test
    void aHundredWritesOverALossyPath(Network net) throws Exception {
        net.link("client", "switch").netem("delay 25ms loss 2%");
        start(net);
        ZooKeeper client = net.host("client").call(() -> connect(SERVERS));
        AtomicInteger version = new AtomicInteger();
        net.host("client").run(() -> client.create("/counter", "0".getBytes(UTF_8), Ids.OPEN_ACL_UNSAFE,
                CreateMode.PERSISTENT));
        RealTime.underASecond("ZooKeeper, three servers", net, "client", () -> {
            for (int i = 0; i < 100; i++) {
                byte[] data = Integer.toString(i).getBytes(UTF_8);
                assertThat(client.setData("/counter", data, version.getAndIncrement()).getVersion())
                        .isEqualTo(version.get());
            }
        });
        net.host("client").run(() -> {
            assertThat(get(client, "/counter")).isEqualTo("99");
            client.close();
        });
        assertThat(net.host("client").retransmissions()).isNotEmpty();
    }
}
