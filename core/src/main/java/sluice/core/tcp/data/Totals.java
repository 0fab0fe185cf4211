package sluice.core.tcp.data;

/** What a connection has sent and received, for TcpInfo; bytes are of payload, counts of wire segments. */
public final class Totals {
    public long bytesAcked;
    /** In order, and the peer's FIN as one. */
    public long bytesReceived;
    /** With those retransmitted. */
    public long bytesSent;
    public long bytesRetransmitted;
    public long segmentsOut;
    public long segmentsIn;
    public long dataSegmentsOut;
    public long dataSegmentsIn;
    public long retransmissions;
    /** Segments that D-SACK reported as duplicates. */
    public long dsackDuplicates;
    public long outOfOrderPackets;
}
