/** How a running stack is asked from outside: the control socket and its client. */
module sluice.control {
    requires transitive sluice.engine;
    requires jdk.httpserver;
    requires sluice.observe;
    requires static org.jspecify;

    exports sluice.control;
}
