package sluice.base;

import java.util.List;

/**
 * Every counter of a host.
 *
 * <p>The constants keep the spelling of Linux's {@code nstat} and {@code /proc/net/snmp}, against Java's custom: these
 * are the names that engineers know, search for and compare with the kernel beside us. They count the same thing as on
 * Linux; where our structure leaves nothing to count, the text says "stays 0 here". The last group, {@code Sluice},
 * names drops that Linux has no name for: every drop in the stack increments exactly one counter that says why (a more
 * general one, such as {@code IpInHdrErrors} beside {@code IpExtInCsumErrors}, may rise with it).
 *
 * <p>All values only grow, except levels ({@link #isLevel}), which are set to the present state. Source: RFC 4293 (Ip),
 * RFC 4022 (Tcp), RFC 4113 (Udp) and Linux's net/ipv4/proc.c, net/ipv6/proc.c.
 */
@SuppressWarnings("MemberName")
public enum Counter {
    // Ip: the IPv4 layer (RFC 4293).
    IpForwarding("level: 1 when the host forwards packets, 2 when it does not"), //
    IpDefaultTTL("level: TTL of packets that name none"), //
    IpInReceives("packets that arrived, before any check"), //
    IpInHdrErrors("dropped: bad version, length, checksum or options, or TTL ran out while forwarding"), //
    IpInAddrErrors("dropped: the destination is not ours and we do not forward, or the address is not valid here"), //
    IpForwDatagrams("packets forwarded to another interface"), //
    IpInUnknownProtos("dropped: nobody listens to that protocol number"), //
    IpInDiscards("dropped though nothing was wrong with them: no memory"), //
    IpInDelivers("datagrams handed to a transport, after reassembly"), //
    IpOutRequests("datagrams that transports asked IP to send; not the forwarded ones"), //
    IpOutDiscards("not sent though nothing was wrong with them: no memory, full queue"), //
    IpOutNoRoutes("not sent: no route to the destination"), //
    IpReasmTimeout("datagrams whose fragments did not all arrive in time"), //
    IpReasmReqds("fragments received"), //
    IpReasmOKs("datagrams put together"), //
    IpReasmFails("datagrams given up: time, memory, overlap, contradiction; not necessarily one per fragment"), //
    IpFragOKs("datagrams cut into fragments"), //
    IpFragFails("datagrams that had to be cut but forbid it (DF)"), //
    IpFragCreates("fragments made"), //
    IpOutTransmits("packets that left, fragments and forwarded ones included"), //

    // Icmp: ICMP (RFC 792).
    IcmpInMsgs("messages received, bad ones included"), //
    IcmpInErrors("messages received with errors: checksum, length, unknown code"), //
    IcmpInCsumErrors("messages received with a bad checksum"), //
    IcmpInDestUnreachs("destination unreachable (3) received"), //
    IcmpInTimeExcds("time exceeded (11) received"), //
    IcmpInParmProbs("parameter problem (12) received"), //
    IcmpInSrcQuenchs("source quench (4) received; ignored (RFC 6633)"), //
    IcmpInRedirects("redirect (5) received"), //
    IcmpInEchos("echo request (8) received"), //
    IcmpInEchoReps("echo reply (0) received"), //
    IcmpInTimestamps("timestamp request (13) received"), //
    IcmpInTimestampReps("timestamp reply (14) received"), //
    IcmpInAddrMasks("address mask request (17) received"), //
    IcmpInAddrMaskReps("address mask reply (18) received"), //
    IcmpOutMsgs("messages that ICMP tried to send"), //
    IcmpOutErrors("messages not sent because of a problem inside ICMP: no memory, no route"), //
    IcmpOutRateLimitGlobal("messages not sent: the host's limit (icmp_msgs_per_sec)"), //
    IcmpOutRateLimitHost("messages not sent: the limit per destination (icmp_ratelimit)"), //
    IcmpOutDestUnreachs("destination unreachable (3) sent"), //
    IcmpOutTimeExcds("time exceeded (11) sent"), //
    IcmpOutParmProbs("parameter problem (12) sent"), //
    IcmpOutSrcQuenchs("source quench (4) sent; stays 0 (RFC 6633)"), //
    IcmpOutRedirects("redirect (5) sent"), //
    IcmpOutEchos("echo request (8) sent"), //
    IcmpOutEchoReps("echo reply (0) sent"), //
    IcmpOutTimestamps("timestamp request (13) sent"), //
    IcmpOutTimestampReps("timestamp reply (14) sent"), //
    IcmpOutAddrMasks("address mask request (17) sent"), //
    IcmpOutAddrMaskReps("address mask reply (18) sent"), //

    // Tcp: the TCP MIB (RFC 4022).
    TcpRtoAlgorithm("level: 1, an algorithm not in the MIB's list (RFC 6298 with a minimum of our own)"), //
    TcpRtoMin("level: smallest retransmission timeout, ms"), //
    TcpRtoMax("level: largest retransmission timeout, ms"), //
    TcpMaxConn("level: limit on connections; -1 for none fixed"), //
    TcpActiveOpens("connections that went from CLOSED to SYN-SENT"), //
    TcpPassiveOpens("connections that went from LISTEN to SYN-RECEIVED and were completed"), //
    TcpAttemptFails(
            "connections that went from SYN-SENT or SYN-RECEIVED to CLOSED, or from SYN-RECEIVED back to LISTEN"), //
    TcpEstabResets("connections that went from ESTABLISHED or CLOSE-WAIT straight to CLOSED"), //
    TcpCurrEstab("level: connections now in ESTABLISHED or CLOSE-WAIT"), //
    TcpInSegs("segments received, bad ones included; a super-segment counts as the segments it stands for"), //
    TcpOutSegs("segments sent, without those that hold only retransmitted bytes"), //
    TcpRetransSegs("segments retransmitted"), //
    TcpInErrs("segments dropped: checksum, header length, options"), //
    TcpOutRsts("segments sent with RST"), //
    TcpInCsumErrors("segments dropped: checksum"), //

    // Udp: UDP over IPv4 (RFC 4113).
    UdpInDatagrams("datagrams given to an application's socket"), //
    UdpNoPorts("datagrams for a port without a socket"), //
    UdpInErrors("datagrams dropped for another reason: checksum, length, full socket"), //
    UdpOutDatagrams("datagrams sent"), //
    UdpRcvbufErrors("dropped: the socket's receive buffer is full"), //
    UdpSndbufErrors("not sent: the socket's send buffer is full"), //
    UdpInCsumErrors("dropped: checksum"), //
    UdpIgnoredMulti("multicast datagrams that no socket wanted"), //
    UdpMemErrors("dropped: memory for all of UDP is used up"), //

    // TcpExt: Linux's own for TCP.
    TcpExtSyncookiesSent("SYN-ACKs sent with a SYN cookie"), //
    TcpExtSyncookiesRecv("good SYN cookies received"), //
    TcpExtSyncookiesFailed("bad SYN cookies received"), //
    TcpExtEmbryonicRsts("RSTs received for a half-open connection"), //
    TcpExtPruneCalled("a receive buffer overflowed and had to be squeezed"), //
    TcpExtRcvPruned("squeezing did not help: a segment in order was dropped"), //
    TcpExtOfoPruned(
            "segments out of order thrown away for lack of buffer (they were not acknowledged, or SACK is reneged)"), //
    TcpExtOutOfWindowIcmps("ICMP errors dropped: the quoted sequence number is not in flight"), //
    TcpExtLockDroppedIcmps("ICMP errors dropped: the application held the socket; stays 0 here"), //
    TcpExtArpFilter("ARP requests not answered because of a filter; stays 0 here"), //
    TcpExtTW("connections that finished TIME-WAIT by their timer"), //
    TcpExtTWRecycled("TIME-WAIT connections replaced by a new one to the same peer and ports"), //
    TcpExtTWKilled("TIME-WAIT connections ended early by timestamps; stays 0, as in today's Linux"), //
    TcpExtPAWSActive("SYN-ACKs dropped: the echoed timestamp is not one we sent"), //
    TcpExtPAWSEstab("segments dropped: timestamp older than the last (PAWS, RFC 7323 section 5)"), //
    TcpExtBeyondWindow("segments dropped: data past the right edge of the window"), //
    TcpExtTSEcrRejected("segments dropped: the echoed timestamp was never sent"), //
    TcpExtPAWSOldAck("pure ACKs dropped by PAWS: old duplicates"), //
    TcpExtPAWSTimewait("segments dropped by PAWS in TIME-WAIT"), //
    TcpExtDelayedACKs("delayed ACKs sent when their timer ran out"), //
    TcpExtDelayedACKLocked("delayed ACK timer found the socket in use; stays 0 here"), //
    TcpExtDelayedACKLost("an ACK was repeated at once because the peer repeated data: it was late or lost"), //
    TcpExtListenOverflows("the accept queue of a listener was full"), //
    TcpExtListenDrops("connection requests dropped by a listener, for whatever reason"), //
    TcpExtTCPHPHits("data segments taken by the fast path"), //
    TcpExtTCPPureAcks("ACKs without data taken by the ordinary path"), //
    TcpExtTCPHPAcks("ACKs taken by the fast path"), //
    TcpExtTCPRenoRecovery("recoveries begun without SACK"), //
    TcpExtTCPSackRecovery("recoveries begun with SACK"), //
    TcpExtTCPSACKReneging("the peer took back data it had reported with SACK"), //
    TcpExtTCPSACKReorder("reordering detected by SACK"), //
    TcpExtTCPRenoReorder("reordering detected by counting duplicate ACKs"), //
    TcpExtTCPTSReorder("reordering detected by timestamps"), //
    TcpExtTCPFullUndo("recoveries undone by timestamps or SACK once everything was acknowledged"), //
    TcpExtTCPPartialUndo("recoveries undone at a partial ACK"), //
    TcpExtTCPDSACKUndo("recoveries undone because D-SACK reported every retransmission as a duplicate"), //
    TcpExtTCPLossUndo("timeouts undone: the retransmission was spurious"), //
    TcpExtTCPLostRetransmit("retransmissions lost again, noticed without a timeout"), //
    TcpExtTCPRenoFailures("timeouts after a recovery without SACK"), //
    TcpExtTCPSackFailures("timeouts after a recovery with SACK"), //
    TcpExtTCPLossFailures("timeouts in loss state, after a timeout"), //
    TcpExtTCPFastRetrans("segments retransmitted in recovery"), //
    TcpExtTCPSlowStartRetrans("segments retransmitted in slow start after a timeout"), //
    TcpExtTCPTimeouts("retransmission timeouts"), //
    TcpExtTCPLossProbes("tail loss probes sent (RFC 8985 section 7)"), //
    TcpExtTCPLossProbeRecovery("tail loss probes that repaired a loss"), //
    TcpExtTCPRenoRecoveryFail("recoveries without SACK that ended in a timeout"), //
    TcpExtTCPSackRecoveryFail("recoveries with SACK that ended in a timeout"), //
    TcpExtTCPRcvCollapsed("segments merged in a receive queue to save memory; stays 0 here (bytes lie in a ring)"), //
    TcpExtTCPBacklogCoalesce("segments merged while they waited for the socket; stays 0 here"), //
    TcpExtTCPDSACKOldSent("D-SACKs sent for duplicates below the cumulative ACK"), //
    TcpExtTCPDSACKOfoSent("D-SACKs sent for duplicates out of order"), //
    TcpExtTCPDSACKRecv("D-SACKs received for data below the cumulative ACK"), //
    TcpExtTCPDSACKOfoRecv("D-SACKs received for data out of order"), //
    TcpExtTCPAbortOnData("connections reset because data arrived after the application closed"), //
    TcpExtTCPAbortOnClose("connections reset because the application closed with data unread"), //
    TcpExtTCPAbortOnMemory("orphaned connections reset: no memory, or too many orphans"), //
    TcpExtTCPAbortOnTimeout("connections given up: retransmissions, keepalives, window probes or user timeout"), //
    TcpExtTCPAbortOnLinger("orphaned connections ended in FIN-WAIT-2 by TCP_LINGER2"), //
    TcpExtTCPAbortFailed("resets that could not be sent"), //
    TcpExtTCPMemoryPressures("times TCP came under memory pressure"), //
    TcpExtTCPMemoryPressuresChrono("time under memory pressure, ms"), //
    TcpExtTCPSACKDiscard("SACK blocks ignored: not valid"), //
    TcpExtTCPDSACKIgnoredOld("D-SACK blocks ignored: not valid, while undo was possible"), //
    TcpExtTCPDSACKIgnoredNoUndo("D-SACK blocks ignored: not valid, nothing to undo"), //
    TcpExtTCPSpuriousRTOs("timeouts found to be spurious by F-RTO (RFC 5682)"), //
    TcpExtTCPMD5NotFound("segments dropped: MD5 signature expected but missing"), //
    TcpExtTCPMD5Unexpected("segments dropped: MD5 signature present but not expected"), //
    TcpExtTCPMD5Failure("segments dropped: MD5 signature wrong"), //
    TcpExtTCPSackShifted("segments of the send queue shifted together by SACK"), //
    TcpExtTCPSackMerged("segments of the send queue merged by SACK"), //
    TcpExtTCPSackShiftFallback("segments of the send queue that could not be shifted"), //
    TcpExtTCPBacklogDrop("segments dropped: too many wait for the socket"), //
    TcpExtPFMemallocDrop("segments dropped: emergency memory; stays 0 here"), //
    TcpExtTCPMinTTLDrop("segments dropped: TTL below the socket's minimum (IP_MINTTL)"), //
    TcpExtTCPDeferAcceptDrop("bare ACKs dropped by a listener that waits for data (TCP_DEFER_ACCEPT)"), //
    TcpExtIPReversePathFilter("packets dropped: their source would be reached over another interface"), //
    TcpExtTCPTimeWaitOverflow("connections closed without TIME-WAIT: tcp_max_tw_buckets reached"), //
    TcpExtTCPReqQFullDoCookies("the SYN queue was full and a cookie was sent"), //
    TcpExtTCPReqQFullDrop("the SYN queue was full and the SYN was dropped"), //
    TcpExtTCPRetransFail("retransmissions that could not be sent"), //
    TcpExtTCPRcvCoalesce("segments appended to the last one of the receive queue"), //
    TcpExtTCPOFOQueue("segments queued out of order"), //
    TcpExtTCPOFODrop("segments out of order dropped: no memory"), //
    TcpExtTCPOFOMerge("segments out of order that overlapped what was there"), //
    TcpExtTCPChallengeACK("challenge ACKs sent (RFC 5961)"), //
    TcpExtTCPSYNChallenge("challenge ACKs sent for a SYN on a live connection"), //
    TcpExtTCPFastOpenActive("Fast Open: data in our SYN acknowledged by the SYN-ACK"), //
    TcpExtTCPFastOpenActiveFail("Fast Open: data in our SYN not acknowledged"), //
    TcpExtTCPFastOpenPassive("Fast Open: connections accepted from a SYN with data"), //
    TcpExtTCPFastOpenPassiveFail("Fast Open: cookies refused"), //
    TcpExtTCPFastOpenListenOverflow("Fast Open: too many pending at a listener"), //
    TcpExtTCPFastOpenCookieReqd("Fast Open: SYNs that asked for a cookie"), //
    TcpExtTCPFastOpenBlackhole("Fast Open: switched off because packets with it vanish"), //
    TcpExtTCPSpuriousRtxHostQueues("retransmissions not sent: the first copy is still in our own queue"), //
    TcpExtBusyPollRxPackets("packets received by a busy-polling application thread"), //
    TcpExtTCPAutoCorking("small writes held back because a packet of the connection waits below"), //
    TcpExtTCPFromZeroWindowAdv("the advertised window opened again from zero"), //
    TcpExtTCPToZeroWindowAdv("the advertised window went to zero"), //
    TcpExtTCPWantZeroWindowAdv("the window should have been zero but must not be taken back"), //
    TcpExtTCPSynRetrans("SYNs and SYN-ACKs retransmitted"), //
    TcpExtTCPOrigDataSent("segments with data sent for the first time"), //
    TcpExtTCPHystartTrainDetect("HyStart left slow start by the length of an ACK train"), //
    TcpExtTCPHystartTrainCwnd("sum of cwnd at those exits, segments"), //
    TcpExtTCPHystartDelayDetect("HyStart left slow start by growing delay"), //
    TcpExtTCPHystartDelayCwnd("sum of cwnd at those exits, segments"), //
    TcpExtTCPACKSkippedSynRecv("duplicate ACKs not sent by rate limit in SYN-RECEIVED"), //
    TcpExtTCPACKSkippedPAWS("duplicate ACKs not sent by rate limit: segment failed PAWS"), //
    TcpExtTCPACKSkippedSeq("duplicate ACKs not sent by rate limit: sequence number outside the window"), //
    TcpExtTCPACKSkippedFinWait2("duplicate ACKs not sent by rate limit in FIN-WAIT-2"), //
    TcpExtTCPACKSkippedTimeWait("duplicate ACKs not sent by rate limit in TIME-WAIT"), //
    TcpExtTCPACKSkippedChallenge("challenge ACKs not sent by rate limit"), //
    TcpExtTCPWinProbe("zero-window probes sent"), //
    TcpExtTCPKeepAlive("keepalive probes sent"), //
    TcpExtTCPMTUPFail("path-MTU probes lost"), //
    TcpExtTCPMTUPSuccess("path-MTU probes acknowledged"), //
    TcpExtTCPDelivered("segments known to have arrived, by ACK or SACK"), //
    TcpExtTCPDeliveredCE("those of them reported with congestion-experienced"), //
    TcpExtTCPAckCompressed("ACKs not sent at once but held back to carry more SACK blocks"), //
    TcpExtTCPZeroWindowDrop("segments dropped: our window is zero"), //
    TcpExtTCPRcvQDrop("segments dropped: receive queue full"), //
    TcpExtTCPWqueueTooBig("the send queue grew past its limit by fragmenting segments"), //
    TcpExtTCPFastOpenPassiveAltKey("Fast Open: cookies made with the previous key"), //
    TcpExtTcpTimeoutRehash("flow label or path changed after a timeout"), //
    TcpExtTcpDuplicateDataRehash("flow label or path changed after repeated duplicate data"), //
    TcpExtTCPDSACKRecvSegs("segments reported as duplicates by D-SACK"), //
    TcpExtTCPDSACKIgnoredDubious("D-SACKs ignored: for more than was retransmitted"), //
    TcpExtTCPMigrateReqSuccess("half-open connections moved to another listener"), //
    TcpExtTCPMigrateReqFailure("half-open connections that could not be moved"), //
    TcpExtTCPPLBRehash("path changed by protective load balancing"), //
    TcpExtTCPAORequired("segments dropped: TCP-AO expected but missing (RFC 5925)"), //
    TcpExtTCPAOBad("segments dropped: TCP-AO wrong"), //
    TcpExtTCPAOKeyNotFound("segments dropped: TCP-AO key unknown"), //
    TcpExtTCPAOGood("segments with a good TCP-AO"), //
    TcpExtTCPAODroppedIcmps("ICMP errors ignored because the connection uses TCP-AO"), //

    // IpExt: Linux's own for IPv4.
    IpExtInNoRoutes("dropped: no route for a packet that arrived"), //
    IpExtInTruncatedPkts("dropped: shorter than its header says"), //
    IpExtInMcastPkts("multicast packets received"), //
    IpExtOutMcastPkts("multicast packets sent"), //
    IpExtInBcastPkts("broadcast packets received"), //
    IpExtOutBcastPkts("broadcast packets sent"), //
    IpExtInOctets("bytes received, IP headers included"), //
    IpExtOutOctets("bytes sent, IP headers included"), //
    IpExtInMcastOctets("bytes received by multicast"), //
    IpExtOutMcastOctets("bytes sent by multicast"), //
    IpExtInBcastOctets("bytes received by broadcast"), //
    IpExtOutBcastOctets("bytes sent by broadcast"), //
    IpExtInCsumErrors("dropped: header checksum (also in IpInHdrErrors)"), //
    IpExtInNoECTPkts("packets received with ECN field 00"), //
    IpExtInECT1Pkts("packets received with ECN field 01"), //
    IpExtInECT0Pkts("packets received with ECN field 10"), //
    IpExtInCEPkts("packets received with ECN field 11: congestion experienced"), //
    IpExtReasmOverlaps("fragments that overlap (RFC 5722)"), //

    // Ip6: the IPv6 layer (RFC 4293).
    Ip6InReceives("packets that arrived, before any check"), //
    Ip6InHdrErrors("dropped: bad version or extension header, or hop limit ran out while forwarding"), //
    Ip6InTooBigErrors("not forwarded: larger than the next link's MTU"), //
    Ip6InNoRoutes("dropped: no route for a packet that arrived"), //
    Ip6InAddrErrors("dropped: the destination is not ours and we do not forward, or the address is not valid here"), //
    Ip6InUnknownProtos("dropped: unknown next header"), //
    Ip6InTruncatedPkts("dropped: shorter than its header says"), //
    Ip6InDiscards("dropped though nothing was wrong with them: no memory"), //
    Ip6InDelivers("datagrams handed to a transport, after reassembly"), //
    Ip6OutForwDatagrams("packets forwarded to another interface"), //
    Ip6OutRequests("datagrams that transports asked IP to send; not the forwarded ones"), //
    Ip6OutDiscards("not sent though nothing was wrong with them: no memory, full queue"), //
    Ip6OutNoRoutes("not sent: no route to the destination"), //
    Ip6ReasmTimeout("datagrams whose fragments did not all arrive in time"), //
    Ip6ReasmReqds("fragments received"), //
    Ip6ReasmOKs("datagrams put together"), //
    Ip6ReasmFails("datagrams given up: time, memory, overlap (RFC 5722), contradiction"), //
    Ip6FragOKs("datagrams cut into fragments"), //
    Ip6FragFails("datagrams that had to be cut but could not be"), //
    Ip6FragCreates("fragments made"), //
    Ip6InMcastPkts("multicast packets received"), //
    Ip6OutMcastPkts("multicast packets sent"), //
    Ip6InOctets("bytes received, IP headers included"), //
    Ip6OutOctets("bytes sent, IP headers included"), //
    Ip6InMcastOctets("bytes received by multicast"), //
    Ip6OutMcastOctets("bytes sent by multicast"), //
    Ip6InBcastOctets("stays 0: IPv6 has no broadcast"), //
    Ip6OutBcastOctets("stays 0: IPv6 has no broadcast"), //
    Ip6InNoECTPkts("packets received with ECN field 00"), //
    Ip6InECT1Pkts("packets received with ECN field 01"), //
    Ip6InECT0Pkts("packets received with ECN field 10"), //
    Ip6InCEPkts("packets received with ECN field 11: congestion experienced"), //
    Ip6OutTransmits("packets that left, fragments and forwarded ones included"), //

    // Icmp6: ICMPv6 (RFC 4443), neighbour discovery (RFC 4861), multicast listeners (RFC 3810).
    Icmp6InMsgs("messages received, bad ones included"), //
    Icmp6InErrors("messages received with errors: checksum, length, unknown code"), //
    Icmp6OutMsgs("messages that ICMPv6 tried to send"), //
    Icmp6OutErrors("messages not sent because of a problem inside ICMPv6"), //
    Icmp6InCsumErrors("messages received with a bad checksum"), //
    Icmp6OutRateLimitHost("messages not sent: the limit per destination"), //
    Icmp6InDestUnreachs("destination unreachable (1) received"), //
    Icmp6InPktTooBigs("packet too big (2) received"), //
    Icmp6InTimeExcds("time exceeded (3) received"), //
    Icmp6InParmProblems("parameter problem (4) received"), //
    Icmp6InEchos("echo request (128) received"), //
    Icmp6InEchoReplies("echo reply (129) received"), //
    Icmp6InGroupMembQueries("multicast listener query (130) received"), //
    Icmp6InGroupMembResponses("multicast listener report (131) received"), //
    Icmp6InGroupMembReductions("multicast listener done (132) received"), //
    Icmp6InRouterSolicits("router solicitation (133) received"), //
    Icmp6InRouterAdvertisements("router advertisement (134) received"), //
    Icmp6InNeighborSolicits("neighbour solicitation (135) received"), //
    Icmp6InNeighborAdvertisements("neighbour advertisement (136) received"), //
    Icmp6InRedirects("redirect (137) received"), //
    Icmp6InMLDv2Reports("multicast listener report, version 2 (143) received"), //
    Icmp6OutDestUnreachs("destination unreachable (1) sent"), //
    Icmp6OutPktTooBigs("packet too big (2) sent"), //
    Icmp6OutTimeExcds("time exceeded (3) sent"), //
    Icmp6OutParmProblems("parameter problem (4) sent"), //
    Icmp6OutEchos("echo request (128) sent"), //
    Icmp6OutEchoReplies("echo reply (129) sent"), //
    Icmp6OutGroupMembQueries("multicast listener query (130) sent"), //
    Icmp6OutGroupMembResponses("multicast listener report (131) sent"), //
    Icmp6OutGroupMembReductions("multicast listener done (132) sent"), //
    Icmp6OutRouterSolicits("router solicitation (133) sent"), //
    Icmp6OutRouterAdvertisements("router advertisement (134) sent"), //
    Icmp6OutNeighborSolicits("neighbour solicitation (135) sent"), //
    Icmp6OutNeighborAdvertisements("neighbour advertisement (136) sent"), //
    Icmp6OutRedirects("redirect (137) sent"), //
    Icmp6OutMLDv2Reports("multicast listener report, version 2 (143) sent"), //

    // Udp6: UDP over IPv6.
    Udp6InDatagrams("datagrams given to an application's socket"), //
    Udp6NoPorts("datagrams for a port without a socket"), //
    Udp6InErrors("datagrams dropped for another reason: checksum, length, full socket"), //
    Udp6OutDatagrams("datagrams sent"), //
    Udp6RcvbufErrors("dropped: the socket's receive buffer is full"), //
    Udp6SndbufErrors("not sent: the socket's send buffer is full"), //
    Udp6InCsumErrors("dropped: checksum, or none at all"), //
    Udp6IgnoredMulti("multicast datagrams that no socket wanted"), //
    Udp6MemErrors("dropped: memory for all of UDP is used up"), //

    // Sluice: for which Linux has no name.
    SluicePathDataLost("segments retransmitted that were lost indeed"), //
    SluicePathAckLost("segments retransmitted that had arrived: their acknowledgment was lost (D-SACK)"), //
    SluicePathDelayed("segments retransmitted that were only delayed (D-SACK, timestamps)"), //
    SluicePathDuplicated("segments that the network duplicated (D-SACK)"), //
    SluiceInvalidLinkPacket("frames dropped below IP: too short, unknown Ethernet type, not for us"), //
    SluiceNeighbourQueueDrop("packets dropped while they waited for the neighbour's address"), //
    SluiceControlQueueDrop("small packets of our own (resets, ICMP, ACKs of TIME-WAIT) dropped: their queue is full"), //
    SluiceAnswerShed("answers (cookies, resets, echo replies) left out: more arrived than could be answered"), //
    SluiceOutputTooBig("packets dropped on the way out: larger than the link carries and not to be cut"), //
    SluiceInvalidTcpHeader(
            "segments dropped: header longer than the segment, or shorter than 20 bytes (also in TcpInErrs)"), //
    SluiceTcpNoAck("segments dropped: no ACK bit where there has to be one"), //
    SluiceTcpBadReset("resets dropped: outside the window, for no connection, or not acknowledging our SYN"), //
    SluiceTcpBadSyn("SYNs dropped: from or to an address or port that cannot be, or with FIN"), //
    SluiceTcpUnexpected(
            "segments dropped: without meaning in the connection's state (data after a FIN, no SYN where one is "
                    + "awaited)"), //
    SluiceTcpMemoryDrop("segments dropped: no memory for a connection's buffer");

    private final String text;
    private final String group;
    private final String shortName;

    Counter(String text) {
        this.text = text;
        this.group = groupOf(name());
        this.shortName = name().substring(group.length());
    }

    /** What increments it, in a few words. */
    public String text() {
        return text;
    }

    /** The table it stands in: "Tcp", "TcpExt", "Ip6", … */
    public String group() {
        return group;
    }

    /** The name inside its group: "TCPTimeouts" for {@code TcpExtTCPTimeouts}. */
    public String shortName() {
        return shortName;
    }

    /**
     * Whether it shows a present state instead of counting events: {@code TcpCurrEstab}, {@code TcpRtoMin} and their
     * like.
     */
    public boolean isLevel() {
        return text.startsWith("level: ");
    }

    private static String groupOf(String name) {
        // Longer names first: "TcpExt" before "Tcp".
        for (String g : List.of("Sluice", "TcpExt", "IpExt", "Icmp6", "Icmp", "Ip6", "Ip", "Tcp", "Udp6", "Udp")) {
            if (name.startsWith(g)) {
                return g;
            }
        }
        throw new IllegalStateException(name);
    }
}
