package sluice.sockets.names;

import org.jspecify.annotations.Nullable;
import sluice.engine.Stack;
import sluice.engine.StackExtension;
import sluice.engine.SystemEntropy;

/**
 * Gives a stack its names, as long as it runs: {@code Stack.builder(…).with(new StackNames(conf, hosts))}; a lookup in
 * {@code stack.run(() -> …)} then is the stack's own. See {@link Names}.
 */
public final class StackNames implements StackExtension {
    private final ResolvConf conf;
    private final HostsFile hosts;
    private volatile @Nullable Names names;

    /** The names of one stack. */
    public StackNames(ResolvConf conf, HostsFile hosts) {
        this.conf = conf;
        this.hosts = hosts;
    }

    @Override
    public void start(Stack stack) {
        names = Names.start(stack.access(), conf, hosts, new SystemEntropy());
    }

    /**
     * The names, to look up by.
     *
     * @throws IllegalStateException the stack does not run yet
     */
    public Names names() {
        Names n = names;
        if (n == null) {
            throw new IllegalStateException("the stack does not run yet");
        }
        return n;
    }

    @Override
    public void close() {
        Names n = names;
        if (n != null) {
            n.close();
        }
    }
}
