package sluice.virtual;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.sockets.internal.dns.Dns;
import sluice.sockets.internal.dns.DnsMessage;
import sluice.sockets.internal.dns.DnsReader;
import sluice.wire.IpAddress;

/**
 * Answers DNS queries over UDP (RFC 1035, RFC 3596) from the names of a network: addresses, of both families. What does
 * not fit 512 bytes is marked as cut off.
 *
 * <p><b>Thread rules.</b> {@link #serve} on a thread of the host that it serves on.
 */
final class NameServer {
    private static final int PORT = 53;
    private static final int MOST_BYTES = 512;
    /** A pointer to the question's name, behind the header (RFC 1035 4.1.4). */
    private static final short SAME_NAME = (short) (0xc000 | Dns.HEADER);
    private static final int TTL_S = 30;

    private final VirtualNames names;

    NameServer(VirtualNames names) {
        this.names = names;
    }

    void serve() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(PORT)) {
            byte[] in = new byte[MOST_BYTES];
            while (true) {
                DatagramPacket query = new DatagramPacket(in, in.length);
                socket.receive(query);
                DnsMessage m = DnsReader.read(in, query.getLength());
                DnsMessage.Question asked = m == null ? null : m.question();
                if (m != null && asked != null && (m.flags() & (Dns.QR | Dns.OPCODE_MASK)) == 0) {
                    answer(socket, query.getSocketAddress(), m, asked);
                }
            }
        }
    }

    private void answer(DatagramSocket socket, SocketAddress to, DnsMessage query, DnsMessage.Question asked)
            throws IOException {
        VirtualNames.@Nullable Entry found = names.ask(asked.name().toString());
        if (found != null && found.silent()) {
            return;
        }
        byte[] message = message(query, asked, found);
        DatagramPacket packet = new DatagramPacket(message, message.length, to);
        Duration takes = found == null ? Duration.ZERO : found.takes();
        if (!takes.isPositive()) {
            socket.send(packet);
            return;
        }
        Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(takes);
                socket.send(packet);
            } catch (IOException | InterruptedException e) {
                // the host is off
            }
        });
    }

    private static byte[] message(DnsMessage query, DnsMessage.Question q, VirtualNames.@Nullable Entry found) {
        ByteBuffer out = ByteBuffer.allocate(MOST_BYTES);
        out.position(Dns.HEADER);
        out.position(q.name().write(out.array(), Dns.HEADER));
        out.putShort((short) q.type()).putShort((short) q.dnsClass());
        List<IpAddress> all = found == null || q.dnsClass() != Dns.IN ? List.of() : found.addresses();
        int count = 0;
        boolean cut = false;
        for (IpAddress a : all) {
            if (q.type() == (a.isV4() ? Dns.A : Dns.AAAA)) {
                int bytes = a.bits() / 8;
                if (out.remaining() < 12 + bytes) {
                    cut = true;
                    break;
                }
                out.putShort(SAME_NAME).putShort((short) q.type()).putShort((short) Dns.IN).putInt(TTL_S)
                        .putShort((short) bytes);
                if (a.isV4()) {
                    out.putInt((int) a.low());
                } else {
                    out.putLong(a.high()).putLong(a.low());
                }
                count++;
            }
        }
        int flags = Dns.QR | Dns.AA | Dns.RA | query.flags() & Dns.RD | (cut ? Dns.TC : 0)
                | (found == null ? Dns.NXDOMAIN : Dns.NOERROR);
        out.putShort(0, (short) query.id()).putShort(2, (short) flags).putShort(4, (short) 1)
                .putShort(6, (short) count);
        byte[] message = new byte[out.position()];
        out.get(0, message);
        return message;
    }
}
