package sluice.drill;

import java.util.ArrayList;
import java.util.List;
import sluice.base.Errno;
import sluice.core.Pollable;
import sluice.core.tcp.data.SendReports;
import sluice.core.tcp.user.TcpSocket;
import sluice.drill.Descriptor.Epoll;
import sluice.drill.Descriptor.Epoll.Watch;
import sluice.drill.Descriptor.Stream;
import sluice.drill.Outcome.Attempt;

/** Waiting: poll and epoll. */
final class PollCalls {
    private static final int ALWAYS = Symbols.POLLERR | Symbols.POLLHUP;
    private static final int CTL_ADD = 1;
    private static final int CTL_DEL = 2;
    private final Sockets sockets;

    PollCalls(Sockets sockets) {
        this.sockets = sockets;
    }

    Attempt begin(Action.Call call) {
        return switch (call.name()) {
            case "poll" -> poll(call);
            case "epoll_create", "epoll_create1" -> () -> Outcome.opened(new Epoll());
            case "epoll_ctl" -> () -> control(call);
            default -> await(call);
        };
    }

    /** Readiness in poll's bits. */
    static int events(Descriptor d) {
        int r = d.readiness();
        int e = 0;
        e |= (r & Pollable.READABLE) != 0 ? Symbols.POLLIN | 0x40 : 0;
        e |= (r & Pollable.WRITABLE) != 0 ? Symbols.POLLOUT | 0x100 : 0;
        e |= (r & Pollable.URGENT) != 0 ? Symbols.POLLPRI : 0;
        e |= (r & Pollable.READ_HANGUP) != 0 ? Symbols.POLLRDHUP : 0;
        e |= (r & Pollable.HANGUP) != 0 ? Symbols.POLLHUP : 0;
        e |= (r & Pollable.ERROR) != 0 ? Symbols.POLLERR : 0;
        return e;
    }

    private Attempt poll(Action.Call call) {
        if (!(Sockets.argument(call, 0) instanceof Expr.Array list)) {
            throw new FailException("poll needs an array of structures");
        }
        if (Symbols.value(Sockets.argument(call, 1)) != list.elements().size()) {
            throw new FailException("poll: the array has another number of elements",
                    Sockets.argument(call, 1).toString(), Integer.toString(list.elements().size()));
        }
        long until = until(Sockets.argument(call, 2));
        Attempt waiting = () -> {
            int ready = 0;
            List<Integer> results = new ArrayList<>();
            for (Expr e : list.elements()) {
                Expr.Struct s = structure(e);
                int wanted = (int) field(s, "events") | ALWAYS;
                int found = events(sockets.descriptor(field(s, "fd"))) & wanted;
                results.add(found);
                ready += found != 0 ? 1 : 0;
            }
            if (ready == 0 && sockets.machine.nowNs() < until) {
                return null;
            }
            for (int i = 0; i < results.size(); i++) {
                long wanted = field(structure(list.elements().get(i)), "revents");
                if (wanted != results.get(i)) {
                    throw new FailException("poll: revents differ", "0x" + Long.toHexString(wanted),
                            "0x" + Integer.toHexString(results.get(i)));
                }
            }
            return Outcome.of(ready);
        };
        return waiting.until(until);
    }

    /** When a timeout of so many milliseconds is over, negative for never. */
    private long until(Expr timeout) {
        int ms = Symbols.int32(timeout);
        return ms < 0 ? Long.MAX_VALUE : sockets.machine.nowNs() + ms * 1_000_000L;
    }

    private static Expr.Struct structure(Expr e) {
        if (e instanceof Expr.Struct s) {
            return s;
        }
        throw new FailException("a structure is needed in place of " + e);
    }

    private static long field(Expr.Struct s, String name) {
        Expr e = s.get(name);
        if (e == null) {
            throw new FailException("the structure " + s + " has no " + name);
        }
        return Symbols.value(e);
    }

    private Epoll epoll(Action.Call call) {
        if (sockets.descriptor(call, 0) instanceof Epoll e) {
            return e;
        }
        throw new sluice.base.ErrnoException(Errno.EINVAL, "epoll");
    }

    private Outcome control(Action.Call call) {
        Epoll e = epoll(call);
        long operation = Symbols.value(Sockets.argument(call, 1));
        int fd = Symbols.int32(Sockets.argument(call, 2));
        Descriptor target = sockets.descriptor(fd);
        if (operation == CTL_DEL) {
            return e.watches.remove(fd) == null ? Outcome.error(Errno.ENOENT) : Outcome.ZERO;
        }
        Expr.Struct s = structure(Sockets.argument(call, 3));
        Watch w = new Watch(target, (int) field(s, "events"));
        s.fields().stream().filter(f -> !f.name().equals("events"))
                .forEach(f -> w.data = Symbols.value(f.value()) & mask(f.name()));
        if (operation != CTL_ADD && !e.watches.containsKey(fd)) {
            return Outcome.error(Errno.ENOENT);
        }
        w.newsSeen = -1;
        e.watches.put(fd, w);
        return Outcome.ZERO;
    }

    /** The bits of the event's data that a member of the union has. */
    private static long mask(String member) {
        return switch (member) {
            case "fd", "u32" -> 0xffff_ffffL;
            case "u64", "ptr", "events" -> -1;
            default -> throw new FailException("an epoll_event has no " + member);
        };
    }

    private Attempt await(Action.Call call) {
        int room = Symbols.int32(Sockets.argument(call, 2));
        long until = until(Sockets.argument(call, 3));
        Attempt waiting = () -> {
            List<Watch> ready = new ArrayList<>();
            for (Watch w : epoll(call).watches.values()) {
                if (ready.size() < room && report(w) != 0) {
                    ready.add(w);
                }
            }
            if (ready.isEmpty() && sockets.machine.nowNs() < until) {
                return null;
            }
            compare(Sockets.argument(call, 1), ready);
            for (Watch w : ready) {
                w.reported = report(w);
                w.newsSeen = news(w.target);
                w.disabled = (w.events & Symbols.EPOLLONESHOT) != 0;
            }
            return Outcome.of(ready.size());
        };
        return waiting.until(until);
    }

    private static int report(Watch w) {
        if (w.disabled) {
            return 0;
        }
        int found = events(w.target) & (w.events | ALWAYS);
        boolean edge = (w.events & (int) Symbols.EPOLLET) != 0;
        return edge && w.newsSeen == news(w.target) && (found & ~w.reported) == 0 ? 0 : found;
    }

    /** A number that changes when something arrives or room appears. */
    private static long news(Descriptor d) {
        if (d instanceof Stream s) {
            TcpSocket t = s.tcb;
            if (t == null) {
                return 0;
            }
            SendReports r = t.reports();
            return (r == null ? 0 : r.total() * 1009) + t.totals.bytesReceived * 31 + (t.fin.received ? 1 : 0)
                    + t.state().ordinal() * 7L + (t.error != null ? 3 : 0);
        }
        return 0;
    }

    private static void compare(Expr expected, List<Watch> ready) {
        List<Expr> wanted = expected instanceof Expr.Array a ? a.elements() : List.of(expected);
        for (int i = 0; i < ready.size() && i < wanted.size(); i++) {
            Expr.Struct s = structure(wanted.get(i));
            long events = field(s, "events") & 0xffff_ffffL;
            long actual = report(ready.get(i)) & 0xffff_ffffL;
            if (events != actual) {
                throw new FailException("epoll_wait: events differ", "0x" + Long.toHexString(events),
                        "0x" + Long.toHexString(actual));
            }
            for (Expr.Field f : s.fields()) {
                long data = ready.get(i).data & mask(f.name());
                if (!f.name().equals("events") && (Symbols.value(f.value()) & mask(f.name())) != data) {
                    throw new FailException("epoll_wait: " + f.name() + " differs", f.value().toString(),
                            Long.toString(data));
                }
            }
        }
    }

    /** A descriptor was closed: nobody watches it any more. */
    void closed(Descriptor d) {
        for (Descriptor other : sockets.all()) {
            if (other instanceof Epoll e) {
                e.watches.values().removeIf(w -> w.target == d);
            }
        }
    }

    /** Readiness that went away may come back as news. */
    void noteNews(List<Descriptor> all) {
        for (Descriptor d : all) {
            if (d instanceof Epoll e) {
                e.watches.values().forEach(w -> w.reported &= events(w.target));
            }
        }
    }
}
