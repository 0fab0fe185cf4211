package sluice.cli.iperf3;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.udp.UdpOptions;
import sluice.observe.json.JsonObject;
import sluice.observe.json.JsonWriter;

/**
 * What the client asks for, as the two exchange it.
 *
 * @param udp whether over UDP
 * @param longNumbers whether UDP's datagrams have numbers of 64 bits
 * @param timeSeconds length of the test, 0 when bytes or blocks end it
 * @param omitSeconds at the start that do not count
 * @param bytes that end the test, or 0
 * @param blocks of {@code blockBytes} that end the test, or 0
 * @param parallel streams in each direction, 1…128
 * @param reverse whether the server sends
 * @param bidirectional whether both send
 * @param blockBytes bytes of a write; 0 for the default
 * @param windowBytes socket buffers, 0 for automatic
 * @param maxSegmentBytes MSS, 0 for the path's
 * @param noDelay whether Nagle's algorithm is off
 * @param bitsPerSecond of each stream, 0 for no limit
 * @param serverOutput whether the server's report is wanted too
 * @param congestion control, null for the default
 */
public record Iperf3Parameters(boolean udp, boolean longNumbers, int timeSeconds, int omitSeconds, long bytes,
        long blocks, int parallel, boolean reverse,
        boolean bidirectional, int blockBytes,
        int windowBytes, int maxSegmentBytes, boolean noDelay, long bitsPerSecond, boolean serverOutput,
        @Nullable String congestion) {
    private static final int MAX_STREAMS = 128;
    private static final int DEFAULT_BLOCK = 128 * 1024;
    private static final int DEFAULT_DATAGRAM = 1460;
    /** Payload of a datagram, least. */
    public static final int MIN_DATAGRAM = UdpStream.MIN_BLOCK;
    /** Payload of a datagram, most. */
    public static final int MAX_DATAGRAM = UdpStream.MAX_BLOCK;
    // Numbers of iperf_api.h.
    private static final int IENUMSTREAMS = 6;
    private static final int IEBLOCKSIZE = 7;
    private static final int IEUNIMP = 13;

    /** Reads what a client sent. */
    static Iperf3Parameters read(JsonObject json) throws Iperf3Exception {
        if (json.flag("sctp")) {
            throw new Iperf3Exception("only TCP and UDP tests are implemented", IEUNIMP);
        }
        if (json.text("authtoken") != null) {
            throw new Iperf3Exception("authentication is not implemented", IEUNIMP);
        }
        long parallel = json.number("parallel", 1);
        if (parallel < 1 || parallel > MAX_STREAMS) {
            throw new Iperf3Exception(parallel + " streams are outside 1…" + MAX_STREAMS, IENUMSTREAMS);
        }
        boolean udp = json.flag("udp");
        int block = limited(json, "len");
        if (udp && block != 0 && (block < UdpStream.MIN_BLOCK || block > UdpStream.MAX_BLOCK)) {
            throw new Iperf3Exception("datagrams of " + block + " bytes are outside " + UdpStream.MIN_BLOCK + "…"
                    + UdpStream.MAX_BLOCK, IEBLOCKSIZE);
        }
        return new Iperf3Parameters(udp, json.number("udp_counters_64bit", 0) != 0, limited(json, "time"),
                limited(json, "omit"), Math.max(0, json.number("num", 0)),
                Math.max(0, json.number("blockcount", 0)),
                (int) parallel,
                json.flag("reverse"), json.flag("bidirectional"), block, limited(json, "window"),
                limited(json, "MSS"), json.flag("nodelay"),
                Math.max(0, json.number("bandwidth", 0)), json.number("get_server_output", 0) != 0,
                json.text("congestion"));
    }

    private static int limited(JsonObject json, String name) {
        return Math.clamp(json.number(name, 0), 0, Integer.MAX_VALUE);
    }

    /** The text for the server. */
    String json() {
        JsonWriter json = new JsonWriter().beginObject().field(udp ? "udp" : "tcp", true).field("omit", omitSeconds)
                .field("time", timeSeconds).field("num", bytes)
                .field("blockcount", blocks).field("parallel", parallel);
        if (reverse) {
            json.field("reverse", true);
        }
        if (bidirectional) {
            json.field("bidirectional", true);
        }
        if (windowBytes > 0) {
            json.field("window", windowBytes);
        }
        if (maxSegmentBytes > 0) {
            json.field("MSS", maxSegmentBytes);
        }
        if (noDelay) {
            json.field("nodelay", true);
        }
        json.field("len", block());
        if (bitsPerSecond > 0) {
            json.field("bandwidth", bitsPerSecond);
        }
        if (serverOutput) {
            json.field("get_server_output", 1);
        }
        if (congestion != null) {
            json.field("congestion", congestion);
        }
        if (longNumbers) {
            json.field("udp_counters_64bit", 1);
        }
        return json.field("client_version", "3.12").endObject().toString();
    }

    /** Streams in both directions together. */
    int streams() {
        return bidirectional ? 2 * parallel : parallel;
    }

    /** Whether the client sends on its n-th stream, counted from 0. */
    boolean clientSends(int n) {
        return bidirectional ? n < parallel : !reverse;
    }

    /** The same with datagrams that fill the path's packets when nothing else was asked for. */
    Iperf3Parameters withDatagramsOf(int segmentBytes) {
        return !udp || blockBytes > 0 ? this
                : new Iperf3Parameters(true, longNumbers, timeSeconds, omitSeconds, bytes, blocks, parallel, reverse,
                        bidirectional, Math.clamp(segmentBytes, UdpStream.MIN_BLOCK, UdpStream.MAX_BLOCK), windowBytes,
                        maxSegmentBytes, noDelay, bitsPerSecond, serverOutput, congestion);
    }

    /** Bytes of a write. */
    int block() {
        return blockBytes > 0 ? blockBytes : udp ? DEFAULT_DATAGRAM : DEFAULT_BLOCK;
    }

    /** Bytes that end the test; 0 when time does. */
    long limitBytes() {
        return bytes > 0 ? bytes : blocks * block();
    }

    /** Puts what concerns sockets into their options. */
    void apply(SocketOptions options) {
        options.receiveBufferBytes = windowBytes;
        options.sendBufferBytes = windowBytes;
        options.maxSegmentBytes = maxSegmentBytes == 0 ? 0 : Math.clamp(maxSegmentBytes, 88, 32_767);
        options.noDelay = noDelay;
        if (congestion != null) {
            options.congestionControl = congestion.toLowerCase(Locale.ROOT);
        }
    }

    /** The same for UDP. */
    void apply(UdpOptions options) {
        if (windowBytes > 0) {
            options.setReceiveBufferBytes(windowBytes);
            options.setSendBufferBytes(windowBytes);
        }
    }

    /** The number that iperf3 gives its n-th stream, counted from 0: 1, 3, 4, 5… */
    static int streamId(int n) {
        return n == 0 ? 1 : n + 2;
    }
}
