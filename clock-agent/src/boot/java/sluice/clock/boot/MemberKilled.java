package sluice.clock.boot;

import java.io.PrintStream;
import java.io.PrintWriter;

/** Thrown out of the waits of a member whose group was killed; nothing should catch it. */
public final class MemberKilled extends Error {
    private static final long serialVersionUID = 1;

    MemberKilled(String group) {
        super(group + " was killed", null, false, false);
    }

    /** Prints nothing, as libraries print what ends their threads, and this is no news. */
    @Override
    public void printStackTrace(PrintStream to) {}

    @Override
    public void printStackTrace(PrintWriter to) {}
}
