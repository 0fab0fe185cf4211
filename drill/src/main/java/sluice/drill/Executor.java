package sluice.drill;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.core.tcp.user.TcpSocket;
import sluice.core.trace.TraceSink;
import sluice.drill.Descriptor.Stream;
import sluice.drill.OutboundMatcher.Match;
import sluice.drill.Outcome.Attempt;
import sluice.drill.PacketSpec.TcpSegment;
import sluice.drill.Script.Event;
import sluice.wire.Packet;

/** Runs one script: event after event, in virtual time. */
final class Executor {
    private static final long BLOCKED_GRACE_NS = 2_000_000_000L;
    private final Script script;
    private final DrillOptions options;
    private final Machine machine;
    private final Sockets sockets;
    private final Flows flows;
    private final OutboundMatcher matcher;
    private final Shell shell;
    private final Python python;
    private final Ladder ladder;
    private @Nullable Pending pending;
    private @Nullable Event last;
    private long lastUs;
    private boolean started;
    private int line;

    Executor(Script script, DrillOptions options, Path directory, Ladder ladder, Machine.Watcher watcher,
            TraceSink trace) {
        this.script = script;
        this.options = options;
        this.ladder = ladder;
        machine = new Machine(options, trace, watcher);
        flows = new Flows(options);
        sockets = new Sockets(machine, options, flows);
        matcher = new OutboundMatcher(options, machine, flows, ladder, this::step);
        shell = new Shell(machine, directory, text -> ladder.note(machine.scriptUs(), text));
        python = new Python(text -> ladder.note(machine.scriptUs(), "print: " + text));
    }

    /** A blocking call that has not returned. */
    private record Pending(Event event, Action.Call call, Attempt attempt, long endUs) {}

    /** The line of the event that is being run. */
    int line() {
        return line;
    }

    void run() {
        line = 1;
        if (!script.init().isEmpty()) {
            shell.run(script.init());
        }
        for (Event e : script.events()) {
            line = e.line();
            event(e);
        }
        awaitPending();
        if (!script.cleanup().isEmpty()) {
            shell.run(script.cleanup());
        }
    }

    // --- time ---

    /** To the next thing that happens, which may be the end of a blocking call's patience. */
    private boolean step(long limitNs) {
        Pending p = pending;
        long callNs = p == null ? Long.MAX_VALUE : p.attempt.untilNs();
        boolean ends = callNs > machine.nowNs() && callNs <= limitNs;
        boolean moved = machine.step(ends ? callNs : limitNs) || ends;
        afterChange();
        return moved;
    }

    private void afterChange() {
        sockets.noteNews();
        Pending p = pending;
        if (p != null) {
            int before = line;
            line = p.event.line();
            Outcome o = p.attempt.attempt();
            machine.drain(); // a part of what was to be written leaves too
            if (o != null) {
                pending = null;
                finished(p, o);
            }
            line = before;
        }
    }

    private void finished(Pending p, Outcome o) {
        ladder.application(machine.scriptUs(),
                "… " + p.call.name() + " returns " + (o.errno() == null ? o.value() : o.errno()));
        result(p.call, o);
        long tolerance = tolerance(p.endUs - lastUs);
        if (Math.abs(machine.scriptUs() - p.endUs) > tolerance) {
            throw new FailException(p.call.name() + " returned at another time", seconds(p.endUs),
                    seconds(machine.scriptUs()));
        }
    }

    private static String seconds(long us) {
        return String.format(java.util.Locale.ROOT, "%.6f s", us / 1e6);
    }

    private long tolerance(long deltaUs) {
        return Math.max(options.toleranceUs(), (long) (deltaUs * options.tolerancePercent() / 100));
    }

    private void advance(long us) {
        long to = Machine.toNs(us);
        while (machine.nowNs() < to) {
            step(to);
        }
        while (machine.host().nextDeadlineNs() <= to && step(to)) {
            // what is due at this very moment happens first
        }
    }

    private void awaitPending() {
        Pending p = pending;
        if (p == null) {
            return;
        }
        long limit = Machine.toNs(p.endUs) + BLOCKED_GRACE_NS;
        while (pending != null && step(limit)) {
            // until it returns
        }
        if (pending != null) {
            line = p.event.line();
            throw new FailException(p.call.name() + " does not return", p.call.toString(),
                    "still blocked at " + seconds(machine.scriptUs()));
        }
    }

    // --- events ---

    private void event(Event e) {
        TimeSpec t = e.time();
        if (e.action() instanceof Action.Call) {
            awaitPending();
        }
        long base = 0;
        if (t.relative()) {
            base = inbound(last) && inbound(e) ? lastUs : started ? machine.scriptUs() : 0;
        }
        started = true;
        long us = base + t.us();
        long endUs = base + t.endUs();
        if (e.action() instanceof Action.PacketAction p && p.outbound()) {
            expect(e, p.packet(), us, endUs);
        } else {
            advance(us);
            if (machine.scriptUs() - us > tolerance(us - lastUs)) {
                throw new FailException("the event comes too late", seconds(us), seconds(machine.scriptUs()));
            }
            switch (e.action()) {
                case Action.PacketAction p -> inject(p.packet());
                case Action.Call c -> call(e, c, base);
                case Action.Command c -> {
                    shell.run(c.text());
                    machine.drain();
                }
                case Action.Code c -> code(c.text());
            }
        }
        last = e;
        lastUs = t.kind() == TimeSpec.Kind.ANY ? machine.scriptUs() : us;
    }

    private static boolean inbound(@Nullable Event e) {
        return e != null && e.action() instanceof Action.PacketAction p && !p.outbound();
    }

    private void expect(Event e, PacketSpec spec, long us, long endUs) {
        boolean any = e.time().kind() == TimeSpec.Kind.ANY;
        long until = any ? Long.MAX_VALUE : Math.max(endUs, us);
        Match m = spec instanceof TcpSegment t ? matcher.tcp(t, e, until) : matcher.other(spec, until);
        long at = Machine.toScriptUs(m.timeNs());
        ladder.outbound(at, m.text());
        if (any) {
            return;
        }
        long tolerance = tolerance(us - lastUs);
        if (at < us - tolerance || at > (e.time().range() ? endUs : us) + tolerance) {
            throw new FailException("the packet was sent at another time",
                    (e.time().range() ? seconds(us) + " … " + seconds(endUs) : seconds(us)) + "   "
                            + PacketText.of(spec),
                    seconds(at) + "   " + m.text());
        }
    }

    private void inject(PacketSpec spec) {
        Packet p = machine.buffer();
        ladder.inbound(machine.scriptUs(), PacketText.of(spec));
        switch (spec) {
            case TcpSegment t -> {
                Flow f = flows.inbound(t);
                PacketBuilder.tcp(p, f.toLive(t, options.scaledEcho()), address(f.remoteAddress), f.remotePort,
                        localAddress(f), f.localPort,
                        f.remoteIsn, f.liveLocalIsn);
            }
            case PacketSpec.Icmp i -> {
                Flow f = flows.any();
                PacketBuilder.icmp(p, i, i.quotedSeq() + f.liveLocalIsn, address(f.remoteAddress), localAddress(f),
                        f.localPort, address(f.remoteAddress),
                        f.remotePort);
            }
            case PacketSpec.UdpDatagram u ->
                PacketBuilder.udp(p, u, options.remote(), options.connectPort(), options.local(), udpPort());
        }
        machine.inject(p);
        afterChange();
    }

    private sluice.wire.IpAddress address(sluice.wire.@Nullable IpAddress a) {
        return a == null ? options.remote() : a;
    }

    private sluice.wire.IpAddress localAddress(Flow f) {
        sluice.wire.IpAddress a = f.localAddress;
        return a == null ? options.local() : a;
    }

    private int udpPort() {
        for (Descriptor d : sockets.all()) {
            if (d instanceof Descriptor.Datagrams u && u.socket.localPort() != 0) {
                return u.socket.localPort();
            }
        }
        return options.bindPort();
    }

    // --- system calls ---

    private void call(Event e, Action.Call c, long base) {
        ladder.application(machine.scriptUs(), c.toString());
        Attempt attempt = sockets.begin(c);
        Outcome o = attempt.attempt();
        machine.drain();
        boolean blocking = c.endUs() >= 0;
        long end = blocking ? base(e, base) + c.endUs() : machine.scriptUs();
        if (o == null) {
            pending = new Pending(e, c, attempt, end);
            if (!blocking) {
                // the original tool would wait for ever, too
                awaitPending();
            }
            return;
        }
        result(c, o);
        sockets.noteNews();
        if (blocking && Math.abs(machine.scriptUs() - end) > tolerance(end - lastUs)) {
            throw new FailException(c.name() + " returned at another time", seconds(end), seconds(machine.scriptUs()));
        }
    }

    private static long base(Event e, long base) {
        return e.time().relative() ? base : 0;
    }

    private void result(Action.Call c, Outcome o) {
        String wanted = c.result() + (c.errno() == null ? "" : " " + c.errno());
        Descriptor opened = o.opened();
        if (opened != null) {
            int fd = Symbols.int32(c.result());
            if (fd < 0 || c.errno() != null) {
                throw new FailException(c.name() + " should fail", wanted, "a new descriptor");
            }
            sockets.register(fd, opened);
            return;
        }
        Errno errno = o.errno();
        String actual = o.value() + (errno == null ? "" : " " + errno.name());
        if (!(c.result() instanceof Expr.Ellipsis) && Symbols.value(c.result()) != o.value()) {
            throw new FailException(c.name() + " has another result", wanted, actual);
        }
        Integer number = c.errno() == null ? null : LinuxNames.error(c.errno());
        if (number != null && (errno == null || errno.number() != number)) {
            throw new FailException(c.name() + " has another error", wanted, actual);
        }
    }

    // --- assertions ---

    private void code(String text) {
        Map<String, Object> info = info();
        if (info.isEmpty() && text.contains("tcpi_")) {
            throw new FailException("there is no socket that could be asked for TCP_INFO");
        }
        python.forget("tcpi_");
        info.forEach(python::set);
        python.run(text);
        List<String> lines = new ArrayList<>(text.lines().map(String::strip).filter(s -> !s.isEmpty()).toList());
        ladder.note(machine.scriptUs(), "%{ " + String.join("; ", lines) + " }%");
    }

    /** TCP_INFO of the socket under test; empty when there is none. */
    private Map<String, Object> info() {
        Flow f = flows.underTest();
        Descriptor d = f != null ? f.socket : sockets.newest();
        if (d instanceof Stream s && s.tcb == null) {
            return InfoVariables.of(s, machine.settings());
        }
        TcpSocket t = f == null ? null : tcb(f);
        return t == null ? Map.of() : InfoVariables.of(t.info(machine.nowNs()));
    }

    private @Nullable TcpSocket tcb(Flow f) {
        if (f.socket instanceof Stream s) {
            return s.tcb;
        }
        for (TcpSocket t : machine.host().tcp().connections()) {
            if (t.tuple.remotePort() == f.remotePort && t.tuple.remote().equals(f.remoteAddress)
                    && t.tuple.localPort() == f.localPort) {
                return t;
            }
        }
        return null;
    }
}
