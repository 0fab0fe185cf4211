package sluice.interop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.base.Counter;
import sluice.core.tcp.auth.AoKey;
import sluice.core.tcp.auth.AuthenticationKeys;
import sluice.core.tcp.auth.MacAlgorithm;
import sluice.sockets.SluiceSocketOptions;
import sluice.wire.Prefix;

/**
 * TCP-MD5 and TCP-AO with the kernel's own: a Python program sets the keys on its sockets, both sides connect, both
 * families; and a wrong key never opens.
 */
class SignedTest {
    private static final int PORT = 7179;
    private static final int BYTES = 300_000;
    private static final int TIMEOUT_S = 20;
    private static final int ENOPROTOOPT_STATUS = 92;
    private static final String PROGRAM = """
            import socket, struct, sys
            kind, role, peer, port, count, key = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]), sys.argv[6].encode()
            family = socket.AF_INET6 if ':' in peer else socket.AF_INET
            address = socket.inet_pton(family, peer)
            storage = struct.pack('=HHI', family, 0, 0) + address if family == socket.AF_INET6 else struct.pack('=HH', family, 0) + address
            storage = storage.ljust(128, b'\\0')
            s = socket.socket(family, socket.SOCK_STREAM)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.settimeout(15)
            try:
                if kind == 'md5':
                    s.setsockopt(socket.IPPROTO_TCP, 14, storage + struct.pack('=BBHi', 0, 0, len(key), 0) + key.ljust(80, b'\\0'))
                else:
                    s.setsockopt(socket.IPPROTO_TCP, 38, storage + kind.encode().ljust(64, b'\\0')
                        + struct.pack('=iIHBBBBBB', 0, 0, 0, len(address) * 8, 7, 8, 12, 0, len(key)) + key.ljust(80, b'\\0'))
            except OSError as e:
                sys.exit(e.errno)
            print('keyed', flush=True)
            if role == 'listen':
                s.bind(('::' if family == socket.AF_INET6 else '0.0.0.0', port))
                s.listen(1)
                print('listening', flush=True)
                c, _ = s.accept()
                c.settimeout(15)
            else:
                s.connect((peer, port))
                c = s
            got = 0
            while got < count:
                data = c.recv(65536)
                if not data:
                    sys.exit(3)
                c.sendall(data)
                got += len(data)
            c.close()
            """;

    private static AuthenticationKeys keys(String kind, Family family, String key) {
        AuthenticationKeys k = new AuthenticationKeys();
        Prefix peer = Prefix.host(family.kernelsIp());
        if (kind.equals("md5")) {
            k.md5(peer, key.getBytes(US_ASCII));
        } else {
            k.addAo(AoKey.of(peer, 8, 7, MacAlgorithm.find(kind), key.getBytes(US_ASCII)));
        }
        return k;
    }

    private static Process kernel(Lab lab, String kind, String role, Family family, String key) throws IOException {
        return lab.namespace.start(new ProcessBuilder("python3", "-c", PROGRAM, kind, role, family.oursIp().toString(),
                Integer.toString(PORT),
                Integer.toString(BYTES), key).redirectError(ProcessBuilder.Redirect.INHERIT));
    }

    /** Reads a line; where the kernel knows no such option, the test is skipped. */
    private static void await(Process p, BufferedReader in, String kind, String line) throws Exception {
        String got = in.readLine();
        if (got == null && p.waitFor(TIMEOUT_S, TimeUnit.SECONDS)) {
            Machine.require(p.exitValue() != ENOPROTOOPT_STATUS,
                    "this kernel has no " + (kind.equals("md5") ? "TCP_MD5SIG" : "TCP_AO"));
        }
        assertThat(got).isEqualTo(line);
    }

    private static void echo(Socket s) throws Exception {
        byte[] out = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            out[i] = (byte) (i * 31 + (i >>> 9));
        }
        Thread writer = Thread.ofVirtual().start(() -> {
            try {
                s.getOutputStream().write(out);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        byte[] in = s.getInputStream().readNBytes(BYTES);
        writer.join();
        assertThat(in).isEqualTo(out);
    }

    @ParameterizedTest(name = "{0}, connected by us {1}, {2}")
    @CsvSource({"md5,true,V4", "md5,false,V4", "md5,true,V6", "md5,false,V6", "hmac(sha1),true,V4",
        "hmac(sha1),false,V6", "cmac(aes128),true,V6",
        "cmac(aes128),false,V4", "hmac(sha256),true,V4"})
    void withTheKernel(String kind, boolean weConnect, Family family) throws Exception {
        Machine.requireTool("python3", "python3");
        try (Lab lab = Lab.builder().start()) {
            Process p = null;
            try (ServerSocket server = weConnect ? null : listening(lab, kind, family)) {
                p = kernel(lab, kind, weConnect ? "listen" : "connect", family, "a secret");
                try (BufferedReader in = p.inputReader();
                        Socket s = weConnect ? lab.sockets.socket() : null) {
                    await(p, in, kind, "keyed");
                    if (s != null) {
                        await(p, in, kind, "listening");
                        s.setOption(SluiceSocketOptions.AUTHENTICATION_KEYS, keys(kind, family, "a secret"));
                        s.connect(new InetSocketAddress(family.kernelsInet(), PORT), TIMEOUT_S * 1_000);
                        echo(s);
                    } else {
                        try (Socket accepted = server.accept()) {
                            echo(accepted);
                        }
                    }
                    assertThat(p.waitFor(TIMEOUT_S, TimeUnit.SECONDS)).isTrue();
                    assertThat(p.exitValue()).isZero();
                }
            } finally {
                if (p != null) {
                    p.destroyForcibly();
                }
            }
            for (Counter c : new Counter[]{Counter.TcpExtTCPMD5Failure, Counter.TcpExtTCPMD5NotFound,
                Counter.TcpExtTCPAOBad, Counter.TcpExtTCPAORequired}) {
                assertThat(lab.stack.<Long>execute(host -> host.counters().get(c))).as(c.name()).isZero();
            }
        }
    }

    private static ServerSocket listening(Lab lab, String kind, Family family) throws IOException {
        ServerSocket server = lab.sockets.serverSocket();
        server.setOption(SluiceSocketOptions.AUTHENTICATION_KEYS, keys(kind, family, "a secret"));
        server.bind(new InetSocketAddress(family.oursInet(), PORT), 1);
        return server;
    }

    @ParameterizedTest
    @CsvSource({"md5,TcpExtTCPMD5Failure", "hmac(sha1),TcpExtTCPAOBad"})
    void aWrongKeyNeverOpens(String kind, Counter counter) throws Exception {
        Machine.requireTool("python3", "python3");
        try (Lab lab = Lab.builder().start()) {
            Process listener = kernel(lab, kind, "listen", Family.V4, "a secret");
            try (BufferedReader in = listener.inputReader(); Socket s = lab.sockets.socket()) {
                await(listener, in, kind, "keyed");
                await(listener, in, kind, "listening");
                s.setOption(SluiceSocketOptions.AUTHENTICATION_KEYS, keys(kind, Family.V4, "another"));
                assertThatThrownBy(() -> s.connect(new InetSocketAddress(Family.V4.kernelsInet(), PORT), 2_000))
                        .isInstanceOf(IOException.class);
            } finally {
                listener.destroyForcibly();
            }
            assertThat(lab.namespace.run("nstat", "-az", counter.name())).containsPattern(counter.name() + "\\s+[1-9]");
            try (ServerSocket server = listening(lab, kind, Family.V4)) {
                Process p = kernel(lab, kind, "connect", Family.V4, "another");
                try (BufferedReader in = p.inputReader()) {
                    await(p, in, kind, "keyed");
                    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_S);
                    while (lab.stack.<Long>execute(host -> host.counters().get(counter)) == 0) {
                        assertThat(System.nanoTime()).as("no segment with the wrong key was counted")
                                .isLessThan(deadline);
                        Thread.sleep(20);
                    }
                } finally {
                    p.destroyForcibly();
                }
                assertThat(lab.stack.<Integer>execute(host -> host.tcp().tableSize())).isZero();
            }
        }
    }
}
