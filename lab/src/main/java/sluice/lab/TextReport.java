package sluice.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import sluice.observe.print.SequenceDiagramPrinter;
import sluice.observe.record.SequenceDiagram;
import sluice.sim.SimHost;
import sluice.sim.World;

/** A {@link Result} for a terminal. */
public final class TextReport {
    private static final int COLUMNS = 110;
    private static final int LABEL = 62;
    private static final int VALUE = 26;

    private final Language language;
    private final int mostRows;
    private final boolean absolute;

    /**
     * How results are shown.
     *
     * @param mostRows of a ladder; what is more is in the capture
     * @param absolute whether sequence numbers are written as they are on the wire
     */
    public TextReport(Language language, int mostRows, boolean absolute) {
        this.language = language;
        this.mostRows = mostRows;
        this.absolute = absolute;
    }

    private String say(String en, String zh) {
        return language == Language.ZH ? zh : en;
    }

    /** Everything: what it demonstrates, what happened, what was asserted, where the captures are. */
    public String full(Result r, List<Path> files) {
        StringBuilder out = new StringBuilder();
        About a = r.about();
        out.append(a.id()).append("  ·  ").append(a.chapter().letter()).append(' ')
                .append(a.chapter().title().in(language)).append('\n').append(a.title().in(language)).append("\n\n")
                .append(Columns.wrap(a.says().in(language), COLUMNS, "")).append('\n');
        if (!r.gap().isEmpty()) {
            out.append(Columns.wrap(r.gap().in(language), COLUMNS, "")).append('\n');
        }
        if (!r.variation().asWritten()) {
            out.append(say("changed: ", "改动：")).append(r.variation().words()).append('\n');
        }
        r.stages().forEach(s -> stage(out, s));
        out.append('\n').append(checks(r));
        for (Text note : r.notes()) {
            String text = note.in(language);
            // A table keeps its lines.
            out.append(text.contains("\n") ? text.indent(2) : Columns.wrap(text, COLUMNS, "  ") + '\n');
        }
        if (!files.isEmpty()) {
            out.append('\n').append(say("files: ", "文件："))
                    .append(files.stream().map(Path::toString).collect(Collectors.joining(" "))).append('\n');
        }
        return out.append(summary(r)).append('\n').toString();
    }

    private void stage(StringBuilder out, Stage s) {
        out.append('\n');
        if (!s.title().isEmpty()) {
            out.append("── ").append(s.title().in(language)).append(" ──\n");
        }
        s.network().stream().limit(4).forEach(line -> out.append("   ").append(line).append('\n'));
        if (s.network().size() > 4) {
            out.append("   … ").append(s.network().size()).append(say(" links in all", " 条链路")).append('\n');
        }
        s.settings().forEach((host, all) -> {
            if (!all.isEmpty()) {
                out.append("   ").append(host).append(": ").append(String.join(", ", all)).append('\n');
            }
        });
        SequenceDiagram d = s.diagram();
        if (d != null) {
            ladder(out, s, absolute ? d.absolute() : d);
        }
        out.append(WindowText.of(s.windows(), language));
        for (Plot p : s.plots()) {
            out.append('\n').append(p.title().in(language)).append('\n')
                    .append(TextPlot.of(p.lines(), World.START_NS));
        }
        counters(out, s);
    }

    private void ladder(StringBuilder out, Stage s, SequenceDiagram d) {
        List<SequenceDiagram.Line> lines = d.lines();
        if (lines.isEmpty()) {
            return;
        }
        String all = SequenceDiagramPrinter.print(d);
        List<String> rows = all.lines().toList();
        long since = s.beginNs() - d.originNs();
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).sentNs() >= since) {
                shown.add(rows.get(i + 1));
            }
        }
        out.append('\n').append(rows.getFirst()).append('\n');
        shown.stream().limit(mostRows).forEach(row -> out.append(row).append('\n'));
        if (shown.size() > mostRows) {
            out.append(String.format(Locale.ROOT, say("%11s  … %d rows more (--rows %d shows all)%n",
                    "%11s  … 还有 %d 行（--rows %d 全部显示）%n"), "", shown.size() - mostRows, shown.size()));
        }
        if (!absolute) {
            out.append(String.format(Locale.ROOT,
                    say("%11s  numbers count from the initial ones: %s ISN = %d, %s ISN = %d%n",
                            "%11s  序号相对于初始序号：%s ISN = %d，%s ISN = %d%n"),
                    "", d.leftName(), d.initialSequence(true), d.rightName(), d.initialSequence(false)));
        }
    }

    private void counters(StringBuilder out, Stage s) {
        for (SimHost h : s.world().hosts().stream().limit(2).toList()) {
            String moved = s.counters(h).entrySet().stream().filter(e -> e.getKey().startsWith("TcpExt"))
                    .map(e -> e.getKey().substring(6) + " " + e.getValue()).collect(Collectors.joining(", "));
            if (!moved.isEmpty()) {
                out.append(Columns.wrap(h.name() + say(" counted: ", " 计数器：") + moved, COLUMNS, "   ")).append('\n');
            }
        }
    }

    /** What was asserted, one line each. */
    public String checks(Result r) {
        StringBuilder out = new StringBuilder();
        out.append("  ").append(Columns.pad(say("asserted", "断言"), LABEL + 2))
                .append(Columns.pad(say("document says", "文档"), VALUE)).append(say("measured", "实测")).append('\n');
        for (Check c : r.checks()) {
            String sign = switch (c.verdict()) {
                case HOLDS -> c.standard() == null ? "✓ " : "≠ ";
                case FAILS -> "✗ ";
                case OFF -> "○ ";
            };
            String standard = c.standard();
            String document = standard == null ? value(c.document())
                    : c.document() + say("; standard ", "；标准 ") + standard;
            out.append("  ").append(sign).append(Columns.pad(c.what().in(language), LABEL)).append(' ')
                    .append(Columns.pad(document, VALUE - 1)).append(' ').append(value(c.measured()))
                    .append('\n');
            if (!c.why().isEmpty()) {
                out.append(Columns.wrap(c.why().in(language), COLUMNS - 6, "      ")).append('\n');
            }
        }
        return out.toString();
    }

    private String value(String text) {
        return text.equals("yes") ? say("yes", "是") : text.equals("no") ? say("no", "否") : text;
    }

    /** How it ended, in a line. */
    public String summary(Result r) {
        String ended = r.ended();
        long off = r.count(Check.Verdict.OFF);
        String text = r.passed() ? say("holds", "成立") : say("FAILED", "不成立");
        if (off > 0 || !r.variation().asWritten()) {
            text = say("assertions are off: the conditions were changed (", "断言已关闭：条件被改动（")
                    + r.variation().words() + say(")", "）");
        }
        return r.about().id() + ": " + text + ", " + r.count(Check.Verdict.HOLDS) + say(" of ", " / ")
                + r.checks().size() + say(" assertions hold", " 条断言成立")
                + (ended == null ? "" : say("; the script did not come to its end: ", "；脚本没有走完：") + ended);
    }
}
