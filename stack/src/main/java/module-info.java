/** What a program needs to run on a stack, as one dependency; it has no classes of its own. */
module sluice.stack {
    requires transitive sluice.sockets;
    requires transitive sluice.link.linux;
    requires transitive sluice.control;
}
