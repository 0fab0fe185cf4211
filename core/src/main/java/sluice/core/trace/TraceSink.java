package sluice.core.trace;

/** Takes the typed events of one host, in order. Called on the thread inside the host; must not call back into it. */
public interface TraceSink {
    /** Takes nothing. */
    TraceSink NONE = new TraceSink() {
        @Override
        public void on(TraceEvent event) {
            // nobody listens
        }

        @Override
        public boolean enabled() {
            return false;
        }
    };

    /** One event. */
    void on(TraceEvent event);

    /** Whether events are wanted at all; when false the core makes none, so tracing costs nothing. */
    default boolean enabled() {
        return true;
    }
}
