package sluice.core.trace;

/** What is worth telling of a receive window. */
public enum WindowChange {
    /** It went to 0. */
    CLOSED,
    /** It was 0. */
    OPENED,
    /** Its right edge moved left (RFC 9293 section 3.8.6, SHLD-14). */
    SHRUNK,
    /** A segment said nothing else. */
    UPDATED
}
