package sluice.lab;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.sim.Decimals;
import sluice.sim.SimFailure;

/**
 * Where an experiment runs: makes its stages and keeps what it asserts. An assertion that fails is kept like the
 * others: the run goes on, and its result says so. Single-threaded.
 */
public final class Lab {
    private final Variation variation;
    private final TimeLimit limit;
    private final List<Stage> stages = new ArrayList<>();
    private final List<Check> checks = new ArrayList<>();
    private final List<Text> notes = new ArrayList<>();

    Lab(Variation variation, TimeLimit limit) {
        this.variation = variation;
        this.limit = limit;
    }

    /** Runs an experiment under what was changed. An exception of the run becomes part of the result. */
    public static Result run(Experiment e, Variation variation) {
        return run(e, variation, TimeLimit.NONE);
    }

    /** The same for so long at most; what happened until then is the result. */
    public static Result run(Experiment e, Variation variation, TimeLimit limit) {
        Lab x = new Lab(variation, limit);
        String ended = null;
        try {
            e.run(x);
        } catch (RuntimeException | SimFailure | TimeLimit.Over failure) {
            ended = firstLine(failure);
        }
        return new Result(e.about(), e.gap(), variation, List.copyOf(x.stages), List.copyOf(x.checks),
                List.copyOf(x.notes),
                ended);
    }

    private static String firstLine(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.toString() : message.lines().findFirst().orElse(failure.toString());
    }

    // --- where it happens ---

    /** The one stage of an experiment that needs no more. */
    public Stage stage() {
        return stage("", "");
    }

    /** A world of its own, under a title: the same again with a difference. */
    public Stage stage(String en, String zh) {
        Stage s = new Stage(new Text(en, zh), variation, limit, stages.size());
        stages.add(s);
        return s;
    }

    // --- what has to be so ---

    /** A value is what the document says. */
    public void equal(String en, String zh, @Nullable Object document, @Nullable Object measured) {
        add(new Text(en, zh), Values.text(document), measured, Values.same(document, measured));
    }

    /** A number is what the document says, within a tolerance. */
    public void near(String en, String zh, double document, double measured, double tolerance) {
        add(new Text(en, zh), Decimals.plain(document), measured, Math.abs(document - measured) <= tolerance);
    }

    /** A number lies between two, these included. */
    public void between(String en, String zh, double least, double most, double measured) {
        add(new Text(en, zh), Decimals.plain(least) + " … " + Decimals.plain(most), measured,
                measured >= least && measured <= most);
    }

    /** A number is as large at least. */
    public void atLeast(String en, String zh, double least, double measured) {
        add(new Text(en, zh), "≥ " + Decimals.plain(least), measured, measured >= least);
    }

    /** As {@link #between(String, String, double, double, double)}, of whole numbers. */
    public void between(String en, String zh, long least, long most, long measured) {
        between(en, zh, (double) least, (double) most, (double) measured);
    }

    /** As {@link #atLeast(String, String, double, double)}, of whole numbers. */
    public void atLeast(String en, String zh, long least, long measured) {
        atLeast(en, zh, (double) least, (double) measured);
    }

    /** A number is smaller. */
    public void below(String en, String zh, double limit, double measured) {
        add(new Text(en, zh), "< " + Decimals.plain(limit), measured, measured < limit);
    }

    /** Something is so. */
    public void holds(String en, String zh, boolean is) {
        add(new Text(en, zh), Values.text(true), is, is);
    }

    /** The document says one thing and the standard another (≠): measured is what the standard says. */
    public void differs(Text what, Object document, Object standard, @Nullable Object measured, Text why) {
        checks.add(new Check(what, Values.text(document), Values.text(standard), Values.text(measured),
                verdict(Values.same(standard, measured)), why));
    }

    private void add(Text what, String document, @Nullable Object measured, boolean is) {
        checks.add(new Check(what, document, null, Values.text(measured), verdict(is), Text.NONE));
    }

    private Check.Verdict verdict(boolean is) {
        return !variation.asWritten() ? Check.Verdict.OFF : is ? Check.Verdict.HOLDS : Check.Verdict.FAILS;
    }

    /** Something worth reading beside the numbers. */
    public void note(String en, String zh) {
        notes.add(new Text(en, zh));
    }
}
