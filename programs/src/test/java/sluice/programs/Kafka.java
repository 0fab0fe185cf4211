package sluice.programs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import sluice.link.linux.NetworkNamespace;

/** A broker of Kafka in a namespace, in a JVM of its own, on the kernel's sockets. */
final class Kafka implements AutoCloseable {
    static final int PORT = 9092;

    private final Daemon daemon;

    Kafka(NetworkNamespace namespace) throws Exception {
        Path directory = Daemon.directory();
        Path properties = directory.resolve("server.properties");
        Files.writeString(properties, """
                process.roles=broker,controller
                node.id=1
                controller.quorum.bootstrap.servers=127.0.0.1:9093
                controller.listener.names=CONTROLLER
                listeners=PLAINTEXT://0.0.0.0:%d,CONTROLLER://127.0.0.1:9093
                advertised.listeners=PLAINTEXT://%s:%d,CONTROLLER://127.0.0.1:9093
                listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
                log.dirs=%s
                offsets.topic.num.partitions=1
                offsets.topic.replication.factor=1
                group.initial.rebalance.delay.ms=0
                """.formatted(PORT, OverTun.KERNEL, PORT, directory.resolve("data")), UTF_8);
        Daemon.run(java("kafka.tools.StorageTool", "format", "--standalone", "-t", "AAAAAAAAQACAAAAAAAAAAA", "-c",
                properties.toString()));
        daemon = new Daemon(namespace, directory, PORT, java("kafka.Kafka", properties.toString()));
    }

    private static List<String> java(String... arguments) {
        List<String> words = List.of(Taken.javaProgram(), "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "-cp", System.getProperty("java.class.path"));
        return Stream.concat(words.stream(), Stream.of(arguments)).toList();
    }

    @Override
    public void close() throws Exception {
        daemon.close();
    }
}
