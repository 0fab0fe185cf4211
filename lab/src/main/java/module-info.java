/** The experiments: what the documents on TCP describe, run on the stack in virtual time, shown and asserted. */
module sluice.lab {
    requires transitive sluice.sim;
    requires java.management;
    requires jdk.net;
    requires jdk.httpserver;
    requires static org.jspecify;

    exports sluice.lab;
    exports sluice.lab.against;
    exports sluice.lab.experiments;
    exports sluice.lab.page;
}
