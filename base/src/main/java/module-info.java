/** Sequence arithmetic, deadlines, collections, counters, trace sink, invariant checks. */
module sluice.base {
    requires static transitive org.jspecify;

    exports sluice.base;
}
