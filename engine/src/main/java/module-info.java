/** Shards of the core on real threads. */
module sluice.engine {
    requires transitive sluice.link;
    requires transitive sluice.observe;
    requires static transitive org.jspecify;

    exports sluice.engine;
}
