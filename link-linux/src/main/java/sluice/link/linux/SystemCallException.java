package sluice.link.linux;

import org.jspecify.annotations.Nullable;

/**
 * A system call or a system tool failed where the program cannot go on. The message names the call, the kernel's reason
 * and, where known, what to do.
 */
public final class SystemCallException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String call;
    private final int errno;

    /**
     * A failed call.
     *
     * @param call the call and its subject, for the reader: "open /dev/net/tun"
     * @param errno Linux's number; 0 when it was not a system call that failed
     * @param advice what to do, as a sentence; null when there is none
     */
    public SystemCallException(String call, int errno, @Nullable String advice) {
        super(call + ": " + (errno == 0 ? "failed" : Libc.errorText(errno) + " (errno " + errno + ")")
                + (advice == null ? "" : ". " + advice));
        this.call = call;
        this.errno = errno;
    }

    /** A failed tool: {@code call} is the command, {@code text} what it said. */
    public SystemCallException(String call, String text) {
        super(call + ": " + text);
        this.call = call;
        this.errno = 0;
    }

    /** The call and its subject. */
    public String call() {
        return call;
    }

    /** Linux's errno number; 0 when a tool failed. */
    public int errno() {
        return errno;
    }
}
