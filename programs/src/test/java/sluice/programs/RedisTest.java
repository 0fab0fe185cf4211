package sluice.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisConnectionException;
import sluice.engine.Stack;
import sluice.link.linux.NetworkNamespace;
import sluice.sockets.SluiceSockets;

/** Jedis and Lettuce over a TUN device, with a Redis on the kernel's sockets. */
class RedisTest {
    private static final int WORKERS = 8;
    private static final int LIMIT_MS = 30_000;
    private static final String BIG = "0123456789abcdef".repeat(1 << 16);
    private static NetworkNamespace namespace;
    private static Redis server;

    @BeforeAll
    static void start() throws Exception {
        Machine.requireDevices();
        Redis.tool();
        namespace = NetworkNamespace.createPrivate();
        server = new Redis(namespace);
    }

    @AfterAll
    static void end() throws Exception {
        if (server != null) {
            server.close();
        }
        if (namespace != null) {
            namespace.close();
        }
    }

    private static Jedis connect(Stack stack, int timeoutMs) {
        JedisSocketFactory sockets = () -> {
            try {
                Socket s = SluiceSockets.of(stack).socketFactory().createSocket();
                s.setTcpNoDelay(true);
                s.connect(new InetSocketAddress(OverTun.KERNEL, Redis.PORT), LIMIT_MS);
                s.setSoTimeout(timeoutMs);
                return s;
            } catch (IOException e) {
                throw new JedisConnectionException(e);
            }
        };
        return new Jedis(sockets, DefaultJedisClientConfig.builder().socketTimeoutMillis(timeoutMs).build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "delay 1ms loss 2%"})
    void jedis(String path) throws Exception {
        try (OverTun over = new OverTun(namespace, path)) {
            try (Jedis jedis = connect(over.stack, LIMIT_MS)) {
                assertThat(jedis.ping()).isEqualTo("PONG");
                assertThat(jedis.clientInfo()).contains("addr=" + OverTun.OURS + ":");
                jedis.flushAll();
                jedis.set("big", BIG);
                assertThat(jedis.get("big").equals(BIG)).as("a megabyte comes back").isTrue();
                pipelines(jedis);
            }
            messagesArrive(over.stack);
            aReadTimesOut(over.stack);
            manyAtATime(over.stack);
        }
    }

    /** By the JVM's default provider, since it hands Netty none. */
    @ParameterizedTest
    @ValueSource(strings = {"", "delay 1ms loss 2%"})
    void lettuce(String path) throws Exception {
        try (OverTun over = new OverTun(namespace, path)) {
            over.stack.call(() -> {
                RedisClient client = RedisClient.create("redis://" + OverTun.KERNEL + ":" + Redis.PORT);
                try (StatefulRedisConnection<String, String> connection = client.connect()) {
                    RedisAsyncCommands<String, String> commands = connection.async();
                    assertThat(commands.clientInfo().get()).contains("addr=" + OverTun.OURS + ":");
                    List<RedisFuture<Long>> lengths = new ArrayList<>();
                    commands.del("list").get();
                    for (int i = 0; i < 2000; i++) {
                        lengths.add(commands.rpush("list", "element " + i));
                    }
                    for (int i = 0; i < 2000; i++) {
                        assertThat(lengths.get(i).get(LIMIT_MS, TimeUnit.MILLISECONDS)).isEqualTo(i + 1);
                    }
                    commands.set("big", BIG).get(LIMIT_MS, TimeUnit.MILLISECONDS);
                    String back = commands.get("big").get(LIMIT_MS, TimeUnit.MILLISECONDS);
                    assertThat(back.equals(BIG)).as("a megabyte comes back").isTrue();
                } finally {
                    client.shutdown(0, LIMIT_MS, TimeUnit.MILLISECONDS);
                }
                return null;
            });
        }
    }

    private static void pipelines(Jedis jedis) {
        List<Response<Long>> sums = new ArrayList<>();
        Pipeline pipeline = jedis.pipelined();
        for (int i = 0; i < 2000; i++) {
            sums.add(pipeline.incr("sum"));
        }
        pipeline.sync();
        for (int i = 0; i < 2000; i++) {
            assertThat(sums.get(i).get()).isEqualTo(i + 1);
        }
    }

    private static void messagesArrive(Stack stack) throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        CountDownLatch listening = new CountDownLatch(1);
        JedisPubSub listener = new JedisPubSub() {
            @Override
            public void onSubscribe(String channel, int subscribed) {
                listening.countDown();
            }

            @Override
            public void onMessage(String channel, String message) {
                heard.add(message);
            }
        };
        try (Jedis subscriber = connect(stack, LIMIT_MS); Jedis publisher = connect(stack, LIMIT_MS)) {
            Thread reads = Thread.ofVirtual().start(() -> subscriber.subscribe(listener, "news"));
            assertThat(listening.await(LIMIT_MS, TimeUnit.MILLISECONDS)).isTrue();
            for (int i = 0; i < 20; i++) {
                assertThat(publisher.publish("news", "message " + i)).isOne();
                assertThat(heard.poll(LIMIT_MS, TimeUnit.MILLISECONDS)).isEqualTo("message " + i);
            }
            listener.unsubscribe();
            reads.join();
        }
    }

    private static void aReadTimesOut(Stack stack) {
        try (Jedis jedis = connect(stack, LIMIT_MS)) { // connecting may need a retransmission
            jedis.getConnection().setSoTimeout(200);
            assertThatExceptionOfType(JedisConnectionException.class)
                    .isThrownBy(() -> jedis.getConnection().executeCommand(
                            new redis.clients.jedis.CommandArguments(redis.clients.jedis.Protocol.Command.BLPOP)
                                    .add("nothing").add("0")))
                    .withCauseInstanceOf(SocketTimeoutException.class);
        }
    }

    /** Each on a virtual thread with a connection of its own. */
    private static void manyAtATime(Stack stack) throws Exception {
        List<Future<Long>> lengths = new ArrayList<>();
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int w = 0; w < WORKERS; w++) {
                String list = "list " + w;
                lengths.add(workers.submit(() -> {
                    try (Jedis jedis = connect(stack, LIMIT_MS)) {
                        for (int i = 0; i < 100; i++) {
                            jedis.rpush(list, "element " + i);
                        }
                        return jedis.llen(list);
                    }
                }));
            }
            for (Future<Long> length : lengths) {
                assertThat(length.get()).isEqualTo(100);
            }
        }
    }
}
