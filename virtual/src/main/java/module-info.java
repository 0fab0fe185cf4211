/** A simulated network of whole programs in virtual time, and the JUnit extension that makes one for each test. */
module sluice.virtual {
    requires transitive sluice.clock.agent;
    requires transitive sluice.sim;
    requires sluice.sockets;
    requires static org.assertj.core;
    requires static org.jspecify;
    requires static org.junit.jupiter.api;
    requires static org.junit.platform.commons;
    requires static org.opentest4j;

    exports sluice.virtual;
    exports sluice.virtual.junit;
    exports sluice.virtual.assertj;
}
