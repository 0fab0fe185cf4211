package sluice.observe.print;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sluice.base.Counter;
import sluice.base.Counters;

/** Counters in the manner of {@code netstat -s}: a sentence for each, in the words of net-tools. */
public final class NetstatSentences {
    /** Counter, how it is shown, sentence: "!" always, "?" when it is not zero; what is not here is "name: value". */
    private static final String TABLE = """
            IpForwarding ! Forwarding: %
            IpInReceives ! % total packets received
            IpInHdrErrors ? % with invalid headers
            IpInAddrErrors ? % with invalid addresses
            IpForwDatagrams ! % forwarded
            IpInUnknownProtos ? % with unknown protocol
            IpInDiscards ! % incoming packets discarded
            IpInDelivers ! % incoming packets delivered
            IpOutRequests ! % requests sent out
            IpOutDiscards ? % outgoing packets dropped
            IpOutNoRoutes ? % dropped because of missing route
            IpReasmTimeout ? % fragments dropped after timeout
            IpReasmReqds ? % reassemblies required
            IpReasmOKs ? % packets reassembled ok
            IpReasmFails ? % packet reassemblies failed
            IpFragOKs ? % fragments received ok
            IpFragFails ? % fragments failed
            IpFragCreates ? % fragments created
            IcmpInMsgs ! % ICMP messages received
            IcmpInErrors ! % input ICMP message failed
            IcmpOutMsgs ! % ICMP messages sent
            IcmpOutErrors ! % ICMP messages failed
            TcpActiveOpens ! % active connection openings
            TcpPassiveOpens ! % passive connection openings
            TcpAttemptFails ! % failed connection attempts
            TcpEstabResets ! % connection resets received
            TcpCurrEstab ! % connections established
            TcpInSegs ! % segments received
            TcpOutSegs ! % segments sent out
            TcpRetransSegs ! % segments retransmitted
            TcpInErrs ! % bad segments received
            TcpOutRsts ! % resets sent
            UdpInDatagrams ! % packets received
            UdpNoPorts ! % packets to unknown port received
            UdpInErrors ! % packet receive errors
            UdpOutDatagrams ! % packets sent
            UdpRcvbufErrors ! % receive buffer errors
            UdpSndbufErrors ! % send buffer errors
            TcpExtSyncookiesSent ? % SYN cookies sent
            TcpExtSyncookiesRecv ? % SYN cookies received
            TcpExtSyncookiesFailed ? % invalid SYN cookies received
            TcpExtEmbryonicRsts ? % resets received for embryonic SYN_RECV sockets
            TcpExtPruneCalled ? % packets pruned from receive queue because of socket buffer overrun
            TcpExtRcvPruned ? % packets pruned from receive queue
            TcpExtOfoPruned ? % packets dropped from out-of-order queue because of socket buffer overrun
            TcpExtOutOfWindowIcmps ? % ICMP packets dropped because they were out-of-window
            TcpExtLockDroppedIcmps ? % ICMP packets dropped because socket was locked
            TcpExtTW ? % TCP sockets finished time wait in fast timer
            TcpExtTWRecycled ? % time wait sockets recycled by time stamp
            TcpExtTWKilled ? % TCP sockets finished time wait in slow timer
            TcpExtPAWSActive ? % active connections rejected because of time stamp
            TcpExtPAWSEstab ? % packets rejected in established connections because of timestamp
            TcpExtDelayedACKs ? % delayed acks sent
            TcpExtDelayedACKLocked ? % delayed acks further delayed because of locked socket
            TcpExtDelayedACKLost ? Quick ack mode was activated % times
            TcpExtListenOverflows ? % times the listen queue of a socket overflowed
            TcpExtListenDrops ? % SYNs to LISTEN sockets dropped
            TcpExtTCPHPHits ? % packet headers predicted
            TcpExtTCPPureAcks ? % acknowledgments not containing data payload received
            TcpExtTCPHPAcks ? % predicted acknowledgments
            TcpExtTCPRenoRecovery ? % times recovered from packet loss due to fast retransmit
            TcpExtTCPSackRecovery ? % times recovered from packet loss by selective acknowledgements
            TcpExtTCPSACKReneging ? % bad SACK blocks received
            TcpExtTCPSACKReorder ? Detected reordering % times using SACK
            TcpExtTCPRenoReorder ? Detected reordering % times using reno fast retransmit
            TcpExtTCPTSReorder ? Detected reordering % times using time stamp
            TcpExtTCPFullUndo ? % congestion windows fully recovered without slow start
            TcpExtTCPPartialUndo ? % congestion windows partially recovered using Hoe heuristic
            TcpExtTCPDSACKUndo ? % congestion windows recovered without slow start by DSACK
            TcpExtTCPLossUndo ? % congestion windows recovered without slow start after partial ack
            TcpExtTCPRenoFailures ? % timeouts after reno fast retransmit
            TcpExtTCPSackFailures ? % timeouts after SACK recovery
            TcpExtTCPLossFailures ? % timeouts in loss state
            TcpExtTCPFastRetrans ? % fast retransmits
            TcpExtTCPSlowStartRetrans ? % retransmits in slow start
            TcpExtTCPTimeouts ? % other TCP timeouts
            TcpExtTCPRenoRecoveryFail ? % classic Reno fast retransmits failed
            TcpExtTCPSackRecoveryFail ? % SACK retransmits failed
            TcpExtTCPRcvCollapsed ? % packets collapsed in receive queue due to low socket buffer
            TcpExtTCPDSACKOldSent ? % DSACKs sent for old packets
            TcpExtTCPDSACKOfoSent ? % DSACKs sent for out of order packets
            TcpExtTCPDSACKRecv ? % DSACKs received
            TcpExtTCPDSACKOfoRecv ? % DSACKs for out of order packets received
            TcpExtTCPAbortOnData ? % connections reset due to unexpected data
            TcpExtTCPAbortOnClose ? % connections reset due to early user close
            TcpExtTCPAbortOnMemory ? % connections aborted due to memory pressure
            TcpExtTCPAbortOnTimeout ? % connections aborted due to timeout
            TcpExtTCPAbortOnLinger ? % connections aborted after user close in linger timeout
            TcpExtTCPAbortFailed ? % times unable to send RST due to no memory
            TcpExtTCPMemoryPressures ? TCP ran low on memory % times
            Ip6InReceives ! % total packets received
            Ip6InHdrErrors ? % with invalid headers
            Ip6InTooBigErrors ? % with packets too big
            Ip6InNoRoutes ? % incoming packets with no route
            Ip6InAddrErrors ? % with invalid addresses
            Ip6InUnknownProtos ? % with unknown protocol
            Ip6InTruncatedPkts ? % with truncated packets
            Ip6InDiscards ! % incoming packets discarded
            Ip6InDelivers ! % incoming packets delivered
            Ip6OutForwDatagrams ! % forwarded
            Ip6OutRequests ! % requests sent out
            Ip6OutDiscards ? % outgoing packets dropped
            Ip6OutNoRoutes ? % dropped because of missing route
            Ip6ReasmTimeout ? % fragments dropped after timeout
            Ip6ReasmReqds ? % reassemblies required
            Ip6ReasmOKs ? % packets reassembled ok
            Ip6ReasmFails ? % packet reassemblies failed
            Ip6FragOKs ? % outgoing packets fragmented ok
            Ip6FragFails ? % outgoing packets failed fragmentation
            Ip6FragCreates ? % fragments created
            Ip6InMcastPkts ? % incoming multicast packets
            Ip6OutMcastPkts ? % outgoing multicast packets
            Icmp6InMsgs ! % ICMP messages received
            Icmp6InErrors ! % input ICMP message failed
            Icmp6OutMsgs ! % ICMP messages sent
            Icmp6OutErrors ! % ICMP messages failed
            Udp6InDatagrams ! % packets received
            Udp6NoPorts ! % packets to unknown port received
            Udp6InErrors ! % packet receive errors
            Udp6OutDatagrams ! % packets sent
            Udp6RcvbufErrors ! % receive buffer errors
            Udp6SndbufErrors ! % send buffer errors
            """;
    private static final Map<Counter, String> SENTENCES = new LinkedHashMap<>();

    static {
        TABLE.lines().forEach(line -> {
            String[] parts = line.split(" ", 2);
            SENTENCES.put(Counter.valueOf(parts[0]), parts[1]);
        });
    }

    private NetstatSentences() {}

    /** All groups, each under its name; reads a host's counters from any thread and sees recent values. */
    public static String print(Counters counters) {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        for (Counter c : Counter.values()) {
            List<String> lines = groups.computeIfAbsent(c.group(), g -> new ArrayList<>());
            long value = counters.get(c);
            String sentence = SENTENCES.get(c);
            if (sentence == null) {
                if (value != 0 && !c.isLevel()) {
                    lines.add(c.shortName() + ": " + value);
                }
            } else if (value != 0 || sentence.startsWith("!")) {
                lines.add(sentence.substring(2).replace("%", Long.toString(value)));
            }
        }
        StringBuilder out = new StringBuilder();
        groups.forEach((group, lines) -> {
            out.append(group).append(":\n");
            lines.forEach(line -> out.append("    ").append(line).append('\n'));
        });
        return out.toString();
    }
}
