/** TUN, TAP, epoll and eventfd through the FFM API: the only module with native access. */
module sluice.link.linux {
    requires transitive sluice.link;
    requires static org.jspecify;

    exports sluice.link.linux;
}
