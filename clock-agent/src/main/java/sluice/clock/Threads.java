package sluice.clock;

/** How the members of a simulation run beside one another. */
public enum Threads {
    /** As on any machine: those that can run do, on as many processors as there are. */
    FREE,

    /** One at a time; who is next when one blocks is drawn from the seed, so that a run can be repeated. */
    SEEDED
}
