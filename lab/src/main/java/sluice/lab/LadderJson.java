package sluice.lab;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.base.Time;
import sluice.core.tcp.data.TimerKind;
import sluice.observe.json.JsonWriter;
import sluice.observe.record.SequenceDiagram;
import sluice.sim.World;

/** The ladder of a stage as JSON, and what both ends were at each packet. What is null of a row is left out. */
final class LadderJson {
    private static final int MOST_ROWS = 300;
    /** Of a moment's row, in order. */
    private static final List<String> COLUMNS = List.of("ns", "left", "arrived", "state", "sndUna", "sndNxt", "sndWnd",
            "unsent", "cwnd", "ssthresh", "inFlight", "srttUs", "rtoUs", "rcvNxt", "rcvWnd", "lastByteRead",
            "maxRcvBuffer", "timersMs");

    private final JsonWriter w;
    private final Stage stage;
    private final SequenceDiagram diagram;

    private LadderJson(JsonWriter w, Stage stage, SequenceDiagram diagram) {
        this.w = w;
        this.stage = stage;
        this.diagram = diagram;
    }

    /** Members "ladder" and "moments" of the stage's object. */
    static void write(JsonWriter w, Stage stage, SequenceDiagram diagram) {
        new LadderJson(w, stage, diagram).write();
    }

    private void write() {
        List<SequenceDiagram.Line> all = diagram.lines();
        long since = stage.beginNs() - diagram.originNs();
        List<SequenceDiagram.Line> shown = all.stream().filter(l -> l.sentNs() >= since).toList();
        List<SequenceDiagram.Line> before = all.stream().filter(l -> l.sentNs() < since).toList();
        List<SequenceDiagram.Line> rows = shown.subList(0, Math.min(shown.size(), MOST_ROWS));
        w.key("ladder").beginObject().field("left", diagram.leftName()).field("right", diagram.rightName())
                .field("leftPort", diagram.leftPort()).field("rightPort", diagram.rightPort())
                .field("leftIsn", diagram.initialSequence(true)).field("rightIsn", diagram.initialSequence(false))
                .field("leftState", first(before, shown, true)).field("rightState", first(before, shown, false))
                .field("originNs", diagram.originNs() - World.START_NS).field("total", shown.size());
        w.key("rows").beginArray();
        rows.forEach(this::row);
        w.endArray().endObject();
        long end = Long.MIN_VALUE;
        for (SequenceDiagram.Line line : rows) {
            end = Math.max(end, line.arrivedNs() == Time.NEVER ? line.sentNs() : line.arrivedNs());
        }
        moments(rows.size() == shown.size() ? Long.MAX_VALUE : end + diagram.originNs());
    }

    /** In which state an end is at the first row: that of the last row before, or the one its first change left. */
    private static @Nullable String first(List<SequenceDiagram.Line> before, List<SequenceDiagram.Line> shown,
            boolean left) {
        for (SequenceDiagram.Line line : before.reversed()) {
            String state = state(line, left);
            if (state != null) {
                return state;
            }
        }
        for (SequenceDiagram.Line line : shown) {
            String state = state(line, left);
            if (state != null) {
                return switch (state) {
                    case "SYN-RECEIVED", "ESTAB" -> "LISTEN";
                    case "SYN-SENT" -> "CLOSED";
                    case "CLOSE-WAIT", "FIN-WAIT-1" -> "ESTAB";
                    default -> null;
                };
            }
        }
        return null;
    }

    private static @Nullable String state(SequenceDiagram.Line line, boolean left) {
        return left ? line.leftState() : line.rightState();
    }

    private void row(SequenceDiagram.Line line) {
        w.beginObject().field("sentNs", line.sentNs());
        if (line.arrivedNs() != Time.NEVER) {
            w.field("arrivedNs", line.arrivedNs());
        }
        w.field("fromLeft", line.fromLeft());
        if (line.segment() != null) {
            w.field("fate", line.fate().name().toLowerCase(Locale.ROOT));
        }
        present("segment", line.segment());
        present("note", line.note());
        present("leftState", line.leftState());
        present("rightState", line.rightState());
        present("headers", line.headers());
        if (line.segment() != null && (line.leftIsn() != diagram.initialSequence(true)
                || line.rightIsn() != diagram.initialSequence(false))) {
            w.field("leftIsn", line.leftIsn()).field("rightIsn", line.rightIsn());
        }
        w.endObject();
    }

    private void present(String name, @Nullable String value) {
        if (value != null) {
            w.field(name, value);
        }
    }

    private void moments(long untilNs) {
        w.key("moments").beginObject().field("columns", COLUMNS).key("rows").beginArray();
        for (Moment m : stage.moments()) {
            boolean left = m.host().equals(diagram.leftName());
            if (m.nowNs() <= untilNs && (left || m.host().equals(diagram.rightName()))) {
                moment(m, left, m.ends().stream().filter(e -> ofLadder(e, left)).findFirst().orElse(null));
            }
        }
        w.endArray().endObject();
    }

    private boolean ofLadder(Moment.End e, boolean left) {
        return e.localPort() == (left ? diagram.leftPort() : diagram.rightPort())
                && e.remotePort() == (left ? diagram.rightPort() : diagram.leftPort());
    }

    private void moment(Moment m, boolean left, Moment.@Nullable End e) {
        w.beginArray().value(m.nowNs() - World.START_NS).value(left ? 1 : 0).value(m.arrived() ? 1 : 0);
        if (e != null) {
            Moment.Sending s = e.snd();
            Moment.Receiving r = e.rcv();
            w.value(e.state()).value(s.una()).value(s.nxt()).value(s.wnd()).value(s.unsent()).value(s.cwnd())
                    .value(s.ssthresh() < 0 ? null : s.ssthresh()).value(s.inFlight()).value(s.srttUs())
                    .value(s.rtoUs()).value(r.nxt()).value(r.wnd()).value(r.lastByteRead()).value(r.maxRcvBuffer());
            w.beginObject();
            for (Map.Entry<TimerKind, Double> t : e.timersMs().entrySet()) {
                w.field(t.getKey().name(), Math.rint(t.getValue() * 1000) / 1000);
            }
            w.endObject();
        }
        w.endArray();
    }
}
