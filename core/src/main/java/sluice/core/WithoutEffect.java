package sluice.core;

import java.util.EnumMap;
import java.util.Map;

/** Settings that nothing reads, and why: they are kept so that scripts that set them run. */
final class WithoutEffect {
    private static final Map<Setting, String> REASONS = reasons();

    private WithoutEffect() {}

    /** Why it has no effect; "" when it has one. */
    static String reason(Setting setting) {
        return REASONS.getOrDefault(setting, "");
    }

    private static Map<Setting, String> reasons() {
        Map<Setting, String> m = new EnumMap<>(Setting.class);
        mark(m, "a turn ends by the number of packets (netdev_budget)", Setting.NETDEV_BUDGET_USECS,
                Setting.DEV_WEIGHT);
        mark(m, "options and control messages are not charged to a socket", Setting.OPTMEM_MAX);
        mark(m, "reads do not spin on the link of their socket", Setting.BUSY_READ);
        mark(m, "the stack runs inside its program and knows no privilege", Setting.IP_UNPRIVILEGED_PORT_START);
        mark(m, "port 0 never shares a port", Setting.IP_AUTOBIND_REUSE);
        mark(m, "redirects are never obeyed", Setting.ACCEPT_REDIRECTS, Setting.IP6_ACCEPT_REDIRECTS);
        mark(m, "obsolete in Linux, too", Setting.IPFRAG_LOW_THRESH, Setting.TCP_ADV_WIN_SCALE);
        mark(m, "fragments are given up by time and memory", Setting.IPFRAG_MAX_DIST);
        mark(m, "nothing is logged about such errors", Setting.ICMP_IGNORE_BOGUS_ERROR_RESPONSES);
        mark(m, "neighbours are not aged out by it", Setting.NEIGH_GC_THRESH1, Setting.NEIGH_GC_THRESH2,
                Setting.NEIGH_GC_STALE_TIME);
        mark(m, "no part of the window is set aside", Setting.TCP_APP_WIN);
        mark(m, "there is no queue of the connection below it to wait for", Setting.TCP_AUTOCORKING,
                Setting.TCP_LIMIT_OUTPUT_BYTES);
        mark(m, "there is no backlog of a busy socket", Setting.TCP_BACKLOG_ACK_DEFER);
        mark(m, "SACKs are not held back", Setting.TCP_COMP_SACK_DELAY_NS, Setting.TCP_COMP_SACK_SLACK_NS,
                Setting.TCP_COMP_SACK_NR, Setting.TCP_COMP_SACK_RTT_PERCENT);
        mark(m, "requests stay with their listener", Setting.TCP_MIGRATE_REQ);
        mark(m, "routes keep no metrics of connections", Setting.TCP_NO_METRICS_SAVE,
                Setting.TCP_NO_SSTHRESH_METRICS_SAVE);
        mark(m, "connections do not change their path when it is congested", Setting.TCP_PLB_ENABLED,
                Setting.TCP_PLB_IDLE_REHASH_ROUNDS, Setting.TCP_PLB_REHASH_ROUNDS, Setting.TCP_PLB_SUSPEND_RTO_SEC,
                Setting.TCP_PLB_CONG_THRESH);
        mark(m, "receive buffers grow alike at every round-trip time", Setting.TCP_RCVBUF_LOW_RTT);
        mark(m, "segments are retransmitted as they were cut", Setting.TCP_RETRANS_COLLAPSE);
        mark(m, "windows are taken as unsigned", Setting.TCP_WORKAROUND_SIGNED_WINDOWS);
        return m;
    }

    private static void mark(Map<Setting, String> m, String reason, Setting... settings) {
        for (Setting s : settings) {
            m.put(s, reason);
        }
    }
}
