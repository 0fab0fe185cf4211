/** Scripts in the packetdrill language, run against the stack in virtual time. */
module sluice.drill {
    requires transitive sluice.base;
    requires transitive sluice.wire;
    requires transitive sluice.core;
    requires transitive sluice.engine;
    requires static org.jspecify;

    exports sluice.drill;
}
