/** The protocol core: a deterministic Host without threads, clocks, sockets or randomness of its own. */
module sluice.core {
    requires transitive sluice.base;
    requires transitive sluice.wire;
    requires static org.jspecify;

    exports sluice.core;
    exports sluice.core.trace;
    exports sluice.core.ip;
    exports sluice.core.icmp;
    exports sluice.core.udp;
    exports sluice.core.neighbour;
    exports sluice.core.tcp;
    exports sluice.core.tcp.auth;
    exports sluice.core.tcp.input;
    exports sluice.core.tcp.output;
    exports sluice.core.tcp.timer;
    exports sluice.core.tcp.user;
    exports sluice.core.tcp.option;
    exports sluice.core.tcp.fastopen;
    exports sluice.core.tcp.data;
    exports sluice.core.tcp.ecn;
    exports sluice.core.tcp.recovery;
    exports sluice.core.tcp.closing;
    exports sluice.core.tcp.congestion;
    exports sluice.core.tcp.layer;
    exports sluice.core.tcp.path;
    exports sluice.core.tcp.receiver;
    exports sluice.core.tcp.segment;
}
