/** The stack as blocking sockets and channels. */
module sluice.sockets {
    requires transitive sluice.engine;
    requires jdk.net;
    requires static transitive org.jspecify;

    exports sluice.sockets;
}
