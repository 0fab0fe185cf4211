package sluice.observe.diagnose;

import java.util.ArrayList;
import java.util.List;

/** What only counters tell: damage, memory, datagrams without a reader. */
final class CounterFinder implements Finder {
    @Override
    public void look(Snapshot s, List<Finding> found) {
        sum(s, found, Cause.CORRUPTION, 45, 70, "TcpInCsumErrors", "UdpInCsumErrors", "IcmpInCsumErrors",
                "IpInHdrErrors", "Icmp6InCsumErrors");
        sum(s, found, Cause.UDP_OVERFLOW, 45, 70, "UdpRcvbufErrors", "Udp6RcvbufErrors", "UdpMemErrors");
        sum(s, found, Cause.MEMORY, 65, 85, "TcpExtTCPMemoryPressures", "TcpExtTCPRcvQDrop", "TcpExtPruneCalled",
                "TcpExtRcvPruned", "TcpExtOfoPruned");
    }

    private static void sum(Snapshot s, List<Finding> found, Cause cause, double least, double most,
            String... counters) {
        List<String> evidence = new ArrayList<>();
        long sum = 0;
        for (String c : counters) {
            if (s.count(c) > 0) {
                evidence.add(c + " " + s.count(c));
                sum += s.count(c);
            }
        }
        long packets = Math.max(1, s.count("IpInReceives") + s.count("Ip6InReceives"));
        boolean rare = cause != Cause.MEMORY && sum * 100_000 < packets;
        Facts.add(found, cause, sum == 0 ? 0 : rare ? 10 : Facts.grown(least, most, sum, 1000), evidence);
    }
}
