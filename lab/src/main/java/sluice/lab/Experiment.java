package sluice.lab;

/**
 * Something the documents describe, as a script of hosts, links and applications in virtual time with what has to come
 * out of it. No state of its own: a run is everything between {@link #run}'s call and its return.
 */
public interface Experiment {
    /** What it is. */
    About about();

    /** What it cannot show of its row of the documents, or shows otherwise, and why; {@link Text#NONE} for nothing. */
    default Text gap() {
        return Text.NONE;
    }

    /** Runs it: makes stages, lets applications act and time pass, asserts and keeps what is to be shown. */
    void run(Lab x);
}
