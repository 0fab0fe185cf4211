package sluice.drill;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.base.Errno;

/**
 * What Linux and the original tool know by name, done here or not. It tells a script that asks for something that is
 * not done here (it is skipped) from one with a slip of the pen (it fails).
 */
final class LinuxNames {
    /** Errors of x86-64 by their numbers, "-" where there is none; from 1 on. */
    private static final String[] ERRORS = words("""
            EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK EBUSY
            EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK
            EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP - ENOMSG EIDRM ECHRNG EL2NSYNC EL3HLT
            EL3RST ELNRNG EUNATCH ENOCSI EL2HLT EBADE EBADR EXFULL ENOANO EBADRQC EBADSLT - EBFONT ENOSTR ENODATA
            ETIME ENOSR ENONET ENOPKG EREMOTE ENOLINK EADV ESRMNT ECOMM EPROTO EMULTIHOP EDOTDOT EBADMSG EOVERFLOW
            ENOTUNIQ EBADFD EREMCHG ELIBACC ELIBBAD ELIBSCN ELIBMAX ELIBEXEC EILSEQ ERESTART ESTRPIPE EUSERS ENOTSOCK
            EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT ESOCKTNOSUPPORT EOPNOTSUPP EPFNOSUPPORT
            EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN ENETUNREACH ENETRESET ECONNABORTED ECONNRESET ENOBUFS
            EISCONN ENOTCONN ESHUTDOWN ETOOMANYREFS ETIMEDOUT ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS
            ESTALE EUCLEAN ENOTNAM ENAVAIL EISNAM EREMOTEIO EDQUOT ENOMEDIUM EMEDIUMTYPE ECANCELED ENOKEY EKEYEXPIRED
            EKEYREVOKED EKEYREJECTED EOWNERDEAD ENOTRECOVERABLE ERFKILL EHWPOISON
            """);
    private static final Map<String, Integer> ERROR_NUMBERS = new HashMap<>();

    /** Socket options. */
    static final Set<String> OPTIONS = set("""
            SO_DEBUG SO_REUSEADDR SO_TYPE SO_ERROR SO_DONTROUTE SO_BROADCAST SO_SNDBUF SO_RCVBUF SO_KEEPALIVE
            SO_OOBINLINE SO_NO_CHECK SO_PRIORITY SO_LINGER SO_BSDCOMPAT SO_REUSEPORT SO_PASSCRED SO_PEERCRED
            SO_RCVLOWAT SO_SNDLOWAT SO_RCVTIMEO SO_SNDTIMEO SO_SECURITY_AUTHENTICATION
            SO_SECURITY_ENCRYPTION_TRANSPORT SO_SECURITY_ENCRYPTION_NETWORK SO_BINDTODEVICE SO_ATTACH_FILTER
            SO_DETACH_FILTER SO_PEERNAME SO_TIMESTAMP SO_ACCEPTCONN SO_PEERSEC SO_SNDBUFFORCE SO_RCVBUFFORCE
            SO_PASSSEC SO_TIMESTAMPNS SO_MARK SO_TIMESTAMPING SO_PROTOCOL SO_DOMAIN SO_RXQ_OVFL SO_WIFI_STATUS
            SO_PEEK_OFF SO_NOFCS SO_LOCK_FILTER SO_SELECT_ERR_QUEUE SO_BUSY_POLL SO_MAX_PACING_RATE SO_BPF_EXTENSIONS
            SO_INCOMING_CPU SO_ATTACH_BPF SO_ATTACH_REUSEPORT_CBPF SO_ATTACH_REUSEPORT_EBPF SO_CNX_ADVICE SO_MEMINFO
            SO_INCOMING_NAPI_ID SO_COOKIE SO_PEERGROUPS SO_ZEROCOPY SO_TXTIME SO_BINDTOIFINDEX SO_DETACH_REUSEPORT_BPF
            SO_PREFER_BUSY_POLL SO_BUSY_POLL_BUDGET SO_NETNS_COOKIE SO_BUF_LOCK SO_RESERVE_MEM SO_TXREHASH SO_RCVMARK
            SO_PASSPIDFD SO_PEERPIDFD SO_RCVPRIORITY IP_TOS IP_TTL IP_HDRINCL IP_OPTIONS IP_ROUTER_ALERT IP_RECVOPTS
            IP_RETOPTS IP_PKTINFO IP_PKTOPTIONS IP_MTU_DISCOVER IP_RECVERR IP_RECVTTL IP_RECVTOS IP_MTU IP_FREEBIND
            IP_TRANSPARENT IP_RECVORIGDSTADDR IP_MINTTL IP_CHECKSUM IP_BIND_ADDRESS_NO_PORT IP_RECVFRAGSIZE
            IP_RECVERR_RFC4884 IP_MULTICAST_IF IP_MULTICAST_TTL IP_MULTICAST_LOOP IP_ADD_MEMBERSHIP IP_DROP_MEMBERSHIP
            IP_UNICAST_IF IP_LOCAL_PORT_RANGE IPV6_UNICAST_HOPS IPV6_MULTICAST_IF IPV6_MULTICAST_HOPS
            IPV6_MULTICAST_LOOP IPV6_JOIN_GROUP IPV6_LEAVE_GROUP IPV6_MTU_DISCOVER IPV6_MTU IPV6_RECVERR IPV6_V6ONLY
            IPV6_RECVPKTINFO IPV6_PKTINFO IPV6_RECVHOPLIMIT IPV6_HOPLIMIT IPV6_RECVTCLASS IPV6_TCLASS IPV6_DONTFRAG
            IPV6_AUTOFLOWLABEL IPV6_FREEBIND IPV6_TRANSPARENT IPV6_FLOWINFO IPV6_FLOWLABEL_MGR IPV6_MINHOPCOUNT
            IPV6_RECVPATHMTU IPV6_PATHMTU IPV6_ADDR_PREFERENCES TCP_NODELAY TCP_MAXSEG TCP_CORK TCP_KEEPIDLE
            TCP_KEEPINTVL TCP_KEEPCNT TCP_SYNCNT TCP_LINGER2 TCP_DEFER_ACCEPT TCP_WINDOW_CLAMP TCP_INFO TCP_QUICKACK
            TCP_CONGESTION TCP_MD5SIG TCP_COOKIE_TRANSACTIONS TCP_THIN_LINEAR_TIMEOUTS TCP_THIN_DUPACK
            TCP_USER_TIMEOUT TCP_REPAIR TCP_REPAIR_QUEUE TCP_QUEUE_SEQ TCP_REPAIR_OPTIONS TCP_FASTOPEN TCP_TIMESTAMP
            TCP_NOTSENT_LOWAT TCP_CC_INFO TCP_SAVE_SYN TCP_SAVED_SYN TCP_REPAIR_WINDOW TCP_FASTOPEN_CONNECT TCP_ULP
            TCP_MD5SIG_EXT TCP_FASTOPEN_KEY TCP_FASTOPEN_NO_COOKIE TCP_ZEROCOPY_RECEIVE TCP_INQ TCP_TX_DELAY
            TCP_AO_ADD_KEY TCP_AO_DEL_KEY TCP_AO_INFO TCP_AO_GET_KEYS TCP_AO_REPAIR TCP_IS_MPTCP TCP_RTO_MAX_MS
            TCP_RTO_MIN_US TCP_DELACK_MAX_US UDP_CORK UDP_ENCAP UDP_NO_CHECK6_TX UDP_NO_CHECK6_RX UDP_SEGMENT UDP_GRO
            """);

    /** Constants beside options and errors. */
    static final Set<String> CONSTANTS = set("""
            AF_UNIX AF_PACKET AF_NETLINK PF_UNSPEC SOCK_RDM SOCK_SEQPACKET SOCK_PACKET IPPROTO_RAW IPPROTO_MPTCP
            IPPROTO_SCTP IPPROTO_UDPLITE IPPROTO_IGMP IPPROTO_DCCP SOL_UDPLITE SOL_MPTCP SOL_RAW SOL_ICMP
            SOF_TIMESTAMPING_SYS_HARDWARE SOF_TIMESTAMPING_BIND_PHC SOF_TIMESTAMPING_OPT_STATS
            SOF_TIMESTAMPING_OPT_PKTINFO SOF_TIMESTAMPING_OPT_TX_SWHW SOF_TIMESTAMPING_OPT_ID_TCP
            SOF_TIMESTAMPING_OPT_RX_FILTER SOF_TIMESTAMPING_TX_COMPLETION SCM_TIMESTAMPING_OPT_STATS SCM_TXTIME
            SCM_TS_OPT_ID SCM_RIGHTS TCP_NLA_BUSY TCP_NLA_RWND_LIMITED TCP_NLA_SNDBUF_LIMITED TCP_NLA_DATA_SEGS_OUT
            TCP_NLA_TOTAL_RETRANS TCP_NLA_PACING_RATE TCP_NLA_DELIVERY_RATE TCP_NLA_SND_CWND TCP_NLA_REORDERING
            TCP_NLA_MIN_RTT TCP_NLA_RECUR_RETRANS TCP_NLA_DELIVERY_RATE_APP_LMT TCP_NLA_SNDQ_SIZE TCP_NLA_DELIVERED_CE
            TCP_NLA_BYTES_SENT TCP_NLA_BYTES_RETRANS TCP_NLA_DSACK_DUPS TCP_NLA_REORD_SEEN TCP_NLA_SRTT
            TCP_INFINITE_SSTHRESH TCPI_OPT_USEC_TS TCPI_OPT_TFO_CHILD IP_PMTUDISC_INTERFACE IP_PMTUDISC_OMIT
            IPV6_PMTUDISC_PROBE O_ACCMODE O_CREAT O_EXCL O_NOCTTY O_TRUNC O_APPEND F_DUPFD F_GETLK F_SETLK F_SETLKW
            F_GETOWN F_SETOWN F_SETSIG F_GETSIG F_GETLK64 F_SETLK64 F_SETLKW64 F_SETLEASE F_GETLEASE F_NOTIFY
            F_DUPFD_CLOEXEC LOCK_SH LOCK_EX LOCK_NB LOCK_UN F_RDLCK F_WRLCK F_UNLCK F_EXLCK F_SHLCK SEEK_SET SEEK_CUR
            SEEK_END MSG_DONTROUTE MSG_PROXY MSG_CONFIRM MSG_FIN MSG_SYN MSG_RST MSG_WAITFORONE MSG_CMSG_CLOEXEC
            MSG_BATCH MSG_SPLICE_PAGES MSG_PROBE POLLRDBAND POLLWRBAND POLLMSG POLLREMOVE EPOLLRDBAND EPOLLWRBAND
            EPOLLMSG EPOLLWAKEUP EPOLL_CLOEXEC SPLICE_F_MOVE SPLICE_F_NONBLOCK SPLICE_F_MORE SPLICE_F_GIFT SIOCATMARK
            CAP_EFFECTIVE CAP_PERMITTED CAP_INHERITABLE CAP_SET CAP_CLEAR CAP_NET_ADMIN CAP_NET_RAW
            CAP_NET_BIND_SERVICE CAP_NET_BROADCAST CAP_SYS_ADMIN CAP_SYS_RESOURCE SK_MEMINFO_RMEM_ALLOC
            SK_MEMINFO_RCVBUF SK_MEMINFO_WMEM_ALLOC SK_MEMINFO_SNDBUF SK_MEMINFO_FWD_ALLOC SK_MEMINFO_WMEM_QUEUED
            SK_MEMINFO_OPTMEM SK_MEMINFO_BACKLOG SK_MEMINFO_DROPS
            """);

    /** What the original tool gives to Python beside the constants. */
    static final Set<String> VARIABLES = set("""
            tcpi_accecn_fail_mode tcpi_accecn_opt_seen tcpi_advmss tcpi_ato tcpi_backoff tcpi_busy_time
            tcpi_bytes_acked tcpi_bytes_received tcpi_bytes_retrans tcpi_bytes_sent tcpi_ca_state tcpi_data_segs_in
            tcpi_data_segs_out tcpi_delivered tcpi_delivered_ce tcpi_delivered_ce_bytes tcpi_delivered_e0_bytes
            tcpi_delivered_e1_bytes tcpi_delivery_rate tcpi_delivery_rate_app_limited tcpi_dsack_dups tcpi_ecn_mode
            tcpi_fackets tcpi_fastopen_client_fail tcpi_last_ack_recv tcpi_last_ack_sent tcpi_last_data_recv
            tcpi_last_data_sent tcpi_lost tcpi_max_pacing_rate tcpi_min_rtt tcpi_notsent_bytes tcpi_options
            tcpi_options2 tcpi_pacing_rate tcpi_pmtu tcpi_probes tcpi_rcv_mss tcpi_rcv_nxt tcpi_rcv_ooopack
            tcpi_rcv_rtt tcpi_rcv_space tcpi_rcv_ssthresh tcpi_rcv_wnd tcpi_rcv_wscale tcpi_received_ce
            tcpi_received_ce_bytes tcpi_received_e0_bytes tcpi_received_e1_bytes tcpi_rehash tcpi_reord_seen
            tcpi_reordering tcpi_retrans tcpi_retransmits tcpi_rto tcpi_rtt tcpi_rttvar tcpi_rwnd_limited tcpi_sacked
            tcpi_segs_in tcpi_segs_out tcpi_snd_bwnd tcpi_snd_cwnd tcpi_snd_mss tcpi_snd_nxt tcpi_snd_rexmitpack
            tcpi_snd_ssthresh tcpi_snd_wnd tcpi_snd_wscale tcpi_snd_zerowin tcpi_sndbuf_limited tcpi_state
            tcpi_toe_tid tcpi_total_retrans tcpi_total_rto tcpi_total_rto_recoveries tcpi_total_rto_time tcpi_unacked
            bbr_bw bbr_bw_hi bbr_bw_lo bbr_cwnd_gain bbr_min_rtt bbr_pacing_gain dctcp_ab_ecn dctcp_ab_tot dctcp_alpha
            dctcp_ce_state dctcp_enabled tcpv_enabled tcpv_minrtt tcpv_rtt tcpv_rttcnt tcp_minrtt tcp_rtt
            vegas_enabled vegas_rttcnt vegas_rtt vegas_minrtt
            """);

    /** Settings of Linux that are none of ours, as sysctl names them; whole branches end in a dot. */
    private static final Set<String> SYSCTLS = set("""
            net.ipv4.cipso_cache_bucket_size net.ipv4.cipso_cache_enable net.ipv4.cipso_rbm_optfmt
            net.ipv4.cipso_rbm_strictvalid net.ipv4.fib_multipath_hash_fields net.ipv4.fib_multipath_hash_policy
            net.ipv4.fib_multipath_hash_seed net.ipv4.fib_multipath_use_neigh net.ipv4.fib_notify_on_flag_change
            net.ipv4.fib_sync_mem net.ipv4.fwmark_reflect net.ipv4.icmp_echo_enable_probe
            net.ipv4.icmp_errors_use_inbound_ifaddr net.ipv4.igmp_link_local_mcast_reports
            net.ipv4.igmp_max_memberships net.ipv4.igmp_max_msf net.ipv4.igmp_qrv net.ipv4.inet_peer_maxttl
            net.ipv4.inet_peer_minttl net.ipv4.inet_peer_threshold net.ipv4.ip_dynaddr net.ipv4.ip_early_demux
            net.ipv4.ip_forward_update_priority net.ipv4.ip_forward_use_pmtu net.ipv4.ipfrag_secret_interval
            net.ipv4.nexthop_compat_mode net.ipv4.ping_group_range net.ipv4.raw_l3mdev_accept
            net.ipv4.tcp_available_ulp net.ipv4.tcp_child_ehash_entries net.ipv4.tcp_early_demux
            net.ipv4.tcp_ehash_entries net.ipv4.tcp_fack net.ipv4.tcp_fwmark_accept net.ipv4.tcp_l3mdev_accept
            net.ipv4.tcp_low_latency net.ipv4.udp_child_hash_entries net.ipv4.udp_early_demux
            net.ipv4.udp_hash_entries net.ipv4.udp_l3mdev_accept net.ipv4.xfrm4_gc_thresh net.core.bpf_jit_enable
            net.core.bpf_jit_harden net.core.bpf_jit_kallsyms net.core.bpf_jit_limit net.core.default_qdisc
            net.core.dev_weight_rx_bias net.core.dev_weight_tx_bias net.core.devconf_inherit_init_net
            net.core.fb_tunnels_only_for_init_net net.core.flow_limit_cpu_bitmap net.core.flow_limit_table_len
            net.core.gro_normal_batch net.core.high_order_alloc_disable net.core.max_skb_frags net.core.mem_pcpu_rsv
            net.core.message_burst net.core.message_cost net.core.netdev_rss_key net.core.netdev_tstamp_prequeue
            net.core.netdev_unregister_timeout_secs net.core.rps_default_mask net.core.rps_sock_flow_entries
            net.core.skb_defer_max net.core.tstamp_allow_data net.core.txrehash net.core.warnings
            net.core.xfrm_acq_expires net.core.xfrm_aevent_etime net.core.xfrm_aevent_rseqth net.core.xfrm_larval_drop
            net.ipv6.anycast_src_echo_reply net.ipv6.calipso_cache_bucket_size net.ipv6.calipso_cache_enable
            net.ipv6.fib_multipath_hash_fields net.ipv6.fib_multipath_hash_policy net.ipv6.fib_notify_on_flag_change
            net.ipv6.flowlabel_consistency net.ipv6.flowlabel_reflect net.ipv6.flowlabel_state_ranges
            net.ipv6.fwmark_reflect net.ipv6.idgen_delay net.ipv6.idgen_retries net.ipv6.ioam6_id
            net.ipv6.ioam6_id_wide net.ipv6.ip6frag_low_thresh net.ipv6.ip6frag_secret_interval
            net.ipv6.ip_nonlocal_bind net.ipv6.max_dst_opts_length net.ipv6.max_dst_opts_number
            net.ipv6.max_hbh_length net.ipv6.max_hbh_opts_number net.ipv6.mld_max_msf net.ipv6.mld_qrv
            net.ipv6.seg6_flowlabel net.ipv6.xfrm6_gc_thresh
            """);
    private static final List<String> SYSCTL_BRANCHES = List.of("net.ipv4.conf.", "net.ipv4.neigh.", "net.ipv4.route.",
            "net.ipv6.conf.", "net.ipv6.neigh.", "net.ipv6.route.", "net.ipv6.icmp.", "net.mptcp.", "net.netfilter.",
            "net.bridge.", "net.unix.", "kernel.", "vm.", "fs.");

    /** Commands that scripts could call: shell words, and the programs that set up a network. */
    static final Set<String> COMMANDS = set("""
            sysctl nstat grep ip ethtool tc true false sleep echo ss iptables ip6tables nft conntrack ifconfig route
            arp ping ping6 netstat rm cat ls cp mv mkdir touch dd head tail cut sort wc awk sed tr test [ [[ exit set
            export unset cd source . if then else fi for while do done case esac read printf eval exec kill wait date
            uname id python python2 python3 perl bash sh sudo modprobe lsmod rmmod dmesg mount umount chmod chown seq
            xargs tee find which type timeout nice taskset nc curl tcpdump getenforce bpftool pidof pgrep pkill
            killall trap
            """);

    /** System calls: the fewest arguments and the most. */
    private static final Map<String, int[]> CALLS = new HashMap<>();

    static {
        for (int i = 0; i < ERRORS.length; i++) {
            ERROR_NUMBERS.put(ERRORS[i], i + 1);
        }
        ERROR_NUMBERS.remove("-");
        ERROR_NUMBERS.put("EWOULDBLOCK", Errno.EAGAIN.number());
        ERROR_NUMBERS.put("EDEADLOCK", 35);
        ERROR_NUMBERS.put("ENOTSUP", Errno.EOPNOTSUPP.number());
        calls(1, 1, "close pipe epoll_create epoll_create1 dup");
        calls(2, 2, "listen shutdown psp_rx_assoc psp_tx_assoc dup2 pipe2");
        calls(2, 3, "fcntl ioctl open");
        calls(3, 3, "socket bind accept connect read readv recvmsg write writev sendmsg poll cap_set getsockname"
                + " getpeername dup3");
        calls(4, 4, "accept4 recv send sendfile epoll_ctl epoll_wait sendmmsg socketpair ppoll");
        calls(5, 5, "getsockopt setsockopt recvmmsg select");
        calls(5, 6, "epoll_pwait");
        calls(6, 6, "recvfrom sendto splice icmp_sendto");
    }

    private LinuxNames() {}

    private static String[] words(String text) {
        return text.strip().split("\\s+", -1);
    }

    private static Set<String> set(String text) {
        return Set.of(words(text));
    }

    private static void calls(int fewest, int most, String names) {
        for (String name : words(names)) {
            CALLS.put(name, new int[]{fewest, most});
        }
    }

    /** Linux's number of an error, or null when there is none of that name. */
    static @Nullable Integer error(String name) {
        return ERROR_NUMBERS.get(name);
    }

    /** All errors, two names for some. */
    static Map<String, Integer> errors() {
        return ERROR_NUMBERS;
    }

    /** What is wrong with a system call's name or number of arguments; null when nothing is. */
    static @Nullable String wrongCall(String name, int arguments) {
        int[] bounds = CALLS.get(name);
        if (bounds == null) {
            return "there is no system call " + name;
        }
        if (arguments >= bounds[0] && arguments <= bounds[1]) {
            return null;
        }
        String takes = bounds[0] == bounds[1] ? Integer.toString(bounds[0]) : bounds[0] + " or " + bounds[1];
        return name + " takes " + takes + " arguments, not " + arguments;
    }

    /** Whether Linux has a setting of that name, with dots or slashes; the names are those of 6.18. */
    static boolean hasSysctl(String name) {
        String dotted = name.replace('/', '.');
        return SYSCTLS.contains(dotted) || SYSCTL_BRANCHES.stream().anyMatch(dotted::startsWith);
    }

    /** For a name that is not done here: the script is skipped when Linux has it, and fails otherwise. */
    static RuntimeException notDone(String what, String name, Set<String> known) {
        boolean isNumber = !name.isEmpty() && Character.isDigit(name.charAt(0));
        return isNumber || known.contains(name) ? new SkipException("the " + what + " " + name + " is not done")
                : new FailException("there is no " + what + " " + name);
    }
}
