package sluice.lab.experiments;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.sim.Match;
import sluice.wire.Bytes;
import sluice.wire.Ipv4;
import sluice.wire.OptionCursor;
import sluice.wire.Packet;
import sluice.wire.PacketPrinter;
import sluice.wire.Tcp;
import sluice.wire.TcpOption;

/** A packet, field by field. */
final class Header implements Experiment {
    @Override
    public About about() {
        return About.of("header", Chapter.SEGMENTS, "The TCP header, field by field", "逐字段看 TCP 首部").says(
                "One captured segment is read field by field: ports, SEQ, ACK, data offset, flags, window, checksum, "
                        + "options. The payload's length is in no field: it is what IP's total length leaves after "
                        + "both headers.",
                "逐字段读出一个捕获的报文段：端口、序列号、确认号、首部长度、标志位、窗口、校验和、选项。负载长度不在任何字段里：它等于 IP 总长度减去两个首部。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage();
        Duo d = s.duo("client", "server").delayMs(1);
        List<Packet> captured = new ArrayList<>();
        d.link().from(d.a()).see(Match.any(), v -> captured.add(Packets.copy(v.packet())));
        d.connect();
        d.a().write(d.sender(), 100);
        s.world().settle();
        Packet data = captured.get(2);
        MemorySegment m = data.memory;
        int ip = data.start;
        int tcp = ip + Ipv4.headerLength(m, ip);
        x.equal("source port", "源端口", d.sender().localPort(), Tcp.sourcePort(m, tcp));
        x.equal("destination port", "目的端口", 80, Tcp.destinationPort(m, tcp));
        x.equal("SEQ − client_isn", "序列号 − client_isn", 1, Tcp.seq(m, tcp) - d.sender().snd.iss);
        x.equal("ACK − server_isn", "确认号 − server_isn", 1, Tcp.ack(m, tcp) - d.sender().rcv.irs);
        x.equal("data offset: 20, and 12 for timestamps", "首部长度：20，加时间戳 12", 32, Tcp.dataOffset(m, tcp));
        x.equal("CWR ECE URG ACK PSH RST SYN FIN", "CWR ECE URG ACK PSH RST SYN FIN", "00011000", flags(m, tcp));
        x.equal("window, raw", "窗口（原始值）", 63, Tcp.window(m, tcp));
        x.equal("window, scaled by 2^10", "窗口（乘以 2^10）", 64_512, Tcp.window(m, tcp) << d.sender().agreed.ourShift);
        x.equal("urgent pointer", "紧急指针", 0, Tcp.urgentPointer(m, tcp));
        int segment = Ipv4.totalLength(m, ip) - Ipv4.headerLength(m, ip);
        x.equal("payload: IP total − IP header − TCP header", "负载：IP 总长度 − IP 首部 − TCP 首部", 100,
                segment - Tcp.dataOffset(m, tcp));
        x.holds("the checksum is right", "校验和正确", checksum(d, m, tcp, segment));
        Bytes.put8(m, data.end - 1L, Bytes.u8(m, data.end - 1L) ^ 1);
        x.equal("with one bit changed it is right", "改动一个比特后仍正确", false, checksum(d, m, tcp, segment));
        x.equal("options of the SYN", "SYN 的选项", List.of("mss", "sackOK", "timestamps", "nop", "wscale"),
                options(captured.get(0)));
        String line = new PacketPrinter().print(captured.get(0));
        x.note("the SYN in a line: " + line, "SYN 的一行描述：" + line);
    }

    private static String flags(MemorySegment m, int tcp) {
        String bits = Integer.toBinaryString(Tcp.flags(m, tcp) & 0xff);
        return "0".repeat(8 - bits.length()) + bits;
    }

    private static boolean checksum(Duo d, MemorySegment m, int tcp, int length) {
        return Tcp.isChecksumValid(m, tcp, length, d.a().address().high(), d.a().address().low(),
                d.b().address().high(), d.b().address().low());
    }

    private static List<String> options(Packet syn) {
        List<String> names = new ArrayList<>();
        OptionCursor cursor = new OptionCursor();
        int tcp = syn.start + 20;
        for (Tcp.options(cursor, syn.memory, tcp, Tcp.dataOffset(syn.memory, tcp)); cursor.next();) {
            names.add(switch (cursor.kind()) {
                case TcpOption.MSS -> "mss";
                case TcpOption.SACK_PERMITTED -> "sackOK";
                case TcpOption.TIMESTAMPS -> "timestamps";
                case TcpOption.NOP -> "nop";
                case TcpOption.WINDOW_SCALE -> "wscale";
                default -> "option " + cursor.kind();
            });
        }
        return names;
    }
}
