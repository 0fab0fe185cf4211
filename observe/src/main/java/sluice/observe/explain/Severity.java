package sluice.observe.explain;

/** How bad it is, the worst first. */
public enum Severity {
    /** The connection failed, or cannot work like this. */
    ERROR,
    /** It cost time or bytes that need not have been spent. */
    WARNING,
    /** Worth knowing. */
    NOTE
}
