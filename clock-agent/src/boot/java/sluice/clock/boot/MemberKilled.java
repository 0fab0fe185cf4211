package sluice.clock.boot;

/** Thrown out of the waits of a member whose group was killed; nothing should catch it. */
public final class MemberKilled extends Error {
    private static final long serialVersionUID = 1;

    MemberKilled(String group) {
        super(group + " was killed", null, false, false);
    }
}
