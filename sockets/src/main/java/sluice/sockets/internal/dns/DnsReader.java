package sluice.sockets.internal.dns;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.wire.IpAddress;

/**
 * Reads a message. Whatever the bytes are, the outcome is a message or null, in time and memory bounded by their
 * number: a pointer inside a name must lead to before the piece that it ends, so that there is no loop, and each record
 * takes eleven bytes at least.
 */
public final class DnsReader {
    private static final long TTL_SIGN = 1L << 31;
    private static final int POINTER = 0xc0;
    /** As many as the longest name has labels: nobody needs more. */
    private static final int MOST_POINTERS = 127;

    private final byte[] message;
    private final int length;
    private final byte[] nameBytes = new byte[DnsName.MAX_BYTES];
    private int at;
    /** Set by the first thing that is wrong; what is read afterwards is 0. */
    private boolean bad;

    private DnsReader(byte[] message, int length) {
        this.message = message;
        this.length = length;
    }

    /**
     * The message in the first {@code length} bytes.
     *
     * @return null when it is none; of one that is marked as cut off the records that are whole
     */
    public static @Nullable DnsMessage read(byte[] message, int length) {
        return new DnsReader(message, Math.min(length, message.length)).message();
    }

    private @Nullable DnsMessage message() {
        int id = u16();
        int flags = u16();
        int questions = u16();
        int answerCount = u16();
        int authorityCount = u16();
        int additionalCount = u16();
        DnsMessage.Question first = null;
        for (int i = 0; i < questions && !bad; i++) {
            DnsName name = name();
            int type = u16();
            int dnsClass = u16();
            if (name != null && first == null) {
                first = new DnsMessage.Question(name, type, dnsClass);
            }
        }
        if (bad) {
            return null;
        }
        List<DnsRecord> answers = records(answerCount);
        List<DnsRecord> authority = records(authorityCount);
        List<DnsRecord> additional = records(additionalCount);
        if (bad && (flags & Dns.TC) == 0) {
            return null;
        }
        int rcode = flags & 0xf;
        for (DnsRecord r : additional) {
            if (r.type() == Dns.OPT) {
                rcode |= (int) (r.ttlSeconds() >>> 24) << 4; // RFC 6891 6.1.3
                break;
            }
        }
        return new DnsMessage(id, flags, rcode, questions, first, answers, authority, additional);
    }

    private List<DnsRecord> records(int count) {
        List<DnsRecord> list = new ArrayList<>();
        for (int i = 0; i < count && !bad; i++) {
            DnsRecord r = record();
            if (r != null) {
                list.add(r);
            }
        }
        return List.copyOf(list);
    }

    private @Nullable DnsRecord record() {
        DnsName name = name();
        int type = u16();
        int dnsClass = u16();
        long ttl = u32();
        int dataLength = u16();
        int end = at + dataLength;
        if (bad || name == null || end > length) {
            bad = true;
            return null;
        }
        DnsData data = dnsClass == Dns.IN ? data(type, dataLength) : new DnsData.Other(dataLength);
        if (data instanceof DnsData.Other) {
            at = end;
        }
        if (bad || data == null || at != end) {
            bad = true;
            return null;
        }
        return new DnsRecord(name, type, dnsClass, type != Dns.OPT && ttl >= TTL_SIGN ? 0 : ttl, data);
    }

    /** What the record says; null when it is wrong. */
    private @Nullable DnsData data(int type, int dataLength) {
        return switch (type) {
            case Dns.A -> dataLength == 4 ? ipv4() : null;
            case Dns.AAAA -> dataLength == 16 ? ipv6() : null;
            case Dns.CNAME, Dns.PTR -> target();
            case Dns.SOA -> authority();
            default -> new DnsData.Other(dataLength);
        };
    }

    private DnsData ipv4() {
        return new DnsData.Address(IpAddress.ofV4((int) u32()));
    }

    private @Nullable DnsData target() {
        DnsName target = name();
        return target == null ? null : new DnsData.Target(target);
    }

    private DnsData authority() {
        name();
        name();
        skip(16); // serial, refresh, retry, expire
        return new DnsData.Authority(u32());
    }

    private DnsData ipv6() {
        ByteBuffer b = ByteBuffer.wrap(message, at, 16);
        at += 16;
        return new DnsData.Address(new IpAddress(b.getLong(), b.getLong()));
    }

    /** A name, followed through its pointers (RFC 1035 4.1.4); null when it is none. */
    private @Nullable DnsName name() {
        int n = 0;
        int from = at;
        int before = at; // where the next pointer must lead to before
        int pointers = 0;
        while (!bad && from < length) {
            int b = message[from] & 0xff;
            if (b == 0) {
                nameBytes[n] = 0;
                at = pointers > 0 ? at : from + 1;
                return DnsName.ofChecked(nameBytes, n + 1);
            }
            if (b >= POINTER) {
                int to = from + 1 < length ? (b & ~POINTER) << 8 | message[from + 1] & 0xff : before;
                if (to >= before || pointers == MOST_POINTERS) {
                    break;
                }
                at = pointers > 0 ? at : from + 2;
                pointers++;
                before = to;
                from = to;
            } else if (b > DnsName.MAX_LABEL || from + 1 + b > length || n + 1 + b + 1 > DnsName.MAX_BYTES) {
                break;
            } else {
                System.arraycopy(message, from, nameBytes, n, 1 + b);
                n += 1 + b;
                from += 1 + b;
            }
        }
        bad = true;
        return null;
    }

    private void skip(int bytes) {
        if (bad || bytes > length - at) {
            bad = true;
        } else {
            at += bytes;
        }
    }

    private int u16() {
        int start = at;
        skip(2);
        return bad ? 0 : (message[start] & 0xff) << 8 | message[start + 1] & 0xff;
    }

    private long u32() {
        long high = u16();
        long low = u16();
        return bad ? 0 : high << 16 | low;
    }
}
