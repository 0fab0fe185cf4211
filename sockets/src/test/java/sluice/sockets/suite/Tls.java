package sluice.sockets.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** One key and certificate for all cases, which both ends trust. */
final class Tls {
    private static final String PASSWORD = "changeit";

    private Tls() {}

    private static final class Holder {
        static final SSLContext CONTEXT = make();

        private static SSLContext make() {
            try {
                Path directory = Files.createTempDirectory("sluice-tls");
                Path file = directory.resolve("keys.p12");
                String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
                Process p = new ProcessBuilder(tool, "-genkeypair", "-alias", "both", "-keyalg", "EC", "-dname",
                        "CN=sluice", "-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", file.toString())
                        .redirectErrorStream(true).start();
                String said = new String(p.getInputStream().readAllBytes());
                if (p.waitFor() != 0) {
                    throw new IOException(said);
                }
                KeyStore keys = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
                Files.delete(file);
                Files.delete(directory);
                return context(keys);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        private static SSLContext context(KeyStore keys) throws Exception {
            KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
            own.init(keys, PASSWORD.toCharArray());
            TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
            trusted.init(keys);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
            return context;
        }
    }

    /** Made when it is first asked for. */
    static SSLContext context() {
        return Holder.CONTEXT;
    }
}
