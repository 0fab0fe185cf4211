/** Texts, events and captures that show what the stack does. */
module sluice.observe {
    requires transitive sluice.core;
    requires static transitive org.jspecify;

    exports sluice.observe;
    exports sluice.observe.plot;
}
