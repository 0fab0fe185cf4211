package sluice.drill;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.drill.PacketSpec.Option;
import sluice.drill.PacketSpec.TcpSegment;
import sluice.wire.IpAddress;
import sluice.wire.Tcp;
import sluice.wire.TcpOption;

/** A connection under test: how the script's numbers and the live ones belong together. */
final class Flow {
    /** How far it is, as the script sees it. */
    enum State {
        NEW, BOUND, LISTENING, PASSIVE_PACKET_RECEIVED, PASSIVE_SYNACK_SENT, PASSIVE_SYNACK_ACKED, //
        ACTIVE_CONNECTING, ACTIVE_SYN_SENT, ACTIVE_SYN_ACKED
    }

    State state = State.NEW;
    /** The application's socket; null before accept. */
    @Nullable Descriptor socket;
    int protocol = Seen.TCP;
    @Nullable IpAddress localAddress;
    @Nullable IpAddress remoteAddress;
    int localPort;
    int remotePort;
    int scriptLocalIsn;
    int liveLocalIsn;
    int remoteIsn;
    private final Map<Integer, Integer> liveTimestamps = new HashMap<>();
    private boolean timestampSeen;
    private int firstScriptTimestamp;
    private int firstLiveTimestamp;

    /** Whether the packet goes out on this connection. */
    boolean owns(Seen s) {
        return s.protocol() == protocol && s.source().equals(localAddress) && s.destination().equals(remoteAddress)
                && s.sourcePort() == localPort
                && s.destinationPort() == remotePort;
    }

    private int localOffset(boolean syn) {
        return syn ? liveLocalIsn - scriptLocalIsn : liveLocalIsn;
    }

    private int remoteOffset(boolean syn) {
        return syn ? 0 : remoteIsn;
    }

    /** A segment of the script with the live numbers, as it is to arrive. */
    TcpSegment toLive(TcpSegment t, boolean scaledEcho) {
        boolean syn = t.has(Tcp.SYN);
        List<Option> options = new ArrayList<>();
        List<Option> written = t.options();
        for (Option o : written == null ? List.<Option>of() : written) {
            options.add(switch (o.kind()) {
                case TcpOption.SACK -> shift(o, localOffset(syn));
                case TcpOption.TIMESTAMPS -> t.has(Tcp.ACK) ? echo(o, scaledEcho) : o;
                default -> o;
            });
        }
        return new TcpSegment(t.ip(), t.sourcePort(), t.destinationPort(), t.flags(), t.ace(),
                t.seq() + remoteOffset(syn), t.length(),
                t.has(Tcp.ACK) ? t.ack() + localOffset(syn) : t.ack(), t.window(), t.urgent(), options);
    }

    private static Option shift(Option o, int by) {
        ByteBuffer in = ByteBuffer.wrap(o.body());
        ByteBuffer out = ByteBuffer.allocate(o.body().length);
        while (in.remaining() >= 4) {
            out.putInt(in.getInt() + by);
        }
        return new Option(o.kind(), out.array());
    }

    private Option echo(Option o, boolean scaled) {
        ByteBuffer b = ByteBuffer.wrap(o.body());
        int value = b.getInt();
        int echo = b.getInt();
        Integer live = liveTimestamps.get(echo);
        if (live == null) {
            if (!scaled || !timestampSeen) {
                throw new FailException("the script echoes timestamp " + Integer.toUnsignedString(echo)
                        + ", which no earlier outbound packet has");
            }
            live = echo - firstScriptTimestamp + firstLiveTimestamp;
        }
        return new Option(o.kind(), ByteBuffer.allocate(8).putInt(value).putInt(live).array());
    }

    /**
     * A segment that was sent, in the script's numbers; {@code expected} says which script timestamp its own stands
     * for.
     */
    TcpSegment toScript(Seen s, TcpSegment expected, PacketSpec.Ip ip) {
        boolean syn = s.has(Tcp.SYN);
        List<Option> options = new ArrayList<>();
        for (Option o : s.options()) {
            options.add(switch (o.kind()) {
                case TcpOption.SACK -> o.body().length % 8 == 0 ? shift(o, -remoteOffset(syn)) : o;
                case TcpOption.TIMESTAMPS -> o.body().length == 8 ? timestamp(o, expected) : o;
                default -> o;
            });
        }
        return new TcpSegment(ip, 0, 0, s.flags(), expected.ace(), s.seq() - localOffset(syn), s.payload(),
                s.has(Tcp.ACK) ? s.ack() - remoteOffset(syn) : s.ack(),
                expected.window() < 0 ? -1 : s.window(), s.urgent(), options);
    }

    private Option timestamp(Option o, TcpSegment expected) {
        ByteBuffer b = ByteBuffer.wrap(o.body());
        int live = b.getInt();
        int echo = b.getInt();
        Option wanted = find(expected.options(), TcpOption.TIMESTAMPS);
        if (wanted != null) {
            int script = ByteBuffer.wrap(wanted.body()).getInt();
            liveTimestamps.put(script, live);
            if (!timestampSeen) {
                timestampSeen = true;
                firstScriptTimestamp = script;
                firstLiveTimestamp = live;
            }
        }
        int value = timestampSeen ? firstScriptTimestamp + (live - firstLiveTimestamp) : live;
        return new Option(o.kind(), ByteBuffer.allocate(8).putInt(value).putInt(echo).array());
    }

    static @Nullable Option find(@Nullable List<Option> options, int kind) {
        if (options != null) {
            for (Option o : options) {
                if (o.kind() == kind) {
                    return o;
                }
            }
        }
        return null;
    }
}
