package example.incidents;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import sluice.virtual.Fault;
import sluice.virtual.Network;
import sluice.virtual.junit.Link;

/**
 * A site hangs at TLS for clients whose ClientHello no longer fits one packet: there is a tunnel of a smaller MTU, and
 * a firewall drops the ICMP messages which would say so. Small requests work. The JDK's SSLSocket and server; a key
 * share of ffdhe8192 makes the hello as large as post-quantum ones (X25519MLKEM768), which the JDK 25 does not have.
 */
@Link(between = {"app", "api"}, netem = "delay 10ms")
class LargeHelloTest extends Incident {
    private static final String[] SMALL = {"x25519"};
    private static final String[] LARGE = {"x25519", "ffdhe8192"}; // 1,395 bytes instead of 365

    @Override
    void holds(Network net, boolean cured) throws Exception {
        SSLContext tls = tls();
        net.host("api").start(() -> Servers.https(tls));
        try (Fault tunnel = net.link("app", "api").mtuBlackHole(1400).optional()) {
            if (cured) {
                net.host("app").sysctl("net.ipv4.tcp_mtu_probing", "1");
            }
            net.host("app").run(() -> {
                handshake(tls, SMALL);
                double took = seconds(net, () -> handshake(tls, LARGE));
                assertTrue(took < 30, "a handshake takes seconds at most, not " + took + " s");
            });
        }
    }

    /** A connection of its own, with a hello that offers these groups, and a request on it. */
    private static void handshake(SSLContext tls, String[] groups) throws Exception {
        try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket("api", 443)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setNamedGroups(groups);
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(UTF_8));
            assertTrue(new String(socket.getInputStream().readAllBytes(), UTF_8).contains("200 OK"), "the answer");
        }
    }

    /** The key and certificate of "api", which the client trusts. */
    private static SSLContext tls() throws Exception {
        char[] password = "changeit".toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = LargeHelloTest.class.getResourceAsStream("api.p12")) {
            store.load(in, password);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("api", store.getCertificate("api"));
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return tls;
    }
}
