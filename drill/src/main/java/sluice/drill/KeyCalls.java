package sluice.drill;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.core.tcp.auth.AoAuthentication;
import sluice.core.tcp.auth.AoKey;
import sluice.core.tcp.auth.AuthenticationKeys;
import sluice.core.tcp.auth.MacAlgorithm;
import sluice.core.tcp.user.TcpSocket;
import sluice.drill.Descriptor.Stream;
import sluice.wire.IpAddress;
import sluice.wire.Prefix;

/**
 * TCP_MD5SIG(_EXT), TCP_AO_ADD_KEY, TCP_AO_DEL_KEY, TCP_AO_INFO: structures with the field names of Linux, of which
 * those that are left out are 0. {@code addr} is a string ("10.0.0.1"), the remote address of the run when left out;
 * {@code key} is a string, its length need not be said.
 */
final class KeyCalls {
    private static final int EXCLUDE_OPTIONS = 1;
    private final Stream s;
    private final Expr.Struct in;
    private final IpAddress remote;

    private KeyCalls(Stream s, Expr.Struct in, IpAddress remote) {
        this.s = s;
        this.in = in;
        this.remote = remote;
    }

    static boolean concerns(String name) {
        return name.startsWith("TCP_MD5SIG") || name.startsWith("TCP_AO_");
    }

    private static Expr.Struct struct(String name, Expr value) {
        Expr e = value instanceof Expr.Array a && a.elements().size() == 1 ? a.elements().getFirst() : value;
        if (e instanceof Expr.Struct st) {
            return st;
        }
        throw new FailException(name + " takes a structure like {sndid=1, rcvid=2, key=\"secret\"}, not " + value);
    }

    static @Nullable Errno set(Stream s, String name, Expr value, IpAddress remote) {
        KeyCalls c = new KeyCalls(s, struct(name, value), remote);
        try {
            switch (name) {
                case "TCP_MD5SIG", "TCP_MD5SIG_EXT" -> c.keys().md5(c.peers(), c.bytes());
                case "TCP_AO_ADD_KEY" -> c.add();
                case "TCP_AO_DEL_KEY" -> {
                    c.select();
                    c.keys().deleteAo(c.peers(), c.number("sndid", 0), c.number("rcvid", 0));
                }
                case "TCP_AO_INFO" -> c.info();
                default -> throw LinuxNames.notDone("socket option", name, LinuxNames.OPTIONS);
            }
            return null;
        } catch (ErrnoException e) {
            return e.errno();
        }
    }

    private AuthenticationKeys keys() {
        AuthenticationKeys k = s.options.keys;
        if (k == null) {
            k = new AuthenticationKeys();
            s.options.keys = k;
        }
        return k;
    }

    /** TCP-AO is for the life of a connection: it cannot begin later. */
    private void add() {
        TcpSocket t = s.tcb;
        if (t != null && !(t.authentication instanceof AoAuthentication)) {
            throw new ErrnoException(Errno.EISCONN, "TCP_AO_ADD_KEY");
        }
        if (s.listener != null && number("set_current", 0) + number("set_rnext", 0) > 0) {
            throw new ErrnoException(Errno.EINVAL, "a listener has no current key");
        }
        String name = in.get("alg_name") instanceof Expr.Str text ? text.text() : "hmac(sha1)";
        MacAlgorithm algorithm = MacAlgorithm.find(name);
        if (algorithm == null) {
            throw new ErrnoException(Errno.ENOENT, name);
        }
        keys().addAo(new AoKey(peers(), number("sndid", 0), number("rcvid", 0), algorithm, number("maclen", 0),
                (number("keyflags", 0) & EXCLUDE_OPTIONS) != 0, bytes()));
        if (number("set_current", 0) != 0) {
            keys().useToSend(number("sndid", 0));
        }
        if (number("set_rnext", 0) != 0) {
            keys().askFor(number("rcvid", 0));
        }
    }

    private void select() {
        if (number("set_current", 0) != 0) {
            keys().useToSend(number("current_key", 0));
        }
        if (number("set_rnext", 0) != 0) {
            keys().askFor(number("rnext", 0));
        }
    }

    private void info() {
        if (s.listener != null && number("set_current", 0) + number("set_rnext", 0) > 0) {
            throw new ErrnoException(Errno.EINVAL, "a listener has no current key");
        }
        select();
        keys().required(number("ao_required", 0) != 0);
        keys().acceptIcmps = number("accept_icmps", 0) != 0;
    }

    private int number(String field, int otherwise) {
        Expr e = in.get(field);
        return e == null ? otherwise : Symbols.int32(e);
    }

    private byte[] bytes() {
        return in.get("key") instanceof Expr.Str text ? text.text().getBytes(StandardCharsets.UTF_8) : new byte[0];
    }

    private Prefix peers() {
        IpAddress a = in.get("addr") instanceof Expr.Str text ? Sockets.address(text.text()) : remote;
        int length = number("prefix", a.bits());
        if (length < 0 || length > a.bits()) {
            throw new ErrnoException(Errno.EINVAL, "a prefix of " + length + " bits");
        }
        return new Prefix(a, length).network();
    }

    /** getsockopt TCP_AO_INFO: the fields that the script names. */
    static Outcome get(Stream s, String name, Expr wanted) {
        TcpSocket t = s.tcb;
        if (!name.equals("TCP_AO_INFO")) {
            throw LinuxNames.notDone("socket option", name, LinuxNames.OPTIONS);
        }
        if (t == null || !(t.authentication instanceof AoAuthentication a)) {
            return Outcome.error(Errno.ENOENT);
        }
        Expr.Struct st = struct(name, wanted);
        for (String field : new String[]{"current_key", "rnext", "ao_required", "accept_icmps", "pkt_good", "pkt_bad",
            "pkt_key_not_found", "pkt_ao_required",
            "pkt_dropped_icmp"}) {
            Expr e = st.get(field);
            if (e != null && Symbols.value(e) != field(a, field)) {
                throw new FailException("getsockopt TCP_AO_INFO: " + field + " differs", e.toString(),
                        Long.toString(field(a, field)));
            }
        }
        return Outcome.ZERO;
    }

    private static long field(AoAuthentication a, String name) {
        AoKey current = a.keys().current();
        AoKey next = a.keys().receiveNext();
        return switch (name) {
            case "current_key" -> current == null ? -1 : current.sendId();
            case "rnext" -> next == null ? -1 : next.receiveId();
            case "ao_required" -> a.keys().required() ? 1 : 0;
            case "accept_icmps" -> a.keys().acceptIcmps ? 1 : 0;
            case "pkt_good" -> a.counts().good;
            case "pkt_bad" -> a.counts().bad;
            case "pkt_key_not_found" -> a.counts().keyNotFound;
            case "pkt_ao_required" -> a.counts().required;
            default -> a.counts().droppedIcmps;
        };
    }
}
