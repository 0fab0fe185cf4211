package sluice.base;

/** A user call that could not be done. Carries the {@link Errno}; the message says what was asked. */
public final class ErrnoException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Errno errno;

    /**
     * Makes the exception.
     *
     * @param errno why
     * @param what the call and its arguments, for the reader: "connect to 10.0.0.1:80"
     */
    public ErrnoException(Errno errno, String what) {
        super(what + ": " + errno.text());
        this.errno = errno;
    }

    /** Why. */
    public Errno errno() {
        return errno;
    }
}
