package sluice.virtual;

/** What runs on a host: ordinary code, which may throw. */
@FunctionalInterface
public interface Program {
    /** Runs to its end. */
    void run() throws Exception;
}
