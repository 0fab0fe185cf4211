package sluice.sockets.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.FutureTask;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS above the sockets: {@code SSLSocket}, and {@code SSLEngine} on channels that block and that do not. */
abstract class TlsSuite extends NetSuite {
    private static final int MUCH = 1 << 20;
    private static final String NEWEST = "TLSv1.3";

    /** Both ends of a connection with engines. */
    private record Ends(Pair channels, TlsEnd client, TlsEnd server) {}

    private Ends ends(boolean blocking, String protocol) throws IOException {
        Pair p = pair();
        return new Ends(p, new TlsEnd(p.client(), blocking ? null : selector(), true, protocol),
                new TlsEnd(p.server(), blocking ? null : serverSelector(), false, protocol));
    }

    private static byte[] much(int seed) {
        byte[] b = new byte[MUCH];
        for (int i = 0; i < MUCH; i++) {
            b[i] = (byte) (i * 31 + (i >> 8) + seed);
        }
        return b;
    }

    // ----------------------------------------------------------------------------------------------------------------
    // engines

    @ParameterizedTest
    @CsvSource({"true, TLSv1.3", "false, TLSv1.3", "true, TLSv1.2", "false, TLSv1.2"})
    void aMegabyteGoesThereAndBack(boolean blocking, String protocol) throws Exception {
        Ends e = ends(blocking, protocol);
        FutureTask<byte[]> serves = start(() -> {
            byte[] got = e.server.read(MUCH);
            e.server.write(much(2));
            return got;
        });
        e.client.write(much(1));
        assertThat(e.client.read(MUCH)).isEqualTo(much(2));
        assertThat(get(serves)).isEqualTo(much(1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anEngineThatHasSaidItsLastWordHearsThePeers(boolean blocking) throws Exception {
        Ends e = ends(blocking, NEWEST);
        FutureTask<byte[]> serves = start(() -> {
            byte[] got = e.server.read(MUCH + 1);
            e.server.write(much(2));
            e.server.closeOutbound();
            e.channels.server().shutdownOutput();
            return got;
        });
        e.client.write(much(1));
        e.client.closeOutbound();
        e.channels.client().shutdownOutput();
        assertThat(e.client.read(MUCH + 1)).isEqualTo(much(2));
        assertThat(get(serves)).isEqualTo(much(1));
    }

    /** FIN without close_notify: somebody may have cut the stream off. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anEngineSeesAStreamThatWasCutOff(boolean blocking) throws Exception {
        Ends e = ends(blocking, NEWEST);
        FutureTask<byte[]> serves = start(() -> e.server.read(MUCH));
        e.client.write(new byte[10]);
        e.channels.client().shutdownOutput();
        failed(SSLException.class, "closing inbound before receiving peer's close_notify", failure(serves));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anEngineMeetsAReset(boolean blocking) throws Exception {
        String protocol = "TLSv1.2"; // whose server sends nothing after its handshake
        Pair p = pair();
        TlsEnd server = new TlsEnd(p.server(), blocking ? null : serverSelector(), false, protocol);
        FutureTask<byte[]> first = start(() -> server.read(10));
        new TlsEnd(p.client(), null, true, protocol).write(new byte[10]);
        assertThat(get(first)).hasSize(10);
        reset(p.client());
        failed(SocketException.class, "Connection reset", catchThrowable(() -> server.read(1)));
    }

    // ----------------------------------------------------------------------------------------------------------------
    // sockets

    private SSLSocket over(Socket raw, boolean client) throws IOException {
        SSLSocket s = (SSLSocket) Tls.context().getSocketFactory().createSocket(raw,
                raw.getInetAddress().getHostAddress(), raw.getPort(), true);
        s.setUseClientMode(client);
        return closing(s);
    }

    @Test
    void anSslSocketThatShutItsOutputReads() throws Exception {
        Two t = two();
        FutureTask<byte[]> serves = start(() -> {
            SSLSocket s = over(t.server(), false);
            byte[] got = s.getInputStream().readAllBytes();
            s.getOutputStream().write(much(2));
            s.close();
            return got;
        });
        SSLSocket c = over(t.client(), true);
        c.getOutputStream().write(much(1));
        c.shutdownOutput();
        assertThat(c.getInputStream().readAllBytes()).isEqualTo(much(2));
        assertThat(get(serves)).isEqualTo(much(1));
    }

    /** Where the JDK is lenient, it is here too. */
    @Test
    void anSslSocketTakesAFinForTheEnd() throws Exception {
        Two t = two();
        FutureTask<Integer> serves = start(() -> {
            SSLSocket s = over(t.server(), false);
            return s.getInputStream().read() + s.getInputStream().read();
        });
        over(t.client(), true).getOutputStream().write(7);
        t.client().shutdownOutput();
        assertThat(get(serves)).as("a byte and the end").isEqualTo(7 - 1);
    }

    @Test
    void anSslSocketMeetsAReset() throws Exception {
        Two t = two();
        SSLSocket server = over(t.server(), false);
        server.setEnabledProtocols(new String[]{"TLSv1.2"});
        FutureTask<Integer> first = start(() -> server.getInputStream().read());
        over(t.client(), true).getOutputStream().write(7);
        assertThat(get(first)).isEqualTo(7);
        t.client().setSoLinger(true, 0);
        t.client().close();
        failed(SocketException.class, "Connection reset", catchThrowable(() -> server.getInputStream().read()));
    }

    @Test
    void aHandshakeThatIsCutOffFails() throws Exception {
        Two t = two();
        FutureTask<Object> shakes = start(() -> {
            over(t.server(), false).startHandshake();
            return "done";
        });
        t.client().close();
        failed(SSLHandshakeException.class, "Remote host terminated the handshake", failure(shakes));
    }

    @Test
    void aHandshakeWithoutAnAnswerTimesOut() throws Exception {
        Two t = two();
        t.client().setSoTimeout(50);
        SSLSocket c = over(t.client(), true);
        failed(SocketTimeoutException.class, "Read timed out", catchThrowable(c::startHandshake));
    }
}
