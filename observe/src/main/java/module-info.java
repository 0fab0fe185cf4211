/** The stack from outside: recorded, read from captures, printed, drawn. Nothing here can change what it shows. */
module sluice.observe {
    requires transitive sluice.core;
    requires jdk.jfr;
    requires static org.jspecify;

    exports sluice.observe.capture;
    exports sluice.observe.diagnose;
    exports sluice.observe.explain;
    exports sluice.observe.jfr;
    exports sluice.observe.json;
    exports sluice.observe.metrics;
    exports sluice.observe.plot;
    exports sluice.observe.print;
    exports sluice.observe.qlog;
    exports sluice.observe.record;
}
