/** Shards of the core on real threads. */
module sluice.engine {
    requires java.management;
    requires transitive sluice.link;
    requires static org.jspecify;

    exports sluice.engine;
}
