package sluice.link;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sluice.core.LinkProperties;
import sluice.wire.Packet;

/** Writes one line for each packet that passes. For people to read: it allocates. Used by one thread. */
public final class TraceLink implements Link {
    private final Link below;
    private final Function<? super Packet, String> printer;
    private final Consumer<? super String> lines;
    private final long zeroNs;

    /**
     * Wraps {@code below}, which is closed with this.
     *
     * @param printer makes a line of a packet (it must not change it)
     * @param lines takes "12.345678 &lt; line" for packets received and "&gt;" for packets sent, seconds since {@code
     * zeroNs}
     * @param zeroNs the time shown as 0, on the host's clock
     */
    public TraceLink(Link below, Function<? super Packet, String> printer, Consumer<? super String> lines,
            long zeroNs) {
        this.below = below;
        this.printer = printer;
        this.lines = lines;
        this.zeroNs = zeroNs;
    }

    @Override
    public LinkProperties properties() {
        return below.properties();
    }

    @Override
    public boolean receive(Packet into, long nowNs) {
        boolean got = below.receive(into, nowNs);
        if (got) {
            line(into, nowNs, '<');
        }
        return got;
    }

    @Override
    public boolean transmit(Packet packet, long nowNs) {
        boolean sent = below.transmit(packet, nowNs);
        if (sent) {
            line(packet, nowNs, '>');
        }
        return sent;
    }

    private void line(Packet packet, long nowNs, char direction) {
        lines.accept(
                String.format(Locale.ROOT, "%.6f %c %s", (nowNs - zeroNs) / 1e9, direction, printer.apply(packet)));
    }

    @Override
    public long nextEventNs() {
        return below.nextEventNs();
    }

    @Override
    public void setWaiter(@Nullable LinkWaiter toWake) {
        below.setWaiter(toWake);
    }

    @Override
    public boolean isGone() {
        return below.isGone();
    }

    @Override
    public void close() {
        below.close();
    }
}
