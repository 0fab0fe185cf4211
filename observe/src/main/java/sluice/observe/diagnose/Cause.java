package sluice.observe.diagnose;

/** What can be wrong; the texts are for whoever has to mend it. */
public enum Cause {
    /** Sockets that the application has not closed. */
    CLOSE_WAIT("connections are not closed by the application (CLOSE-WAIT)",
            "The peer has closed, and the application here has not called close(). Each keeps a descriptor and its "
                    + "buffers; no timer ends it.",
            "A response, stream or connection that is not closed on some path (an exception, an early return), "
                    + "or a pool "
                    + "that keeps connections the server has ended.",
            "the code that closes these sockets (sluice.debug.owners=true shows who made them); keepalive does "
                    + "not help"),
    /** Too many connections of one peer in TIME-WAIT. */
    PORT_EXHAUSTION("local ports are running out (TIME-WAIT)",
            "Each connection that was closed here first keeps its port for 60 s towards the same peer; a new one "
                    + "needs a "
                    + "free port.",
            "A connection for each request, closed by the client.",
            "reuse connections (pool, keep-alive); net.ipv4.ip_local_port_range, net.ipv4.tcp_tw_reuse; never a "
                    + "shorter "
                    + "TIME-WAIT"),
    /** The accept queue of a listener is full. */
    ACCEPT_QUEUE("a listener's accept queue is full",
            "Handshakes are done faster than the application calls accept(); the final ACK, or new SYNs, are "
                    + "dropped and "
                    + "clients wait for retransmissions: 1, 3, 7 s.",
            "The accepting thread is blocked or paused (GC, a lock, a full worker pool), or the backlog is small.",
            "the thread that accepts; listen()'s backlog and net.core.somaxconn; net.ipv4.tcp_abort_on_overflow"),
    /** The queue of half-open connections is full. */
    SYN_QUEUE("many half-open connections (SYN-RECV)",
            "SYNs arrive whose handshakes are not completed; when the queue is full the host answers with cookies, or "
                    + "drops.",
            "A SYN flood (forged sources), or SYN-ACKs that get lost on the way back.",
            "net.ipv4.tcp_syncookies (keep 1), net.ipv4.tcp_max_syn_backlog, net.ipv4.tcp_synack_retries; the "
                    + "sources of "
                    + "the SYNs"),
    /** Data wait for the application. */
    SLOW_READER("the application here does not read",
            "Received bytes wait in the socket; our window has closed or is about to, and the peer has to stop.",
            "The reading thread is blocked or slower than the sender.",
            "the thread that reads this socket; a larger buffer only delays it"),
    /** The peer's window is closed. */
    PEER_NOT_READING("the peer does not read (its window is closed)",
            "The peer announces a window of 0 and we probe it; nothing is lost and the network is not the reason.",
            "The application at the other end is blocked or slow.",
            "the program at the other end; TCP_USER_TIMEOUT if it must not hold us"),
    /** Segments are lost. */
    LOSS("segments are lost and retransmitted",
            "The network drops (or delays past the timeout) part of what is sent; the congestion window is kept "
                    + "small by "
                    + "it.",
            "A full queue or a bad link on the way to these peers.",
            "where the loss is: compare peers, capture at both ends; not a setting of TCP"),
    /** Nobody answers. */
    DEAD_PEER("peers do not answer any more",
            "The same bytes are retransmitted again and again with growing pauses and nothing is acknowledged, or "
                    + "keepalive probes are not answered; by default it takes some 15 minutes to give up.",
            "The peer crashed, its address moved, or a firewall or load balancer forgot the flow.",
            "TCP_USER_TIMEOUT, net.ipv4.tcp_retries2; for idle ones SO_KEEPALIVE with short intervals"),
    /** Large packets vanish, small ones arrive. */
    PATH_MTU("large packets do not get through (path MTU)",
            "Handshakes and small segments are answered, full-sized ones never: they are retransmitted again and "
                    + "again, and connections hang at their first large piece.",
            "A link on the way with a smaller MTU (tunnel, VPN, PPPoE) and a firewall that drops ICMP "
                    + "\"fragmentation needed\" or \"packet too big\".",
            "let those ICMP messages through, or clamp the MSS on the router; here net.ipv4.tcp_mtu_probing=1 finds a "
                    + "size that passes"),
    /** Nobody answers SYNs. */
    CONNECT_TIMEOUT("connections are not answered (SYN-SENT)",
            "SYNs are retransmitted without an answer, 127 s in all by default.",
            "A firewall that drops, a host that is down, an accept queue that is full at the other end.",
            "the path to that address; connect timeouts of the client, net.ipv4.tcp_syn_retries"),
    /** Window or buffer below the path's bandwidth-delay product. */
    SMALL_BUFFER("buffers are too small for the path",
            "The sender has more to send and the network could carry it, but a buffer at one end holds less than "
                    + "bandwidth × delay.",
            "SO_SNDBUF or SO_RCVBUF set to a fixed value (that ends autotuning), or small limits.",
            "leave SO_SNDBUF/SO_RCVBUF unset; third number of net.ipv4.tcp_wmem (sndbuf_limited) and of the peer's "
                    + "net.ipv4.tcp_rmem (rwnd_limited)"),
    /** Datagrams that found no room. */
    UDP_OVERFLOW("datagrams are dropped because nobody reads them in time",
            "A UDP socket's receive buffer was full when they came.",
            "A reader that is slower than the bursts.", "the reader; SO_RCVBUF, net.core.rmem_max"),
    /** Checksums that are wrong. */
    CORRUPTION("packets arrive damaged",
            "Checksums of IP, TCP or UDP were wrong; they are dropped as if lost.",
            "Bad memory, cable or driver, or a middlebox that rewrites without mending the checksum.",
            "the interface and its offloads (ethtool -k); counters of the devices on the way"),
    /** Protocol memory. */
    MEMORY("TCP is short of memory",
            "The sockets together hold as much as tcp_mem allows: windows shrink, out-of-order data are dropped.",
            "Many connections with unread or unacknowledged data.",
            "net.ipv4.tcp_mem; which sockets hold most (ss -m, Recv-Q, Send-Q)"),
    /** Connections ended by us with data that nobody read. */
    ABORTED("connections are reset by this host",
            "close() with unread data, or SO_LINGER 0, sends RST: the peer may lose what it has not read.",
            "An application that closes before it has read to the end.",
            "read to the end of the stream before close()"),
    /** Closed, with data or a FIN that is not acknowledged, or waiting for the peer's FIN. */
    ORPHANS("closed connections wait for their peers (FIN-WAIT, LAST-ACK)",
            "The application has closed, the peer has not acknowledged or closed; they hold memory without an owner.",
            "Peers that went away, or that keep their half open.",
            "net.ipv4.tcp_fin_timeout, net.ipv4.tcp_orphan_retries, net.ipv4.tcp_max_orphans");

    private final String title;
    private final String meaning;
    private final String likely;
    private final String look;

    Cause(String title, String meaning, String likely, String look) {
        this.title = title;
        this.meaning = meaning;
        this.likely = likely;
        this.look = look;
    }

    /** What is wrong, as a line. */
    public String title() {
        return title;
    }

    /** What it means. */
    public String meaning() {
        return meaning;
    }

    /** What it usually comes from. */
    public String likely() {
        return likely;
    }

    /** Which code or setting to look at. */
    public String look() {
        return look;
    }
}
