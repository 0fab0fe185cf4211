package sluice.sockets.internal.nio;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.net.SocketImpl;
import java.nio.channels.DatagramChannel;
import java.nio.channels.spi.SelectorProvider;
import sluice.sockets.JvmSelectorProvider;

/**
 * The platform's own channels and sockets, also while the JVM's defaults are ours. Then nothing public gives them, and
 * the JVM has to be told that this module may use {@code sun.nio.ch}: {@link #FLAG}, or the agent.
 */
public final class PlatformProvider {
    /** What the JVM has to be started with. */
    public static final String FLAG = "--add-exports=java.base/sun.nio.ch=";

    private PlatformProvider() {}

    /** Made once, when it is first asked for. */
    private static final class Holder {
        static final SelectorProvider PROVIDER = make();

        private static SelectorProvider make() {
            SelectorProvider p = SelectorProvider.provider();
            if (!(p instanceof JvmSelectorProvider)) {
                return p;
            }
            try {
                return (SelectorProvider) Class.forName("sun.nio.ch.DefaultSelectorProvider").getMethod("get")
                        .invoke(null);
            } catch (ReflectiveOperationException e) {
                throw notExported(e);
            }
        }
    }

    /** Gives the platform's channels. */
    public static SelectorProvider get() {
        return Holder.PROVIDER;
    }

    /** What stands behind the platform's {@link java.net.Socket}, or {@link java.net.ServerSocket}. */
    static SocketImpl socketImpl(boolean server) {
        try {
            Constructor<?> c = Class.forName("sun.nio.ch.NioSocketImpl").getConstructor(boolean.class);
            return (SocketImpl) c.newInstance(server);
        } catch (ReflectiveOperationException e) {
            throw notExported(e);
        }
    }

    /** What stands behind the platform's {@link java.net.DatagramSocket}: an interrupt does not close it. */
    static DatagramChannel uninterruptibleDatagramChannel(SelectorProvider platform) throws IOException {
        try {
            return (DatagramChannel) Class.forName("sun.nio.ch.SelectorProviderImpl")
                    .getMethod("openUninterruptibleDatagramChannel").invoke(platform);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IOException failed) {
                throw failed;
            }
            throw notExported(e);
        } catch (ReflectiveOperationException e) {
            throw notExported(e);
        }
    }

    private static IllegalStateException notExported(ReflectiveOperationException e) {
        Module m = PlatformProvider.class.getModule();
        return new IllegalStateException("the platform's own sockets cannot be reached: start java with " + FLAG
                + (m.isNamed() ? m.getName() : "ALL-UNNAMED"), e);
    }
}
