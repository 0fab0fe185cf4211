package sluice.core.trace;

/** What became of a path MTU probe. */
public enum MtuProbeOutcome {
    /** It leaves. */
    SENT,
    /** It was acknowledged: the path carries that much (RFC 4821 section 7.6.1). */
    ARRIVED,
    /** It alone was lost: the path carries less (RFC 4821 section 7.6.2). */
    LOST
}
