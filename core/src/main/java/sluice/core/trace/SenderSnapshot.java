package sluice.core.trace;

/** Tells what a sender holds now, when an event wants it. */
public interface SenderSnapshot {
    /** Now. */
    TraceEvent.Sender sender();
}
