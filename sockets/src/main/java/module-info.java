/** The stack as blocking sockets and channels. */
module sluice.sockets {
    requires transitive sluice.engine;
    requires static transitive org.jspecify;

    // An export that is commented out waits for the first class of its package (javac refuses to export an empty one).
    // exports sluice.sockets;
}
