package sluice.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.link.linux.NetworkNamespace;

/** Kafka's clients over a TUN device, by the JVM's default provider, with a broker on the kernel's sockets. */
class KafkaTest {
    private static final int RECORDS = 2000;
    private static final int LIMIT_S = 50;
    private static final Map<String, Object> CLIENT = Map.of("bootstrap.servers",
            OverTun.KERNEL + ":" + Kafka.PORT);
    private static NetworkNamespace namespace;
    private static Kafka broker;

    @BeforeAll
    static void start() throws Exception {
        Machine.requireDevices();
        namespace = NetworkNamespace.createPrivate();
        broker = new Kafka(namespace);
    }

    @AfterAll
    static void end() throws Exception {
        if (broker != null) {
            broker.close();
        }
        if (namespace != null) {
            namespace.close();
        }
    }

    private static Map<String, Object> client(Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(CLIENT);
        all.putAll(more);
        return all;
    }

    private static String value(int record) {
        return ("record " + record + " ").repeat(record % 100 + 1);
    }

    @ParameterizedTest
    @CsvSource({"clean, ''", "lossy, delay 1ms loss 2%"})
    void whatIsProducedIsConsumed(String topic, String path) throws Exception {
        try (OverTun over = new OverTun(namespace, path)) {
            over.stack.call(() -> {
                try (Admin admin = Admin.create(CLIENT)) {
                    admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get(LIMIT_S, TimeUnit.SECONDS);
                }
                produce(topic);
                consume(topic);
                return null;
            });
        }
    }

    private static void produce(String topic) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(client(Map.of("acks", "all", "linger.ms", 1)),
                new StringSerializer(), new StringSerializer())) {
            List<Future<RecordMetadata>> all = new ArrayList<>();
            for (int i = 0; i < RECORDS; i++) {
                all.add(producer.send(new ProducerRecord<>(topic, "key " + i, value(i))));
            }
            for (int i = 0; i < RECORDS; i++) {
                assertThat(all.get(i).get(LIMIT_S, TimeUnit.SECONDS).offset()).isEqualTo(i);
            }
        }
    }

    private static void consume(String topic) {
        Map<String, Object> settings = client(Map.of("group.id", "group of " + topic, "auto.offset.reset", "earliest"));
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings, new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_S);
            int next = 0;
            while (next < RECORDS && System.nanoTime() < end) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    assertThat(record.key()).isEqualTo("key " + next);
                    assertThat(record.value()).isEqualTo(value(next));
                    next++;
                }
            }
            assertThat(next).isEqualTo(RECORDS);
        }
    }
}
