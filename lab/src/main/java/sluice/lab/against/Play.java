package sluice.lab.against;

/** What the applications of an experiment do at both ends, on ordinary sockets. No state of its own. */
public interface Play {
    /** Plays it. What it finds out it keeps as outcomes; whatever it throws is the play's failure. */
    void run(Players p) throws Exception;
}
