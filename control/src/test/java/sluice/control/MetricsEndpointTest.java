package sluice.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.base.Counter;
import sluice.base.Entropy;
import sluice.core.HostConfig;
import sluice.core.LinkProperties;
import sluice.core.tcp.data.SocketOptions;
import sluice.engine.Stack;
import sluice.link.PipeLink;
import sluice.wire.IpAddress;

/** A monitoring system asks a running stack. */
class MetricsEndpointTest {
    private static final Pattern FAMILY = Pattern.compile("# TYPE ([a-zA-Z_:][\\w:]*) (counter|gauge|gaugehistogram)");
    private static final Pattern HELP = Pattern.compile("# HELP ([a-zA-Z_:][\\w:]*) .+");
    private static final Pattern SAMPLE = Pattern
            .compile("([a-zA-Z_:][\\w:]*)(\\{[a-z]+=\"(?:[^\"\\\\\n]|\\\\[\\\\n\"])*\"})? -?[0-9.]+(E-?\\d+)?");

    private final MetricsEndpoint endpoint = new MetricsEndpoint(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    private final HttpClient client = HttpClient.newHttpClient();
    private Stack stack;

    @BeforeEach
    void start() {
        PipeLink link = PipeLink.pair(LinkProperties.plain(1500), 64).a();
        stack = Stack.builder(HostConfig.builder(Entropy.seeded(1)).build()).link("pipe", link)
                .address("pipe", IpAddress.parse("10.0.0.1"), 24).with(endpoint).start();
        stack.execute(host -> host.tcp().listen(new SocketOptions(), IpAddress.parse("10.0.0.1"), 4711, 8));
    }

    @AfterEach
    void stop() {
        client.close();
        stack.close(Duration.ZERO);
    }

    private HttpResponse<String> ask(String method, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://localhost:" + endpoint.address().getPort() + path);
        return client.send(HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()).build(),
                BodyHandlers.ofString());
    }

    @Test
    void everyLineIsOpenMetrics() throws Exception {
        HttpResponse<String> answer = ask("GET", "/metrics");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                .isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
        Set<String> families = new HashSet<>();
        String family = "";
        String[] lines = answer.body().split("\n");
        assertThat(answer.body()).endsWith("\n# EOF\n");
        for (int i = 0; i < lines.length - 1; i++) {
            var type = FAMILY.matcher(lines[i]);
            if (type.matches()) {
                family = type.group(1);
                assertThat(families.add(family)).as("a family twice: %s", family).isTrue();
                continue;
            }
            var help = HELP.matcher(lines[i]);
            var sample = SAMPLE.matcher(lines[i]);
            assertThat(help.matches() || sample.matches()).as(lines[i]).isTrue();
            assertThat(help.matches() ? help.group(1) : sample.group(1)).startsWith(family);
        }
        assertThat(families).hasSizeGreaterThan(Counter.values().length);
    }

    @Test
    void tellsCountersSocketsAndQueues() throws Exception {
        stack.execute(host -> {
            host.counters().add(Counter.TcpExtListenDrops, 3);
            return null;
        });
        assertThat(ask("GET", "/metrics").body().lines()).contains("# TYPE sluice_TcpExt_ListenDrops counter",
                "sluice_TcpExt_ListenDrops_total 3", "sluice_Tcp_CurrEstab 0",
                "sluice_tcp_sockets{state=\"LISTEN\"} 1", "sluice_tcp_sockets{state=\"ESTAB\"} 0",
                "sluice_listener_backlog{local=\"10.0.0.1:4711\"} 8",
                "sluice_listener_accept_queue{local=\"10.0.0.1:4711\"} 0",
                "sluice_tcp_smoothed_rtt_seconds_bucket{le=\"+Inf\"} 0");
    }

    @Test
    void onlyReadsAndOnlyThere() throws Exception {
        assertThat(ask("HEAD", "/metrics").statusCode()).isEqualTo(200);
        assertThat(ask("POST", "/metrics").statusCode()).isEqualTo(405);
        assertThat(ask("GET", "/").statusCode()).isEqualTo(404);
        assertThat(ask("GET", "/").body()).contains("/metrics");
    }

    @Test
    void aPortInUseIsSaid() {
        MetricsEndpoint other = new MetricsEndpoint(endpoint.address());
        assertThatIllegalArgumentException().isThrownBy(() -> other.start(stack))
                .withMessageStartingWith("metrics on ").withMessageContaining("Address already in use");
    }

    @Test
    void endsWithTheStack() throws Exception {
        ask("GET", "/metrics");
        stack.close(Duration.ZERO);
        assertThatThrownBy(() -> ask("GET", "/metrics")).isInstanceOf(ConnectException.class);
    }
}
