/** Hosts, links and applications in virtual time; the TCP conversation tests live here. */
module sluice.sim {
    requires transitive sluice.engine;
    requires transitive sluice.link;
    requires transitive sluice.observe;
    requires static org.jspecify;

    exports sluice.sim;
}
