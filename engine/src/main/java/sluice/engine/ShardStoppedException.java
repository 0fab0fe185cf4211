package sluice.engine;

/**
 * The shard takes no more calls: it was closed, or it stopped itself because its core broke a promise (then the cause
 * says which).
 */
public final class ShardStoppedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** The host was closed. */
    public ShardStoppedException(String message) {
        super(message);
    }

    /** The host failed because of {@code cause}. */
    public ShardStoppedException(String message, Throwable cause) {
        super(message, cause);
    }
}
