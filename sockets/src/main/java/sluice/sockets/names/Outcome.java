package sluice.sockets.names;

/** How a lookup ended, with the C library's words, which {@code UnknownHostException} has too. */
enum Outcome {
    /** There is an answer. */
    FOUND(""),
    /** The name is an alias, and the server did not say of what is behind it. Not for programs. */
    ALIAS(""),
    /** There is no such name. */
    NOT_FOUND("Name or service not known"),
    /** The name is there, but has nothing of that kind. */
    NO_DATA("No address associated with hostname"),
    /** Servers answered that they cannot say now. */
    SERVER_FAILURE("Temporary failure in name resolution"),
    /** No server answered in time. */
    SILENCE("Temporary failure in name resolution"),
    /** There is nobody who could be asked. */
    NOBODY("Temporary failure in name resolution"),
    /** The servers do not want to answer, or do not understand. */
    REFUSAL("Non-recoverable failure in name resolution");

    private final String text;

    Outcome(String text) {
        this.text = text;
    }

    /** As {@code gai_strerror} has it. */
    String text() {
        return text;
    }
}
