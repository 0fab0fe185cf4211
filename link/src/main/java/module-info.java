/** Links in memory and the links that wrap links. */
module sluice.link {
    requires transitive sluice.base;
    requires transitive sluice.wire;
    requires transitive sluice.core;
    requires static org.jspecify;

    exports sluice.link;
}
