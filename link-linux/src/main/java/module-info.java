/** TUN, TAP, epoll and eventfd through the FFM API: the only module with native access. */
module sluice.link.linux {
    requires transitive sluice.link;
    requires static org.jspecify;

    // An export that is commented out waits for the first class of its package (javac refuses to export an empty one).
    // exports sluice.link.linux;
}
