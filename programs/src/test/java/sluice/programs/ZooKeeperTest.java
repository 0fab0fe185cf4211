package sluice.programs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ZooKeeper's server on one stack and its client on another, by the JVM's default provider. */
class ZooKeeperTest {
    private static final int SESSION_MS = 20_000;
    private static final int NODES = 100;
    private static final int LIMIT_S = 50;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"", "delay 1ms loss 2%"})
    void nodesAndWatches(String path) throws Exception {
        try (TwoStacks stacks = new TwoStacks(path)) {
            ServerCnxnFactory server = stacks.server.call(this::serve);
            ZooKeeperServer keeper = server.getZooKeeperServer();
            try {
                stacks.client.call(() -> {
                    use(TwoStacks.at(server.getLocalPort()).getHostString() + ":" + server.getLocalPort());
                    return null;
                });
            } finally {
                server.shutdown();
                keeper.shutdown();
            }
        }
    }

    private ServerCnxnFactory serve() throws Exception {
        ServerCnxnFactory factory = ServerCnxnFactory.createFactory(TwoStacks.at(0), 60);
        factory.startup(new ZooKeeperServer(directory.toFile(), directory.toFile(), 500));
        return factory;
    }

    private static void use(String server) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        BlockingQueue<String> changed = new LinkedBlockingQueue<>();
        ZooKeeper client = new ZooKeeper(server, SESSION_MS, event -> note(event, connected, changed));
        try {
            assertThat(connected.await(LIMIT_S, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < NODES; i++) {
                client.create("/node-" + i, data(i), Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
            }
            assertThat(client.getChildren("/", false)).hasSize(NODES + 1);
            for (int i = 0; i < NODES; i++) {
                assertThat(client.getData("/node-" + i, true, null)).isEqualTo(data(i));
                client.setData("/node-" + i, data(i + 1), -1);
                assertThat(changed.poll(LIMIT_S, TimeUnit.SECONDS)).isEqualTo("/node-" + i);
            }
        } finally {
            client.close();
        }
    }

    private static void note(WatchedEvent event, CountDownLatch connected, BlockingQueue<String> changed) {
        if (event.getState() == KeeperState.SyncConnected && event.getType() == EventType.None) {
            connected.countDown();
        } else if (event.getType() == EventType.NodeDataChanged) {
            changed.add(event.getPath());
        }
    }

    private static byte[] data(int i) {
        return ("data " + i + " ").repeat(i * 20).getBytes(UTF_8);
    }
}
