/** Shards of the core on real threads. */
module sluice.engine {
    requires transitive sluice.link;
    requires transitive sluice.observe;
    requires static org.jspecify;

    // An export that is commented out waits for the first class of its package (javac refuses to export an empty one).
    // exports sluice.engine;
}
