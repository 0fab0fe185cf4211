package sluice.drill;

/** The script is wrong: it cannot be read, or it asks for something that makes no sense. */
final class ScriptException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int line;

    ScriptException(int line, String message) {
        super(message);
        this.line = line;
    }

    int line() {
        return line;
    }
}
