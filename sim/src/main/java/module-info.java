/** Hosts, links and applications in virtual time; the TCP conversation tests live here. */
module sluice.sim {
    requires transitive sluice.link;
    requires transitive sluice.observe;
    requires static transitive org.jspecify;

    // An export that is commented out waits for the first class of its package (javac refuses to export an empty one).
    // exports sluice.sim;
}
