package sluice.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/** Ctrl-C and SIGTERM as a call, so that a command can end gracefully and with exit status 0. */
final class Signals {
    private Signals() {}

    /**
     * Runs {@code action} at the first SIGINT or SIGTERM; a third one ends the process at once. The action must be
     * quick.
     */
    static void onTermination(Runnable action) {
        AtomicInteger seen = new AtomicInteger();
        Runnable once = () -> {
            int n = seen.incrementAndGet();
            if (n == 1) {
                action.run();
            } else if (n >= 3) {
                Runtime.getRuntime().halt(130);
            }
        };
        handle("INT", once);
        handle("TERM", once);
    }

    /**
     * By reflection, since javac warns about sun.misc.Signal and there is no other way to have a signal not end the
     * process.
     */
    private static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler call = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    action.run();
                    yield null;
                }
                case "equals" -> arguments != null && proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "signal handler";
            };
            Object proxy = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[]{handler}, call);
            Method install = signal.getMethod("handle", signal, handler);
            install.invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            // A JVM without it: the shutdown hooks clean up, only the exit status is the signal's.
            Runtime.getRuntime().addShutdownHook(new Thread(action));
        }
    }
}
