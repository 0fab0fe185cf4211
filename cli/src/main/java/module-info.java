/** The sluice command. */
module sluice.cli {
    requires transitive sluice.base;
    requires transitive sluice.wire;
    requires transitive sluice.core;
    requires transitive sluice.link;
    requires transitive sluice.link.linux;
    requires transitive sluice.observe;
    requires transitive sluice.engine;
    requires transitive sluice.control;
    requires transitive sluice.sockets;
    requires transitive sluice.sim;
    requires transitive sluice.drill;
    requires transitive sluice.lab;
    requires transitive sluice.campaign;
    requires transitive info.picocli;
    requires java.instrument;
    requires java.management;
    requires static org.jspecify;

    exports sluice.cli;
    exports sluice.cli.against;
    exports sluice.cli.demo;
    exports sluice.cli.http;
    exports sluice.cli.iperf3;
    exports sluice.cli.mcp;
    exports sluice.cli.service;

    opens sluice.cli to info.picocli;
}
