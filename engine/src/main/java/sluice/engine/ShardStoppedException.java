package sluice.engine;

/**
 * The shard takes no more calls: it was closed, or it stopped itself because its core broke a promise (then the cause
 * says which).
 */
public final class ShardStoppedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    ShardStoppedException(String message) {
        super(message);
    }

    ShardStoppedException(String message, Throwable cause) {
        super(message, cause);
    }
}
