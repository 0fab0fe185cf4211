/** The sluice command. */
module sluice.cli {
    requires sluice.base;
    requires sluice.wire;
    requires sluice.core;
    requires sluice.link;
    requires sluice.link.linux;
    requires sluice.observe;
    requires sluice.engine;
    requires sluice.sockets;
    requires sluice.sim;
    requires sluice.drill;
    requires info.picocli;
    requires static transitive org.jspecify;

    exports sluice.cli;
    exports sluice.cli.control;
    exports sluice.cli.demo;
    exports sluice.cli.http;
    exports sluice.cli.iperf3;
    exports sluice.cli.json;
    exports sluice.cli.service;

    opens sluice.cli to info.picocli;
}
