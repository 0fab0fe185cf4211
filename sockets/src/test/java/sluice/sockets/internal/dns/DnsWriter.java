package sluice.sockets.internal.dns;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import sluice.wire.IpAddress;

/** Writes answers, with names compressed as servers do: written apart from the reader that is tested with it. */
public final class DnsWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Map<String, Integer> known = new HashMap<>();
    private final int[] counts = new int[4];
    private int section;

    /** An answer to {@code query}, with its id and question. */
    public static DnsWriter answer(DnsMessage query, int flags) {
        DnsMessage.Question q = query.question();
        return new DnsWriter(query.id(), Dns.QR | Dns.RD | Dns.RA | flags).question(q.name().toString(), q.type());
    }

    /** A message with this header and nothing in it. */
    public DnsWriter(int id, int flags) {
        u16(id);
        u16(flags);
        u16(0);
        u16(0);
        u16(0);
        u16(0);
    }

    public DnsWriter question(String name, int type) {
        name(name);
        u16(type);
        u16(Dns.IN);
        counts[0]++;
        return this;
    }

    public DnsWriter address(String owner, long ttl, String address) {
        IpAddress a = IpAddress.parse(address);
        record(owner, a.isV4() ? Dns.A : Dns.AAAA, ttl, a.bits() / 8);
        for (int i = a.bits() - 8; i >= 0; i -= 8) {
            out.write((int) ((i >= 64 ? a.high() : a.low()) >>> i % 64));
        }
        return this;
    }

    /** CNAME, PTR. */
    public DnsWriter target(String owner, int type, long ttl, String target) {
        DnsWriter data = new DnsWriter(0, 0);
        data.out.reset();
        int at = header(owner, type, ttl);
        data.base(at + 2, known);
        data.name(target);
        u16(data.out.size());
        out.writeBytes(data.out.toByteArray());
        return this;
    }

    public DnsWriter soa(String owner, long ttl, long minimum) {
        section = 2;
        record(owner, Dns.SOA, ttl, 22);
        out.write(0);
        out.write(0);
        u32(1);
        u32(2);
        u32(3);
        u32(4);
        u32(minimum);
        return this;
    }

    public DnsWriter text(String owner, byte[] data) {
        record(owner, 16, 60, data.length);
        out.writeBytes(data);
        return this;
    }

    public DnsWriter opt(int extendedRcode) {
        section = 3;
        out.write(0);
        u16(Dns.OPT);
        u16(4096);
        u32((long) extendedRcode << 24);
        u16(0);
        counts[3]++;
        return this;
    }

    /** What follows is additional. */
    public DnsWriter additional() {
        section = 3;
        return this;
    }

    public byte[] bytes() {
        byte[] b = out.toByteArray();
        for (int i = 0; i < 4; i++) {
            b[4 + 2 * i] = (byte) (counts[i] >> 8);
            b[5 + 2 * i] = (byte) counts[i];
        }
        return b;
    }

    private int origin;

    private void base(int at, Map<String, Integer> names) {
        origin = at;
        known.putAll(names);
    }

    private int header(String owner, int type, long ttl) {
        if (section == 0) {
            section = 1;
        }
        counts[section]++;
        name(owner);
        u16(type);
        u16(Dns.IN);
        u32(ttl);
        return out.size();
    }

    private void record(String owner, int type, long ttl, int length) {
        header(owner, type, ttl);
        u16(length);
    }

    private void name(String name) {
        String rest = name.equals(".") ? "" : name;
        while (!rest.isEmpty()) {
            Integer before = known.get(rest);
            if (before != null) {
                u16(0xc000 | before);
                return;
            }
            known.put(rest, origin + out.size());
            int dot = rest.indexOf('.');
            String label = dot < 0 ? rest : rest.substring(0, dot);
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.ISO_8859_1));
            rest = dot < 0 ? "" : rest.substring(dot + 1);
        }
        out.write(0);
    }

    private void u16(int value) {
        out.write(value >> 8);
        out.write(value);
    }

    private void u32(long value) {
        u16((int) (value >> 16) & 0xffff);
        u16((int) value & 0xffff);
    }
}
