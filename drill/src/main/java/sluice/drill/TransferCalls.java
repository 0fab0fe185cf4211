package sluice.drill;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.core.Pollable;
import sluice.core.tcp.user.TcpSocket;
import sluice.drill.Descriptor.Datagrams;
import sluice.drill.Descriptor.Stream;
import sluice.drill.Outcome.Attempt;

/** Reading and writing. */
final class TransferCalls {
    private static final int SENT_FLAGS = Symbols.MSG_OOB | Symbols.MSG_MORE | Symbols.MSG_EOR;
    private static final int KNOWN_FLAGS = SENT_FLAGS | Symbols.MSG_DONTWAIT | Symbols.MSG_NOSIGNAL | Symbols.MSG_PEEK
            | Symbols.MSG_WAITALL
            | Symbols.MSG_TRUNC | Symbols.MSG_FASTOPEN | Symbols.MSG_ZEROCOPY;
    /** The longest buffer of a call. */
    private static final long MAX_BYTES = 1 << 28;
    private final Sockets sockets;

    TransferCalls(Sockets sockets) {
        this.sockets = sockets;
    }

    Attempt begin(Action.Call call) {
        Descriptor d;
        try {
            d = sockets.descriptor(call, 0);
        } catch (sluice.base.ErrnoException e) {
            return () -> Outcome.error(e.errno());
        }
        Request r = request(call);
        boolean out = call.name().startsWith("write") || call.name().startsWith("send");
        if ((r.flags & Symbols.MSG_ERRQUEUE) != 0 && !out) {
            return ErrorQueue.receive(d, r.message, sockets);
        }
        if ((r.flags & Symbols.MSG_ZEROCOPY) != 0 && r.vectors > ErrorQueue.MAX_FRAGMENTS) {
            throw new SkipException("zero-copy vectors of more than " + ErrorQueue.MAX_FRAGMENTS
                    + " parts, as a kernel's buffers count fragments");
        }
        if ((r.flags & ~KNOWN_FLAGS) != 0) {
            throw new SkipException("flags " + Long.toHexString(r.flags) + " of " + call.name() + " are not done");
        }
        if (r.nowhere && r.length > 0 && !(d instanceof Stream s && out && FastOpenCalls.concerns(s, r.flags))) {
            return () -> Outcome.error(Errno.EFAULT);
        }
        return switch (d) {
            case Stream s -> out ? send(s, r) : receive(s, r);
            case Datagrams u -> out ? sendDatagram(u, r) : receiveDatagram(u, r);
            case Descriptor.Epoll e -> () -> Outcome.error(Errno.EINVAL);
        };
    }

    /**
     * What a call asks for.
     *
     * @param nowhere the buffer is NULL
     * @param vectors parts of the buffer
     * @param message the message header, or null
     * @param to the address argument, or null
     */
    private record Request(int length, int flags, boolean nowhere, int vectors, Expr.@Nullable Struct message,
            @Nullable Expr to) {}

    private static Request request(Action.Call call) {
        String name = call.name();
        if (name.endsWith("msg")) {
            if (Sockets.argument(call, 1) instanceof Expr.Struct m) {
                Expr list = m.get("msg_iov");
                int parts = list instanceof Expr.Array a ? a.elements().size() : 1;
                return new Request(vectors(list), Symbols.int32(Sockets.argument(call, 2)), false, parts, m,
                        m.get("msg_name"));
            }
            throw new FailException(name + " needs a message header");
        }
        if (name.equals("readv") || name.equals("writev")) {
            Expr list = Sockets.argument(call, 1);
            if (list instanceof Expr.Array a && Symbols.value(Sockets.argument(call, 2)) != a.elements().size()) {
                throw new FailException(name + ": the array has another number of elements",
                        Sockets.argument(call, 2).toString(), Integer.toString(a.elements().size()));
            }
            return new Request(vectors(Sockets.argument(call, 1)), 0, false, 1, null, null);
        }
        long length = length(Sockets.argument(call, 2));
        boolean nowhere = Sockets.argument(call, 1) instanceof Expr.Word w && w.name().equals("NULL");
        int flags = name.equals("read") || name.equals("write") ? 0 : Symbols.int32(Sockets.argument(call, 3));
        return new Request((int) length, flags, nowhere, 1, null,
                name.equals("sendto") ? Sockets.argument(call, 4) : null);
    }

    private static long length(Expr e) {
        long length = Symbols.value(e);
        if (length < 0 || length > MAX_BYTES) {
            throw new FailException("a buffer has 0 to " + MAX_BYTES + " bytes here, not " + length);
        }
        return length;
    }

    private static int vectors(@Nullable Expr e) {
        int sum = 0;
        if (e instanceof Expr.Array a) {
            for (Expr v : a.elements()) {
                if (!(v instanceof Expr.Struct s) || s.fields().size() != 2) {
                    throw new FailException("a vector is written {..., length}, not " + v);
                }
                sum = Math.toIntExact(length(new Expr.Num(sum + length(s.fields().get(1).value()))));
            }
        }
        return sum;
    }

    private Attempt send(Stream s, Request r) {
        int[] done = new int[1];
        boolean[] waited = new boolean[1];
        boolean[] fast = {FastOpenCalls.concerns(s, r.flags)};
        boolean[] opening = new boolean[1];
        return () -> {
            if (fast[0]) {
                fast[0] = false;
                FastOpenCalls.Begun b = new FastOpenCalls(sockets).begin(s, r.to, r.length, r.nowhere, waits(s, r));
                Outcome o = b.outcome();
                if (o != null) {
                    TcpSocket opened = s.tcb;
                    return opened != null && o.errno() == null && o.value() > 0 ? written(opened, r, (int) o.value())
                            : o;
                }
                done[0] = b.taken();
                opening[0] = s.connecting;
            }
            TcpSocket t = s.tcb;
            if (opening[0] && t != null && !t.inHandshake()) {
                opening[0] = false;
                Outcome o = FastOpenCalls.ended(s, t);
                if (o != null) {
                    return o;
                }
            }
            if (t == null) {
                return Outcome.error(s.connected || s.listener == null ? Errno.EPIPE : Errno.ENOTCONN);
            }
            boolean wait = waits(s, r);
            if (t.inHandshake()) {
                t.writerWaits |= wait && done[0] < r.length;
                return wait ? null : Outcome.error(Errno.EAGAIN);
            }
            t.writerWaits = false;
            if (waited[0] && (t.readiness() & (Pollable.WRITABLE | Pollable.ERROR | Pollable.HANGUP)) == 0) {
                return null;
            }
            int left = r.length - done[0];
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment data = arena.allocate(Math.max(1, left));
                done[0] += left == 0 ? 0 : t.send(data, 0, left, r.flags & SENT_FLAGS, sockets.machine.nowNs());
            } catch (sluice.base.ErrnoException e) {
                if (done[0] == 0) {
                    throw e;
                }
                return written(t, r, done[0]);
            }
            if (done[0] == r.length) {
                return written(t, r, done[0]);
            }
            waited[0] = true;
            return wait ? null : done[0] > 0 ? written(t, r, done[0]) : Outcome.error(Errno.EAGAIN);
        };
    }

    private static boolean waits(Stream s, Request r) {
        return !s.nonBlocking && (r.flags & Symbols.MSG_DONTWAIT) == 0;
    }

    private Outcome written(TcpSocket t, Request r, int bytes) {
        t.wrote(bytes, (r.flags & Symbols.MSG_ZEROCOPY) != 0, sockets.machine.nowNs());
        return Outcome.of(bytes);
    }

    private Attempt receive(Stream s, Request r) {
        int[] done = new int[1];
        return () -> {
            TcpSocket t = s.tcb;
            if (t == null) {
                return Outcome.error(Errno.ENOTCONN);
            }
            boolean wait = waits(s, r);
            if (t.inHandshake()) {
                return wait ? null : Outcome.error(Errno.EAGAIN);
            }
            int left = r.length - done[0];
            int n;
            try (Arena arena = Arena.ofConfined()) {
                n = t.receive(arena.allocate(Math.max(1, left)), 0, left,
                        r.flags & (Symbols.MSG_PEEK | Symbols.MSG_OOB), sockets.machine.nowNs());
            }
            done[0] += Math.max(0, n);
            if (n == 0 && left > 0 && done[0] == 0) {
                return wait ? null : Outcome.error(Errno.EAGAIN);
            }
            if (n > 0 && (r.flags & Symbols.MSG_WAITALL) != 0 && done[0] < r.length && wait) {
                return null;
            }
            check(s, t, r.message);
            flags(r.message, r.flags & Symbols.MSG_OOB);
            return Outcome.of(done[0]);
        };
    }

    /** Compares the flags of a message that was received, where the script names them. */
    private static void flags(Expr.@Nullable Struct message, long actual) {
        Expr wanted = message == null ? null : message.get("msg_flags");
        if (wanted != null && !(wanted instanceof Expr.Ellipsis) && Symbols.value(wanted) != actual) {
            throw new FailException("recvmsg: msg_flags differ", wanted.toString(), "0x" + Long.toHexString(actual));
        }
    }

    /** Compares control messages with those expected. */
    private static void check(Stream s, TcpSocket t, Expr.@Nullable Struct message) {
        if (message == null) {
            return;
        }
        Expr control = message.get("msg_control");
        List<Expr> wanted = control instanceof Expr.Array a ? a.elements() : List.of();
        if (wanted.isEmpty() != !s.reportUnread) {
            throw new FailException("recvmsg: control messages differ", String.valueOf(control),
                    s.reportUnread ? "TCP_CM_INQ" : "none");
        }
        for (Expr e : wanted) {
            Expr type = e instanceof Expr.Struct c ? c.get("cmsg_type") : null;
            Expr data = e instanceof Expr.Struct c ? c.get("cmsg_data") : null;
            if (type == null || data == null || Symbols.value(type) != 36) {
                throw new SkipException("the control message " + e + " is not done");
            }
            Expr level = ((Expr.Struct) e).get("cmsg_level");
            if (level != null && Symbols.value(level) != Seen.TCP) {
                throw new FailException("recvmsg: cmsg_level differs", level.toString(), "SOL_TCP");
            }
            long unread = t.available();
            long actual = unread == 0 && t.fin.received ? 1 : unread;
            if (Symbols.value(data) != actual) {
                throw new FailException("recvmsg: TCP_CM_INQ differs", data.toString(), Long.toString(actual));
            }
        }
    }

    private Attempt sendDatagram(Datagrams u, Request r) {
        return () -> {
            try (Arena arena = Arena.ofConfined()) {
                boolean nobody = u.socket.remoteAddress() == null;
                Expr name = r.to;
                if (nobody && name == null) {
                    return Outcome.error(Errno.EDESTADDRREQ);
                }
                Sockets.Endpoint to = nobody || name instanceof Expr.Struct
                        ? sockets.endpoint(name == null ? new Expr.Ellipsis() : name, sockets.options.connectAddress(),
                                sockets.options.connectPort())
                        : null;
                u.socket.send(arena.allocate(Math.max(1, r.length)), 0, r.length, to == null ? null : to.address(),
                        to == null ? 0 : to.port(), sockets.machine.nowNs());
                return Outcome.of(r.length);
            }
        };
    }

    private Attempt receiveDatagram(Datagrams u, Request r) {
        return () -> {
            try (Arena arena = Arena.ofConfined()) {
                sluice.core.udp.UdpReceived d = u.socket.receive(arena.allocate(Math.max(1, r.length)), 0, r.length);
                if (d == null) {
                    return u.nonBlocking || (r.flags & Symbols.MSG_DONTWAIT) != 0 ? Outcome.error(Errno.EAGAIN) : null;
                }
                flags(r.message, d.fullLength > d.length ? Symbols.MSG_TRUNC : 0);
                return Outcome.of((r.flags & Symbols.MSG_TRUNC) != 0 ? d.fullLength : d.length);
            }
        };
    }
}
