import java.net.InetSocketAddress;
import java.net.URI;
import org.apache.hc.core5.benchmark.BenchmarkConfig;
import org.apache.hc.core5.benchmark.HttpBenchmark;
import org.apache.hc.core5.benchmark.Results;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.reactive.ReactiveServerExchangeHandler;
import org.apache.hc.core5.testing.framework.ClassicTestClientTestingAdapter;
import org.apache.hc.core5.testing.framework.TestingFramework;
import org.apache.hc.core5.testing.nio.H2TestServer;
import org.apache.hc.core5.testing.nio.Http1TestServer;
import org.apache.hc.core5.testing.reactive.ReactiveEchoProcessor;
import org.apache.hc.core5.util.TimeValue;

/**
 * What httpcore5-testing publishes, on whatever sockets the JVM has: its framework's tests by the classic client and
 * server ({@code java.net}), and its load generator with bodies against its asynchronous servers, HTTP/1.1 and 2.
 * Started by build/published-tests.
 */
public final class HttpCoreTests {
    private static final int REQUESTS = 2000;
    private static final String BODY = "0123456789abcdef".repeat(1 << 12);

    private HttpCoreTests() {}

    private static void load(InetSocketAddress at, boolean http2, boolean chunked) throws Exception {
        URI uri = URI.create("http://localhost:" + at.getPort() + "/echo");
        Results r = new HttpBenchmark(BenchmarkConfig.custom().setUri(uri).setMethod("POST").setPayloadText(BODY)
                .setContentType(ContentType.TEXT_PLAIN).setConcurrencyLevel(16).setRequests(REQUESTS)
                .setKeepAlive(true).setUseChunking(chunked).setForceHttp2(http2).build()).execute();
        if (r.getSuccessCount() != REQUESTS || r.getFailureCount() != 0
                || r.getTotalContentBytesRecvd() != (long) REQUESTS * BODY.length()) {
            throw new AssertionError(r);
        }
        System.out.println("passed: " + REQUESTS + " requests, " + r.getProtocolVersion()
                + (chunked ? ", chunked" : "") + ", " + r.getTotalTimeMillis() + " ms");
    }

    public static void main(String[] args) throws Exception {
        new TestingFramework(new ClassicTestClientTestingAdapter()).runTests();
        System.out.println("passed: the testing framework's tests");
        Http1TestServer one = new Http1TestServer();
        one.register("/echo", () -> new ReactiveServerExchangeHandler(new ReactiveEchoProcessor()));
        InetSocketAddress at = one.start();
        load(at, false, false);
        load(at, false, true);
        one.shutdown(TimeValue.ofSeconds(5));
        H2TestServer two = new H2TestServer();
        two.register("/echo", () -> new ReactiveServerExchangeHandler(new ReactiveEchoProcessor()));
        load(two.start(), true, false);
        two.shutdown(TimeValue.ofSeconds(5));
        System.exit(0);
    }
}
