/** Views over headers, one-line printers, pcap and pcapng. */
module sluice.wire {
    requires transitive sluice.base;
    requires static org.jspecify;

    exports sluice.wire;
}
