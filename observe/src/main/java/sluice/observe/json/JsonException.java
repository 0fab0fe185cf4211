package sluice.observe.json;

/** A text that is not JSON, or not of the expected shape. */
public final class JsonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what is wrong and where. */
    public JsonException(String message) {
        super(message);
    }
}
