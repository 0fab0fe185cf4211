package sluice.core.icmp;

import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Counters;

/** Which counter each message type has. */
final class IcmpCounters {
    private IcmpCounters() {}

    /** Counts a message sent. */
    static void out(Counters counters, boolean v6, int type) {
        counters.increment(v6 ? Counter.Icmp6OutMsgs : Counter.IcmpOutMsgs);
        Counter c = v6 ? outV6(type) : outV4(type);
        if (c != null) {
            counters.increment(c);
        }
    }

    /** Counts a message received. */
    static void in(Counters counters, boolean v6, int type) {
        Counter c = v6 ? inV6(type) : inV4(type);
        if (c != null) {
            counters.increment(c);
        }
    }

    private static @Nullable Counter outV4(int type) {
        return switch (type) {
            case 0 -> Counter.IcmpOutEchoReps;
            case 3 -> Counter.IcmpOutDestUnreachs;
            case 8 -> Counter.IcmpOutEchos;
            case 11 -> Counter.IcmpOutTimeExcds;
            case 12 -> Counter.IcmpOutParmProbs;
            default -> null;
        };
    }

    private static @Nullable Counter outV6(int type) {
        return switch (type) {
            case 1 -> Counter.Icmp6OutDestUnreachs;
            case 2 -> Counter.Icmp6OutPktTooBigs;
            case 3 -> Counter.Icmp6OutTimeExcds;
            case 4 -> Counter.Icmp6OutParmProblems;
            case 128 -> Counter.Icmp6OutEchos;
            case 129 -> Counter.Icmp6OutEchoReplies;
            default -> null;
        };
    }

    private static @Nullable Counter inV4(int type) {
        return switch (type) {
            case 0 -> Counter.IcmpInEchoReps;
            case 3 -> Counter.IcmpInDestUnreachs;
            case 4 -> Counter.IcmpInSrcQuenchs;
            case 5 -> Counter.IcmpInRedirects;
            case 8 -> Counter.IcmpInEchos;
            case 11 -> Counter.IcmpInTimeExcds;
            case 12 -> Counter.IcmpInParmProbs;
            case 13 -> Counter.IcmpInTimestamps;
            case 14 -> Counter.IcmpInTimestampReps;
            case 17 -> Counter.IcmpInAddrMasks;
            case 18 -> Counter.IcmpInAddrMaskReps;
            default -> null;
        };
    }

    private static @Nullable Counter inV6(int type) {
        return switch (type) {
            case 1 -> Counter.Icmp6InDestUnreachs;
            case 2 -> Counter.Icmp6InPktTooBigs;
            case 3 -> Counter.Icmp6InTimeExcds;
            case 4 -> Counter.Icmp6InParmProblems;
            case 128 -> Counter.Icmp6InEchos;
            case 129 -> Counter.Icmp6InEchoReplies;
            case 130 -> Counter.Icmp6InGroupMembQueries;
            case 131 -> Counter.Icmp6InGroupMembResponses;
            case 132 -> Counter.Icmp6InGroupMembReductions;
            case 133 -> Counter.Icmp6InRouterSolicits;
            case 134 -> Counter.Icmp6InRouterAdvertisements;
            case 135 -> Counter.Icmp6InNeighborSolicits;
            case 136 -> Counter.Icmp6InNeighborAdvertisements;
            case 137 -> Counter.Icmp6InRedirects;
            case 143 -> Counter.Icmp6InMLDv2Reports;
            default -> null;
        };
    }
}
