package sluice.fuzz;

import sluice.sockets.internal.dns.DnsMessage;
import sluice.sockets.internal.dns.DnsReader;

/** Answers of DNS servers. */
public final class DnsTarget {
    private DnsTarget() {}

    /** One run. */
    public static void fuzzerTestOneInput(byte[] data) {
        DnsMessage m = DnsReader.read(data, data.length);
        if (m != null) {
            var _ = m.toString();
        }
    }
}
