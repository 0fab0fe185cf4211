package sluice.virtual.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import sluice.virtual.Network;
import sluice.virtual.junit.Link;
import sluice.virtual.junit.VirtualNetwork;

/** Kafka's producer and consumer against a broker that is a stub, over a path that loses. */
@VirtualNetwork(stallLimitMs = 30_000) // classes are loaded meanwhile
@Link(between = {"client", "broker"}, netem = "delay 25ms loss 2%")
class KafkaTest {
    private static final Map<String, Object> CLIENT = Map.of("bootstrap.servers", "broker:" + KafkaBroker.PORT);
    private static final String TOPIC = "readings";
    private static final int RECORDS = 100;

    private static KafkaProducer<String, String> producer() {
        return new KafkaProducer<>(CLIENT, new StringSerializer(), new StringSerializer());
    }

    private static ProducerRecord<String, String> reading(int i) {
        return new ProducerRecord<>(TOPIC, "key " + i, "reading " + i);
    }

    @Test
    void whatIsProducedIsConsumed(Network net) throws Exception {
        net.host("broker").start(() -> KafkaBroker.serve("broker"));
        AtomicLong offset = new AtomicLong();
        Duration took = RealTime.underASecond("Kafka's producer", net, "client", () -> {
            try (KafkaProducer<String, String> producer = producer()) {
                for (int i = 0; i < RECORDS; i++) {
                    assertThat(producer.send(reading(i)).get().offset()).isEqualTo(offset.getAndIncrement());
                }
            }
        });
        assertThat(took).isBetween(Duration.ofMillis(50 * RECORDS), Duration.ofMinutes(2));
        net.host("client").run(() -> {
            int all = offset.intValue();
            assertThat(consumed(all)).hasSize(all).startsWith("reading 0", "reading 1").endsWith("reading 99");
        });
        assertThat(net.host("client").retransmissions()).isNotEmpty();
    }

    private static List<String> consumed(int records) {
        List<String> all = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(CLIENT, new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition(TOPIC, 0)));
            consumer.seekToBeginning(consumer.assignment());
            for (int polls = 0; polls < 100 && all.size() < records; polls++) {
                consumer.poll(Duration.ofSeconds(1)).forEach(r -> all.add(r.value()));
            }
        }
        return all;
    }

    @Test
    void anUndeliveredRecordFailsAfterItsTime(Network net) throws Exception {
        net.host("broker").start(() -> KafkaBroker.serve("broker"));
        net.host("client").run(() -> {
            try (KafkaProducer<String, String> producer = producer()) {
                producer.send(reading(0)).get();
                net.link("client", "broker").cut();
                Duration before = net.elapsed();
                assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> producer.send(reading(1)).get())
                        .withCauseInstanceOf(TimeoutException.class);
                // delivery.timeout.ms, two minutes; a request that is under way is waited for
                assertThat(net.elapsed().minus(before)).isBetween(Duration.ofSeconds(120), Duration.ofSeconds(151));
            }
        });
    }

    @Test
    void aRecordOutlivesAPartition(Network net) throws Exception {
        net.host("broker").start(() -> KafkaBroker.serve("broker"));
        net.host("client").run(() -> {
            try (KafkaProducer<String, String> producer = producer()) {
                producer.send(reading(0)).get();
                net.link("client", "broker").cut();
                net.after(Duration.ofMinutes(1), net.link("client", "broker")::heal);
                assertThat(producer.send(reading(1)).get().offset()).isGreaterThanOrEqualTo(1);
            }
            assertThat(net.elapsed()).isBetween(Duration.ofMinutes(1), Duration.ofMinutes(2));
        });
    }
}
