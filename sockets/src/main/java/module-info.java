/** The stack as blocking sockets and channels. */
@SuppressWarnings("module") // sluice.virtual is built after this
module sluice.sockets {
    requires transitive sluice.engine;
    requires jdk.jfr;
    requires jdk.net;
    requires static org.jspecify;

    exports sluice.sockets;
    exports sluice.sockets.names;
    exports sluice.sockets.internal.dns to sluice.virtual;

    provides java.net.spi.InetAddressResolverProvider with sluice.sockets.names.StackResolverProvider;
}
