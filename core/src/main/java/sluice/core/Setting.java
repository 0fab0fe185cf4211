package sluice.core;

import sluice.core.tcp.congestion.CongestionControls;

/**
 * Every setting of a host: Linux's sysctls by their names, units and defaults.
 *
 * <p>A constant is the upper-case last part of the sysctl's name, with a prefix where that alone says too little
 * (ROUTE_, NEIGH_, IP6_, ICMP6_). A unit of "" marks a switch or a choice by number. Defaults are Linux's; where Linux
 * derives one from the machine, the text says which we chose. Values are held by {@link Settings}. Settings that
 * have no effect here are kept so that scripts that set them run, and say why ({@link #whyWithoutEffect}); those that
 * Linux does not have begin with "sluice.". Source: Documentation/networking/ip-sysctl.rst.
 */
public enum Setting {
    // fs.
    FILE_MAX("fs.file-max", "files", 0, Long.MAX_VALUE,
            "TCP connections at most. Linux: files, one for 10 KB of memory", 1048576), //

    // net.core.
    SOMAXCONN("net.core.somaxconn", "connections", 0, Integer.MAX_VALUE, "cap on a listener's accept backlog", 4096), //
    NETDEV_MAX_BACKLOG("net.core.netdev_max_backlog", "packets", 0, Integer.MAX_VALUE, "input queue of a shard", 1000), //
    NETDEV_BUDGET("net.core.netdev_budget", "packets", 1, Integer.MAX_VALUE, "packets taken from the links in one turn",
            300), //
    NETDEV_BUDGET_USECS("net.core.netdev_budget_usecs", "us", 0, Integer.MAX_VALUE,
            "time for one turn; Linux: 2 jiffies", 8000), //
    DEV_WEIGHT("net.core.dev_weight", "packets", 1, Integer.MAX_VALUE,
            "packets taken from one link before the next link's turn", 64), //
    RMEM_DEFAULT("net.core.rmem_default", "bytes", 2304, Integer.MAX_VALUE, "receive buffer of sockets other than TCP",
            212992), //
    RMEM_MAX("net.core.rmem_max", "bytes", 2304, Integer.MAX_VALUE, "cap of SO_RCVBUF", 4194304), //
    WMEM_DEFAULT("net.core.wmem_default", "bytes", 4608, Integer.MAX_VALUE, "send buffer of sockets other than TCP",
            212992), //
    WMEM_MAX("net.core.wmem_max", "bytes", 4608, Integer.MAX_VALUE, "cap of SO_SNDBUF", 4194304), //
    OPTMEM_MAX("net.core.optmem_max", "bytes", 0, Integer.MAX_VALUE, "ancillary memory of a socket", 131072), //
    BUSY_READ("net.core.busy_read", "us", 0, Integer.MAX_VALUE,
            "how long a blocking read spins on the link before it sleeps", 0), //
    BUSY_POLL("net.core.busy_poll", "us", 0, Integer.MAX_VALUE,
            "how long poll and select spin on the links before they sleep", 0), //

    // net.ipv4: IP.
    IP_FORWARD("net.ipv4.ip_forward", "", 0, 1, "forward packets between interfaces", 0), //
    IP_DEFAULT_TTL("net.ipv4.ip_default_ttl", "hops", 1, 255, "TTL of packets whose socket names none", 64), //
    IP_NO_PMTU_DISC("net.ipv4.ip_no_pmtu_disc", "", 0, 3,
            "path MTU discovery: 0 on, 1 off, 2 off and ignore what ICMP says, 3 on with only checked ICMP messages "
                    + "believed",
            0), //
    IP_LOCAL_PORT_RANGE("net.ipv4.ip_local_port_range", "port", 1, 65535, "ephemeral ports, first and last", 32768,
            60999), //
    IP_LOCAL_RESERVED_PORTS("net.ipv4.ip_local_reserved_ports", "ports never chosen automatically: \"8080,9148-9150\"",
            ""), //
    IP_UNPRIVILEGED_PORT_START("net.ipv4.ip_unprivileged_port_start", "port", 0, 65535,
            "first port that needs no privilege", 1024), //
    IP_NONLOCAL_BIND("net.ipv4.ip_nonlocal_bind", "", 0, 1, "sockets may bind to addresses that are not ours", 0), //
    IP_AUTOBIND_REUSE("net.ipv4.ip_autobind_reuse", "", 0, 1,
            "bind to port 0 may share a port among SO_REUSEADDR sockets", 0), //
    ACCEPT_REDIRECTS("net.ipv4.conf.all.accept_redirects", "", 0, 1, "obey ICMP redirects", 1), //
    ACCEPT_SOURCE_ROUTE("net.ipv4.conf.all.accept_source_route", "", 0, 1, "accept packets with source-route options",
            0), //
    RP_FILTER("net.ipv4.conf.all.rp_filter", "", 0, 2,
            "drop packets whose source is not reached over the interface they came in on: 1 strict, 2 loose", 0), //
    IPFRAG_HIGH_THRESH("net.ipv4.ipfrag_high_thresh", "bytes", 0, Long.MAX_VALUE,
            "memory for fragments that wait for the others", 4194304), //
    IPFRAG_LOW_THRESH("net.ipv4.ipfrag_low_thresh", "bytes", 0, Long.MAX_VALUE, "obsolete since Linux 4.17: no effect",
            3145728), //
    IPFRAG_TIME("net.ipv4.ipfrag_time", "s", 1, 32767, "how long fragments wait", 30), //
    IPFRAG_MAX_DIST("net.ipv4.ipfrag_max_dist", "packets", 0, Integer.MAX_VALUE,
            "fragments from one source that may pass before a datagram is given up; 0 switches the check off", 64), //
    ROUTE_MTU_EXPIRES("net.ipv4.route.mtu_expires", "s", 1, Integer.MAX_VALUE,
            "how long a learned path MTU is believed", 600), //
    ROUTE_MIN_PMTU("net.ipv4.route.min_pmtu", "bytes", 68, 65535,
            "smallest path MTU that ICMP may teach; to a path that carries less, packets of this size go without DF",
            552), //
    ROUTE_MIN_ADV_MSS("net.ipv4.route.min_adv_mss", "bytes", 0, 65535,
            "smallest MSS offered, however little a path is known to carry", 256), //

    // net.ipv4: ICMP.
    ICMP_RATELIMIT("net.ipv4.icmp_ratelimit", "ms", 0, Integer.MAX_VALUE,
            "least time between limited messages to one destination, after a burst of 6; 0 for no limit", 1000), //
    ICMP_RATEMASK("net.ipv4.icmp_ratemask", "bits", 0, 0xffff_ffffL,
            "types (bit per number) under the limits: 3, 4, 11, 12", 6168), //
    ICMP_MSGS_PER_SEC("net.ipv4.icmp_msgs_per_sec", "messages", 0, Integer.MAX_VALUE,
            "limited messages of the whole host in a second; 0 for no limit", 10000), //
    ICMP_MSGS_BURST("net.ipv4.icmp_msgs_burst", "messages", 0, Integer.MAX_VALUE, "how many of them at once", 10000), //
    ICMP_ECHO_IGNORE_ALL("net.ipv4.icmp_echo_ignore_all", "", 0, 1, "answer no echo requests", 0), //
    ICMP_ECHO_IGNORE_BROADCASTS("net.ipv4.icmp_echo_ignore_broadcasts", "", 0, 1,
            "answer no echo or timestamp requests to broadcast and multicast addresses", 1), //
    ICMP_IGNORE_BOGUS_ERROR_RESPONSES("net.ipv4.icmp_ignore_bogus_error_responses", "", 0, 1,
            "say nothing about errors that answer broadcasts", 1), //

    // net.ipv4: UDP.
    UDP_RMEM_MIN("net.ipv4.udp_rmem_min", "bytes", 1, Integer.MAX_VALUE,
            "receive buffer that a UDP socket gets above the first number of udp_mem", 4096), //
    UDP_WMEM_MIN("net.ipv4.udp_wmem_min", "bytes", 1, Integer.MAX_VALUE,
            "send buffer that a UDP socket gets above the first number of udp_mem", 4096), //
    UDP_MEM("net.ipv4.udp_mem", "pages", 0, Long.MAX_VALUE,
            "memory of all UDP sockets: low, pressure, limit. By the machine's memory, as on Linux; of a stack in a "
                    + "JVM 1/16, 1/12 and 1/8 of its native memory; in simulations 384, 512 and 768 MiB",
            98304, 131072, 196608), //

    // net.ipv4 and net.ipv6: neighbours.
    NEIGH_GC_THRESH1("net.ipv4.neigh.default.gc_thresh1", "entries", 0, Integer.MAX_VALUE,
            "neighbours kept without being cleaned up", 128), //
    NEIGH_GC_THRESH2("net.ipv4.neigh.default.gc_thresh2", "entries", 0, Integer.MAX_VALUE,
            "neighbours above which cleaning becomes eager", 512), //
    NEIGH_GC_THRESH3("net.ipv4.neigh.default.gc_thresh3", "entries", 1, Integer.MAX_VALUE, "neighbours at most", 1024), //
    NEIGH_BASE_REACHABLE_TIME_MS("net.ipv4.neigh.default.base_reachable_time_ms", "ms", 1, Integer.MAX_VALUE,
            "how long a neighbour counts as reachable (times 0.5 to 1.5)", 30000), //
    NEIGH_RETRANS_TIME_MS("net.ipv4.neigh.default.retrans_time_ms", "ms", 1, Integer.MAX_VALUE,
            "time between solicitations", 1000), //
    NEIGH_DELAY_FIRST_PROBE_TIME("net.ipv4.neigh.default.delay_first_probe_time", "s", 0, Integer.MAX_VALUE,
            "wait for a sign of life before the first probe", 5), //
    NEIGH_UCAST_SOLICIT("net.ipv4.neigh.default.ucast_solicit", "packets", 0, Integer.MAX_VALUE,
            "probes to a known address", 3), //
    NEIGH_MCAST_SOLICIT("net.ipv4.neigh.default.mcast_solicit", "packets", 0, Integer.MAX_VALUE,
            "broadcast or multicast solicitations", 3), //
    NEIGH_GC_STALE_TIME("net.ipv4.neigh.default.gc_stale_time", "s", 0, Integer.MAX_VALUE,
            "how long an unused neighbour is kept", 60), //
    NEIGH_UNRES_QLEN_BYTES("net.ipv4.neigh.default.unres_qlen_bytes", "bytes", 0, Integer.MAX_VALUE,
            "packets that wait for one neighbour's address", 212992), //

    // net.ipv6.
    IP6_FORWARDING("net.ipv6.conf.all.forwarding", "", 0, 1, "forward packets between interfaces", 0), //
    IP6_HOP_LIMIT("net.ipv6.conf.all.hop_limit", "hops", 1, 255, "hop limit of packets whose socket names none", 64), //
    IP6_ACCEPT_REDIRECTS("net.ipv6.conf.all.accept_redirects", "", 0, 1, "obey ICMPv6 redirects", 1), //
    IP6_ACCEPT_RA("net.ipv6.conf.all.accept_ra", "", 0, 2, "obey router advertisements: 1 unless forwarding, 2 always",
            1), //
    IP6_DAD_TRANSMITS("net.ipv6.conf.all.dad_transmits", "packets", 0, Integer.MAX_VALUE,
            "solicitations of duplicate address detection; 0 switches it off", 1), //
    IP6_AUTO_FLOWLABELS("net.ipv6.auto_flowlabels", "", 0, 3, "flow label from a hash of the flow", 1), //
    IP6_BINDV6ONLY("net.ipv6.bindv6only", "", 0, 1, "IPv6 sockets take no IPv4 connections unless told", 0), //
    IP6FRAG_HIGH_THRESH("net.ipv6.ip6frag_high_thresh", "bytes", 0, Long.MAX_VALUE,
            "memory for fragments that wait for the others", 4194304), //
    IP6FRAG_TIME("net.ipv6.ip6frag_time", "s", 1, 32767, "how long fragments wait", 60), //
    IP6_ROUTE_MTU_EXPIRES("net.ipv6.route.mtu_expires", "s", 1, Integer.MAX_VALUE,
            "how long a learned path MTU is believed", 600), //
    ICMP6_RATELIMIT("net.ipv6.icmp.ratelimit", "ms", 0, Integer.MAX_VALUE,
            "least time between limited messages to one destination; 0 for no limit", 100), //
    ICMP6_ECHO_IGNORE_ALL("net.ipv6.icmp.echo_ignore_all", "", 0, 1, "answer no echo requests", 0), //

    // net.ipv4: TCP.
    TCP_ABORT_ON_OVERFLOW("net.ipv4.tcp_abort_on_overflow", "", 0, 1,
            "reset a connection for which the accept queue is full, else drop and let the peer try again", 0), //
    TCP_ADV_WIN_SCALE("net.ipv4.tcp_adv_win_scale", "", -31, 31, "obsolete since Linux 6.6: no effect", 1), //
    TCP_APP_WIN("net.ipv4.tcp_app_win", "bits", 0, 31,
            "reserve max(window/2^n, mss) of the window for the application; 31 for nothing", 31), //
    TCP_AUTOCORKING("net.ipv4.tcp_autocorking", "", 0, 1,
            "gather small writes while a packet of the connection waits below", 1), //
    TCP_BACKLOG_ACK_DEFER("net.ipv4.tcp_backlog_ack_defer", "", 0, 1,
            "acknowledge once after a batch of segments, not for each", 1), //
    TCP_BASE_MSS("net.ipv4.tcp_base_mss", "bytes", 0, 65535, "where path-MTU probing starts", 1024), //
    TCP_CHALLENGE_ACK_LIMIT("net.ipv4.tcp_challenge_ack_limit", "packets", 0, Integer.MAX_VALUE,
            "challenge ACKs of the whole host in a second; the greatest number for no limit (each connection has its "
                    + "own)",
            2147483647), //
    TCP_COMP_SACK_DELAY_NS("net.ipv4.tcp_comp_sack_delay_ns", "ns", 0, Long.MAX_VALUE,
            "longest time a SACK is held back", 1000000), //
    TCP_COMP_SACK_SLACK_NS("net.ipv4.tcp_comp_sack_slack_ns", "ns", 0, Long.MAX_VALUE, "slack of its timer", 10000), //
    TCP_COMP_SACK_NR("net.ipv4.tcp_comp_sack_nr", "packets", 0, 255, "SACKs held back at most", 44), //
    TCP_COMP_SACK_RTT_PERCENT("net.ipv4.tcp_comp_sack_rtt_percent", "percent", 1, 1000,
            "how long a SACK is held back, of the smoothed round-trip time", 33), //
    TCP_CONGESTION_CONTROL("net.ipv4.tcp_congestion_control", "algorithm of new connections", "cubic"), //
    TCP_AVAILABLE_CONGESTION_CONTROL("net.ipv4.tcp_available_congestion_control", "algorithms there are; read-only",
            String.join(" ", CongestionControls.names())), //
    TCP_ALLOWED_CONGESTION_CONTROL("net.ipv4.tcp_allowed_congestion_control",
            "algorithms an application may choose, beside the default",
            String.join(" ", CongestionControls.names())), //
    TCP_DSACK("net.ipv4.tcp_dsack", "", 0, 1, "report duplicates (RFC 2883)", 1), //
    TCP_EARLY_RETRANS("net.ipv4.tcp_early_retrans", "", 0, 4, "0 switches tail loss probes off; 3 and 4 switch them on",
            3), //
    TCP_ECN("net.ipv4.tcp_ecn", "", 0, 5,
            "explicit congestion notification: 0 off, 1 ask and accept, 2 accept only; accurate ECN: 3 ask and "
                    + "accept, 4 accept and ask for classic ECN, 5 accept only",
            2), //
    TCP_ECN_OPTION("net.ipv4.tcp_ecn_option", "", 0, 3,
            "accurate ECN option: 0 never, 1 when needed, 2 wherever it fits, 3 also where it seems to be blocked", 2), //
    TCP_ECN_OPTION_BEACON("net.ipv4.tcp_ecn_option_beacon", "", 0, 255,
            "accurate ECN options in a round trip at least, with tcp_ecn_option=1", 3), //
    TCP_ECN_FALLBACK("net.ipv4.tcp_ecn_fallback", "", 0, 1,
            "send SYNs again without ECN; mark nothing where the path changes ECN fields", 1), //
    TCP_FASTOPEN("net.ipv4.tcp_fastopen", "bits", 0, Integer.MAX_VALUE,
            "Fast Open: 1 client, 2 server, 4 client without cookie, 0x200 server without cookie, 0x400 all listeners",
            1), //
    TCP_FASTOPEN_BLACKHOLE_TIMEOUT_SEC("net.ipv4.tcp_fastopen_blackhole_timeout_sec", "s", 0, Integer.MAX_VALUE,
            "how long Fast Open rests after packets with it vanished; 0 for not", 0), //
    TCP_FASTOPEN_KEY("net.ipv4.tcp_fastopen_key",
            "key of Fast Open cookies, then the previous one after a comma; zero: drawn at random when first needed",
            "00000000-00000000-00000000-00000000"), //
    TCP_FIN_TIMEOUT("net.ipv4.tcp_fin_timeout", "s", 0, Integer.MAX_VALUE,
            "how long an orphaned connection stays in FIN-WAIT-2", 60), //
    TCP_FRTO("net.ipv4.tcp_frto", "", 0, 2, "detect spurious timeouts (RFC 5682)", 2), //
    TCP_INVALID_RATELIMIT("net.ipv4.tcp_invalid_ratelimit", "ms", 0, Integer.MAX_VALUE,
            "least time between ACKs that answer invalid segments", 500), //
    TCP_KEEPALIVE_TIME("net.ipv4.tcp_keepalive_time", "s", 1, Integer.MAX_VALUE,
            "idle time before the first keepalive probe", 7200), //
    TCP_KEEPALIVE_PROBES("net.ipv4.tcp_keepalive_probes", "packets", 1, 255,
            "probes without answer before the connection is given up", 9), //
    TCP_KEEPALIVE_INTVL("net.ipv4.tcp_keepalive_intvl", "s", 1, Integer.MAX_VALUE, "time between probes", 75), //
    TCP_LIMIT_OUTPUT_BYTES("net.ipv4.tcp_limit_output_bytes", "bytes", 0, Integer.MAX_VALUE,
            "bytes of one connection that may wait below it", 4194304), //
    TCP_MAX_ORPHANS("net.ipv4.tcp_max_orphans", "connections", 0, Integer.MAX_VALUE,
            "connections that no application holds any more. Linux: by the machine's memory", 65536), //
    TCP_MAX_REORDERING("net.ipv4.tcp_max_reordering", "segments", 1, Integer.MAX_VALUE, "cap of the reordering degree",
            300), //
    TCP_MAX_SYN_BACKLOG("net.ipv4.tcp_max_syn_backlog", "connections", 0, Integer.MAX_VALUE,
            "half-open connections of one listener. Linux: 128 at least, by the machine's memory", 1024), //
    TCP_MAX_TW_BUCKETS("net.ipv4.tcp_max_tw_buckets", "connections", 0, Integer.MAX_VALUE,
            "connections in TIME-WAIT. Linux: half of its hash table; this is a large machine's", 262144), //
    TCP_MEM("net.ipv4.tcp_mem", "pages", 0, Long.MAX_VALUE,
            "memory of all TCP connections: low, pressure, limit. By the machine's memory, as on Linux; of a stack in "
                    + "a JVM 1/8, 1/6 and 1/4 of its native memory; in simulations 768, 1024 and 1536 MiB",
            196608, 262144, 393216), //
    TCP_MIGRATE_REQ("net.ipv4.tcp_migrate_req", "", 0, 1,
            "move requests to another listener of the group when theirs closes", 0), //
    TCP_MIN_RTT_WLEN("net.ipv4.tcp_min_rtt_wlen", "s", 0, 86400, "window of the minimal round-trip time", 300), //
    TCP_MIN_SND_MSS("net.ipv4.tcp_min_snd_mss", "bytes", 48, 65535, "never send with a smaller MSS", 48), //
    TCP_MIN_TSO_SEGS("net.ipv4.tcp_min_tso_segs", "segments", 1, 255, "least size of a super-segment", 2), //
    TCP_MODERATE_RCVBUF("net.ipv4.tcp_moderate_rcvbuf", "", 0, 1, "let receive buffers grow with the connection", 1), //
    TCP_MTU_PROBE_FLOOR("net.ipv4.tcp_mtu_probe_floor", "bytes", 48, 65535, "lower bound of path-MTU probing", 48), //
    TCP_MTU_PROBING("net.ipv4.tcp_mtu_probing", "", 0, 2,
            "path-MTU probing (RFC 4821): 0 off, 1 after a black hole, 2 always", 0), //
    TCP_NO_METRICS_SAVE("net.ipv4.tcp_no_metrics_save", "", 0, 1,
            "do not keep what a connection learned about its path", 0), //
    TCP_NO_SSTHRESH_METRICS_SAVE("net.ipv4.tcp_no_ssthresh_metrics_save", "", 0, 1, "do not keep ssthresh among it", 1), //
    TCP_NOTSENT_LOWAT("net.ipv4.tcp_notsent_lowat", "bytes", 0, 0xffff_ffffL,
            "bytes not yet sent above which a socket is not writable", 4294967295L), //
    TCP_ORPHAN_RETRIES("net.ipv4.tcp_orphan_retries", "packets", 0, 255,
            "retransmissions after the application closed; 0 means 8", 0), //
    TCP_PACING_SS_RATIO("net.ipv4.tcp_pacing_ss_ratio", "percent", 0, 1000,
            "pacing rate in slow start, of cwnd per round trip", 200), //
    TCP_PACING_CA_RATIO("net.ipv4.tcp_pacing_ca_ratio", "percent", 0, 1000,
            "pacing rate in congestion avoidance, of cwnd per round trip", 120), //
    TCP_PINGPONG_THRESH("net.ipv4.tcp_pingpong_thresh", "packets", 1, 255,
            "answers that make a connection interactive, so that ACKs wait for data", 1), //
    TCP_PLB_ENABLED("net.ipv4.tcp_plb_enabled", "", 0, 1, "protective load balancing", 0), //
    TCP_PLB_IDLE_REHASH_ROUNDS("net.ipv4.tcp_plb_idle_rehash_rounds", "rounds", 0, 31,
            "congested rounds before an idle connection changes its path", 3), //
    TCP_PLB_REHASH_ROUNDS("net.ipv4.tcp_plb_rehash_rounds", "rounds", 0, 31,
            "congested rounds before a busy connection changes its path", 12), //
    TCP_PLB_SUSPEND_RTO_SEC("net.ipv4.tcp_plb_suspend_rto_sec", "s", 0, 255, "rest after a timeout", 60), //
    TCP_PLB_CONG_THRESH("net.ipv4.tcp_plb_cong_thresh", "1/256", 0, 256,
            "share of marked packets that makes a round congested", 128), //
    TCP_PROBE_INTERVAL("net.ipv4.tcp_probe_interval", "s", 0, 0xffff_ffffL,
            "time between searches for a larger path MTU", 600), //
    TCP_PROBE_THRESHOLD("net.ipv4.tcp_probe_threshold", "bytes", 0, Integer.MAX_VALUE,
            "range at which the search for the path MTU ends", 8), //
    TCP_RCVBUF_LOW_RTT("net.ipv4.tcp_rcvbuf_low_rtt", "us", 0, Integer.MAX_VALUE,
            "below this round-trip time receive buffers grow more slowly", 1000), //
    TCP_RECOVERY("net.ipv4.tcp_recovery", "bits", 0, 255,
            "1 RACK (the only detector today), 2 fixed reordering window, 4 no rule of three duplicate ACKs", 1), //
    TCP_REFLECT_TOS("net.ipv4.tcp_reflect_tos", "", 0, 1, "answer with the DSCP of the SYN", 0), //
    TCP_REORDERING("net.ipv4.tcp_reordering", "segments", 1, Integer.MAX_VALUE,
            "reordering degree to start with: duplicate ACKs that mean loss", 3), //
    TCP_RETRANS_COLLAPSE("net.ipv4.tcp_retrans_collapse", "", 0, 1, "send small segments again as larger ones", 1), //
    TCP_RETRIES1("net.ipv4.tcp_retries1", "packets", 0, 255, "R1: retransmissions before the route is questioned", 3), //
    TCP_RETRIES2("net.ipv4.tcp_retries2", "packets", 0, 255,
            "R2: retransmissions before the connection is given up, in units of doubling time: about 924.6 s", 15), //
    TCP_RFC1337("net.ipv4.tcp_rfc1337", "", 0, 1, "ignore RST in TIME-WAIT", 0), //
    TCP_RMEM("net.ipv4.tcp_rmem", "bytes", 1, Integer.MAX_VALUE,
            "receive buffer of a connection: least, first, most by autotuning", 4096, 131072, 33554432), //
    TCP_ABE("sluice.tcp_abe", "", 0, 1,
            "answer marks by a smaller reduction than losses, once slow start is over (RFC 8511): 0.8 of the window "
                    + "in reno, 0.85 in cubic",
            0), //
    TCP_CWND_VALIDATION("sluice.tcp_cwnd_validation",
            "window of an application that does not use it: linux (shrinks after each RTO, RFC 2861) or rfc7661 (kept "
                    + "for 5 minutes); for new connections",
            "linux"), //
    TCP_PUSH_ALL("sluice.tcp_push_all", "", 0, 1,
            "PSH on every segment with data: a Linux reader then acknowledges itself; for devices that take one "
                    + "packet a call (Linux has no such setting)",
            0), //
    TCP_RTO_MIN_US("net.ipv4.tcp_rto_min_us", "us", 1, Integer.MAX_VALUE, "least retransmission timeout", 200000), //
    TCP_RTO_MAX_MS("net.ipv4.tcp_rto_max_ms", "ms", 1000, 120000, "greatest retransmission timeout", 120000), //
    TCP_SACK("net.ipv4.tcp_sack", "", 0, 1, "selective acknowledgments (RFC 2018)", 1), //
    TCP_SHRINK_WINDOW("net.ipv4.tcp_shrink_window", "", 0, 1,
            "the right edge of a scaled window may move left: the window follows the room in the buffer", 0), //
    TCP_SLOW_START_AFTER_IDLE("net.ipv4.tcp_slow_start_after_idle", "", 0, 1,
            "start slowly again after idle time (RFC 2861)", 1), //
    TCP_STDURG("net.ipv4.tcp_stdurg", "", 0, 1,
            "urgent pointer as RFC 1122 says (last urgent byte), else as BSD does (the one behind)", 0), //
    TCP_USER_TIMEOUT_OPTION("sluice.tcp_user_timeout_option", "", 0, 1,
            "exchange user timeouts with the peer (RFC 5482; Linux has no such setting)", 0), //
    TCP_USER_TIMEOUT_MIN("sluice.tcp_user_timeout_min", "s", 1, 1966020,
            "L_LIMIT: least user timeout taken over from the option", 100), //
    TCP_USER_TIMEOUT_MAX("sluice.tcp_user_timeout_max", "s", 1, 1966020,
            "U_LIMIT: greatest user timeout taken over from the option", 3600), //
    TCP_SYN_LINEAR_TIMEOUTS("net.ipv4.tcp_syn_linear_timeouts", "packets", 0, 127, "SYN timeouts before they double",
            4), //
    TCP_SYN_RETRIES("net.ipv4.tcp_syn_retries", "packets", 1, 127, "SYNs retransmitted", 6), //
    TCP_SYNACK_RETRIES("net.ipv4.tcp_synack_retries", "packets", 0, 255, "SYN-ACKs retransmitted", 5), //
    TCP_SYNCOOKIES("net.ipv4.tcp_syncookies", "", 0, 2, "SYN cookies: 1 when the SYN queue is full, 2 always", 1), //
    TCP_THIN_LINEAR_TIMEOUTS("net.ipv4.tcp_thin_linear_timeouts", "", 0, 1,
            "first six timeouts of thin streams do not double", 0), //
    TCP_TIMESTAMPS("net.ipv4.tcp_timestamps", "", 0, 2,
            "timestamps (RFC 7323): 1 with a random offset for each connection (its four-tuple), 2 without",
            1), //
    TCP_TSO_RTT_LOG("net.ipv4.tcp_tso_rtt_log", "bits", 0, 255,
            "larger super-segments on paths with a minimal round-trip time below 2^n us; 0 for not", 9), //
    TCP_TSO_WIN_DIVISOR("net.ipv4.tcp_tso_win_divisor", "", 0, 255,
            "part of cwnd that one super-segment may take; 0 for all", 3), //
    TCP_TW_REUSE("net.ipv4.tcp_tw_reuse", "", 0, 2,
            "connect may take over a port in TIME-WAIT when timestamps make it safe: 1 everywhere, 2 on loopback", 2), //
    TCP_TW_REUSE_DELAY("net.ipv4.tcp_tw_reuse_delay", "ms", 1, Integer.MAX_VALUE,
            "how long it must have been in TIME-WAIT", 1000), //
    TCP_WINDOW_SCALING("net.ipv4.tcp_window_scaling", "", 0, 1, "window scaling (RFC 7323)", 1), //
    TCP_WMEM("net.ipv4.tcp_wmem", "bytes", 1, Integer.MAX_VALUE,
            "send buffer of a connection: least, first, most by autotuning", 4096, 16384, 4194304), //
    TCP_WORKAROUND_SIGNED_WINDOWS("net.ipv4.tcp_workaround_signed_windows", "", 0, 1,
            "take windows of 32768 and more without scaling for a peer's mistake", 0);

    /** Unit "pages" counts these, bytes. */
    public static final int PAGE_BYTES = 4096;

    private final String sysctl;
    private final String unit;
    private final long min;
    private final long max;
    private final String doc;
    private final long[] defaults;
    private final String defaultText;

    Setting(String sysctl, String unit, long min, long max, String doc, long... defaults) {
        this.sysctl = sysctl;
        this.unit = unit;
        this.min = min;
        this.max = max;
        this.doc = doc;
        this.defaults = defaults;
        this.defaultText = "";
    }

    Setting(String sysctl, String doc, String defaultText) {
        this.sysctl = sysctl;
        this.unit = "text";
        this.min = 0;
        this.max = 0;
        this.doc = doc;
        this.defaults = new long[0];
        this.defaultText = defaultText;
    }

    /** Full name: "net.ipv4.tcp_sack". */
    public String sysctl() {
        return sysctl;
    }

    /** Last part of the name: "tcp_sack". */
    public String shortName() {
        return sysctl.substring(sysctl.lastIndexOf('.') + 1);
    }

    /** Unit of the values: "bytes", "ms", "packets", …; "" for switches and choices; "text" for text. */
    public String unit() {
        return unit;
    }

    /** Smallest value allowed. */
    public long min() {
        return min;
    }

    /** Largest value allowed. */
    public long max() {
        return max;
    }

    /** What it does, in one line; of one without effect here ({@link #hasEffect}), what it does on Linux. */
    public String doc() {
        return doc;
    }

    /** How many numbers it holds: 1 to 3; 0 for text. */
    public int width() {
        return defaults.length;
    }

    /** The default of number {@code index}. */
    public long defaultValue(int index) {
        return defaults[index];
    }

    /** The default of a text setting; "" for the others. */
    public String defaultText() {
        return defaultText;
    }

    /** Whether its value is text. */
    public boolean isText() {
        return defaults.length == 0;
    }

    /** Whether something acts on it. A setting without effect can be set and read all the same. */
    public boolean hasEffect() {
        return whyWithoutEffect().isEmpty();
    }

    /** Why it has no effect here, in a few words; "" when it has one. */
    public String whyWithoutEffect() {
        return WithoutEffect.reason(this);
    }

    /** Whether it cannot be set. */
    public boolean isReadOnly() {
        return this == TCP_AVAILABLE_CONGESTION_CONTROL;
    }
}
