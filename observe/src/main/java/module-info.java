/** Texts, events and captures that show what the stack does. */
module sluice.observe {
    requires transitive sluice.core;
    requires static transitive org.jspecify;

    // An export that is commented out waits for the first class of its package (javac refuses to export an empty one).
    // exports sluice.observe;
}
