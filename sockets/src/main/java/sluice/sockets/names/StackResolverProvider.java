package sluice.sockets.names;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.security.Security;
import java.util.stream.Stream;
import sluice.engine.HostAccess;
import sluice.engine.ThreadHost;

/**
 * The JVM's resolver: what {@link InetAddress} asks. For a thread that belongs to a host with names ({@link
 * ThreadHost}, {@link Names}, {@link HostResolvers}) the host answers; for all others the platform does, as without
 * this class.
 *
 * <p>The JDK finds it as a service when this module (or its jar, on the class path) is there. {@link InetAddress} keeps
 * answers under the name alone, whoever asked; so that one stack's are not told to another's threads, {@code
 * networkaddress.cache.ttl} and {@code networkaddress.cache.negative.ttl} are set to 0 with the first lookup. What they
 * said before holds for the platform's answers, which are kept here.
 */
public final class StackResolverProvider extends InetAddressResolverProvider {
    private static final String TTL = "networkaddress.cache.ttl";
    private static final String NEGATIVE_TTL = "networkaddress.cache.negative.ttl";
    private static final int DEFAULT_TTL_SECONDS = 30;

    /** For {@link java.util.ServiceLoader}. */
    public StackResolverProvider() {}

    @Override
    public InetAddressResolver get(Configuration configuration) {
        int ttl = seconds(TTL, "sun.net.inetaddr.ttl", DEFAULT_TTL_SECONDS);
        int negativeTtl = seconds(NEGATIVE_TTL, "sun.net.inetaddr.negative.ttl", 0);
        Security.setProperty(TTL, "0");
        Security.setProperty(NEGATIVE_TTL, "0");
        return new ByThread(new PlatformNames(configuration.builtinResolver(), ttl, negativeTtl, System::nanoTime));
    }

    @Override
    public String name() {
        return "Sluice";
    }

    /** As {@code sun.net.InetAddressCachePolicy} reads it. */
    private static int seconds(String security, String system, int otherwise) {
        try {
            String s = Security.getProperty(security);
            if (s != null) {
                return Integer.parseInt(s);
            }
        } catch (NumberFormatException e) {
            // as if it were not there
        }
        return Integer.getInteger(system, otherwise);
    }

    private static final class ByThread implements InetAddressResolver {
        private final InetAddressResolver platform;

        ByThread(InetAddressResolver platform) {
            this.platform = platform;
        }

        private InetAddressResolver current() {
            HostAccess host = ThreadHost.current();
            InetAddressResolver names = host == null ? null : HostResolvers.of(host);
            return names == null ? platform : names;
        }

        @Override
        public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
            return current().lookupByName(host, policy);
        }

        @Override
        public String lookupByAddress(byte[] address) throws UnknownHostException {
            return current().lookupByAddress(address);
        }
    }
}
