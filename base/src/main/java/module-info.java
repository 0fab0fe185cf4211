/** Sequence arithmetic, deadlines, collections, counters, trace sink, invariant checks. */
module sluice.base {
    requires static org.jspecify;

    exports sluice.base;
}
