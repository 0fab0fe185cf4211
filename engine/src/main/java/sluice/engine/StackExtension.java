package sluice.engine;

/**
 * Something that lives beside a stack, from its start to its close, and knows it: given to {@link
 * Stack.Builder#with}. So a stack can be asked from outside without knowing who asks.
 */
public interface StackExtension extends AutoCloseable {
    /**
     * Called once, when the stack runs, by the thread that starts it and from outside the shard. What it throws ends
     * the stack and goes to that thread.
     */
    void start(Stack stack);

    /** Called before the stack closes anything of its own, by the thread that closes it. More calls do nothing. */
    @Override
    void close();
}
