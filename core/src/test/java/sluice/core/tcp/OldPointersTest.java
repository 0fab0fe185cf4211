package sluice.core.tcp;

import static sluice.core.tcp.TcpConversation.with;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import sluice.base.Counter;
import sluice.base.Rfc;
import sluice.core.Pollable;
import sluice.core.tcp.user.TcpSocket;
import sluice.wire.Bytes;
import sluice.wire.Checksum;
import sluice.wire.Packet;

/**
 * Sequence numbers and timestamps that a connection remembers, after 2^31 bytes or 25 days: what they were compared
 * with has gone half way round, so that the old looks new.
 */
class OldPointersTest {
    private static final int PIECE = 60_000;
    private static final long HALF_ROUND = 1L << 31;
    private static final double DAY_MS = 24 * 3600 * 1000.0;

    private final MemorySegment scratch = Arena.ofAuto().allocate(1 << 20);
    private final Packet packet = Packet.ofMaxSize();
    private final Packet out = Packet.ofMaxSize();

    private static TcpConversation wide() {
        return with().set("tcp_rmem", "4096 400000 400000").set("tcp_wmem", "4096 400000 400000")
                .peer("<mss 1460, wscale 7>").established();
    }

    /** The peer sends {@code bytes} and the application reads them; what we answer meanwhile is not looked at. */
    private void receive(TcpConversation c, long bytes) {
        for (long left = bytes; left > 0; left -= PIECE) {
            int n = (int) Math.min(PIECE, left);
            segment(c, n, c.tcb.rcv.nxt, c.tcb.snd.nxt);
            int read = c.tcb.receive(scratch, 0, n, 0, c.now());
            c.check(read == n, "read " + read + " of " + n);
            poll(c);
            c.peerNext += n;
            c.skipRead(n);
        }
    }

    /** The application sends {@code bytes}, of which the peer acknowledges each piece. */
    private void send(TcpConversation c, long bytes) {
        long left = bytes;
        while (left > 0 || c.tcb.hasUnsent() || !c.tcb.sent.isEmpty()) {
            left -= left > 0 ? c.tcb.send(scratch, 0, (int) Math.min(PIECE, left), 0, c.now()) : 0;
            poll(c);
            segment(c, 0, c.tcb.rcv.nxt, c.tcb.snd.nxt);
            poll(c);
        }
        c.hostNext = Integer.toUnsignedLong(c.tcb.snd.nxt - c.hostIsn);
    }

    private void segment(TcpConversation c, int length, int seq, int ack) {
        Seg s = Seg.parse("A");
        s.seq = 0L;
        s.ack = 0L;
        s.win = c.peerWindow;
        s.length = 0;
        byte[] head = s.packet(c.peerAddress, c.peerPort, c.hostAddress, c.hostPort, seq, ack, new byte[0]);
        packet.clear();
        MemorySegment m = packet.memory;
        for (int i = 0; i < head.length; i++) {
            Bytes.put8(m, packet.start + i, head[i]);
        }
        packet.end = packet.start + head.length + length;
        Bytes.put16(m, packet.start + 2, head.length + length);
        Bytes.put16(m, packet.start + 10, 0);
        Bytes.put16(m, packet.start + 10, Checksum.of(m, packet.start, 20));
        packet.checksumValid = true;
        c.host.onPacket(1, packet, c.now());
    }

    /** Lets the host send; returns the urgent pointer of the last segment, -1 when it has none. */
    private int poll(TcpConversation c) {
        int pointer = -1;
        while (c.host.pollTransmit(out, c.now()) >= 0) {
            int tcp = out.start + 20;
            pointer = (Bytes.u8(out.memory, tcp + 13) & Seg.URG) != 0 ? Bytes.u16(out.memory, tcp + 18) : -1;
        }
        return pointer;
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    void theWindowIsBelievedAfterHalfARoundOfThePeersData() {
        TcpConversation c = wide();
        receive(c, HALF_ROUND + 1000);
        c.send("A win 500").check(c.tcb.snd.wnd == 500 << 7, "window " + c.tcb.snd.wnd);
        receive(c, HALF_ROUND - 5000);
        c.send("A win 501").check(c.tcb.snd.wnd == 501 << 7, "window " + c.tcb.snd.wnd);
    }

    @Test
    @Rfc(value = 9293, section = "3.10.7.4")
    void theWindowIsBelievedAfterHalfARoundOfOurData() {
        TcpConversation c = wide();
        send(c, HALF_ROUND + 1000);
        c.send("A win 500").check(c.tcb.snd.wnd == 500 << 7, "window " + c.tcb.snd.wnd);
        send(c, HALF_ROUND - 5000);
        c.send("A win 501").check(c.tcb.snd.wnd == 501 << 7, "window " + c.tcb.snd.wnd);
    }

    /** RCV.WUP, the last acknowledgment sent, says which segments are old and whose timestamp is taken. */
    @Test
    void oldAndNewAreToldApartAfterHalfARound() {
        TcpConversation c = wide();
        for (long bytes : new long[]{HALF_ROUND + 1000, HALF_ROUND - 5000}) {
            receive(c, bytes);
            int before = c.tcb.rcv.nxt;
            segment(c, 1000, before - 3000, c.tcb.snd.nxt);
            c.check(c.tcb.rcv.nxt == before && c.tcb.available() == 0, "an old segment was taken");
            segment(c, 1000, before + 10_000_000, c.tcb.snd.nxt);
            c.check(c.tcb.rcv.nxt == before && c.tcb.reassembly.isEmpty(), "one beyond the window was taken");
            receive(c, 1000);
            c.check(c.tcb.rcv.nxt == before + 1000 && c.tcb.rcv.wup == c.tcb.rcv.nxt - 1000
                    || c.tcb.rcv.wup == c.tcb.rcv.nxt, "a new one was not");
        }
    }

    /** SND.UP stays behind when the urgent data was acknowledged. */
    @Test
    @Rfc(value = 9293, section = "3.8.5", req = "MUST-30")
    void theUrgentPointerThatWasSentDoesNotComeAgain() {
        TcpConversation c = wide();
        c.write(10, TcpSocket.FLAG_URGENT).recv("PAU 1(10) urg 10").send("A");
        for (int i = 0; i < 2; i++) {
            send(c, HALF_ROUND - 5000);
            c.tcb.send(scratch, 0, 10, 0, c.now());
            c.check(poll(c) == -1, "an urgent pointer that is old");
        }
        c.tcb.send(scratch, 0, 10, TcpSocket.FLAG_URGENT, c.now());
        c.check(poll(c) == 10, "no urgent pointer for new urgent data");
    }

    /** RCV.UP stays behind when the reader has passed it, whether the byte was taken out of band or not. */
    @Test
    @Rfc(value = 9293, section = "3.8.5", req = "MUST-32")
    void urgentDataIsNoticedHalfARoundAfterTheLast() {
        for (boolean inline : new boolean[]{false, true}) {
            for (boolean taken : new boolean[]{false, true}) {
                TcpConversation c = wide().options(o -> o.oobInline = inline);
                for (int i = 0; i < 3; i++) {
                    c.send("PAU (10) urg 10").ready(Pollable.URGENT);
                    if (taken && !inline) {
                        c.tcb.receive(scratch, 0, 1, TcpSocket.FLAG_URGENT, c.now());
                    }
                    while (c.tcb.available() > 0 && c.tcb.receive(scratch, 0, 100, 0, c.now()) > 0) {
                        c.check(c.tcb.available() >= 0, "read");
                    }
                    poll(c);
                    receive(c, HALF_ROUND - 5000);
                    c.notReady(Pollable.URGENT);
                }
            }
        }
    }

    /** TS.Recent says nothing after 24 days: the peer's clock may have gone half way round. */
    @Test
    @Rfc(value = 7323, section = "5.5")
    void aTimestampIsForgottenAfterTwentyFourDays() {
        TcpConversation c = with().peer("<mss 1460, ts 1000/0>").established();
        c.send("PA (100) <ts 5000/0>").read(100);
        c.at(25 * DAY_MS).all();
        int far = 5000 + (int) (long) (25 * DAY_MS);
        c.check(far < 0, "half way round");
        c.send("PA (100) <ts " + far + "/0>").read(100).counted(Counter.TcpExtPAWSEstab, 0);
        c.check(c.tcb.tsRecent == far, "TS.Recent " + c.tcb.tsRecent);
        c.send("PA (100) <ts " + (far - 1) + "/0>").counted(Counter.TcpExtPAWSEstab, 1);
    }

    @Test
    @Rfc(value = 7323, section = "5.5")
    void aTimestampIsRememberedForTwentyThreeDays() {
        TcpConversation c = with().peer("<mss 1460, ts 1000/0>").established();
        c.send("PA (100) <ts 5000/0>").read(100);
        c.at(23 * DAY_MS).all();
        c.send("PA (100) <ts 4999/0>").counted(Counter.TcpExtPAWSEstab, 1);
        c.peerNext -= 100;
        int later = 5000 + (int) (long) (23 * DAY_MS);
        c.send("PA (100) <ts " + later + "/0>").counted(Counter.TcpExtPAWSEstab, 1);
        c.check(c.tcb.tsRecent == later, "TS.Recent " + c.tcb.tsRecent);
    }

    /** Our own clock goes half way round too: a round trip is still measured by its echo. */
    @Test
    @Rfc(value = 7323, section = "4.1")
    void roundTripsAreMeasuredByTimestampsAfterTwentyFiveDays() {
        TcpConversation c = with().peer("<mss 1460, ts 1000/0>").established();
        c.at(25 * DAY_MS).all();
        c.write(100);
        Seg sent = c.any();
        c.after(40).send("A <ts 5000/" + sent.tsVal + ">");
        c.check(c.tcb.sent.isEmpty(), "not acknowledged");
        c.check(c.tcb.rtt.latestUs() == 40_000, "round trip " + c.tcb.rtt.latestUs());
    }
}
