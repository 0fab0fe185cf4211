package sluice.virtual.junit;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.TestAbortedException;
import sluice.virtual.Network;
import sluice.virtual.VirtualHost;

/** Makes a network for each test and runs the test in it: {@link VirtualNetwork}. For JUnit 5.12 and later. */
public final class VirtualNetworkExtension
        implements BeforeEachCallback, AfterEachCallback, InvocationInterceptor, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(VirtualNetworkExtension.class);

    private final @Nullable Long seed;
    private final @Nullable SeedRun run;

    /** For JUnit. */
    public VirtualNetworkExtension() {
        seed = null;
        run = null;
    }

    /** For one seed of many. */
    VirtualNetworkExtension(long seed, SeedRun run) {
        this.seed = seed;
        this.run = run;
    }

    /** Whether the test is {@link Seeds}' and another object of this class does everything for it. */
    private boolean isAnothers(ExtensionContext context) {
        return seed == null && context.getTestMethod().filter(m -> m.isAnnotationPresent(Seeds.class)).isPresent();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (!isAnothers(context)) {
            network(context);
        }
    }

    private Network network(ExtensionContext context) {
        ExtensionContext.Store store = context.getStore(NAMESPACE);
        Network known = store.get(context.getUniqueId(), Network.class);
        if (known == null) {
            known = NetworkPlan.make(context, seed);
            store.put(context.getUniqueId(), known);
        }
        return known;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (isAnothers(context)) {
            return;
        }
        Network net = network(context);
        try {
            if (context.getExecutionException().isEmpty()) {
                net.run(net::check);
            }
        } catch (Throwable e) {
            throw failure(net, e);
        } finally {
            net.holdTime(false);
            net.close();
            if (run != null) {
                run.ended();
            }
        }
    }

    // --- the test's code, in the network ---

    @Override
    public void interceptTestMethod(Invocation<@Nullable Void> invocation,
            ReflectiveInvocationContext<Method> method, ExtensionContext context) throws Throwable {
        inside(invocation, context);
    }

    @Override
    public void interceptTestTemplateMethod(Invocation<@Nullable Void> invocation,
            ReflectiveInvocationContext<Method> method, ExtensionContext context) throws Throwable {
        inside(invocation, context);
    }

    @Override
    public void interceptBeforeEachMethod(Invocation<@Nullable Void> invocation,
            ReflectiveInvocationContext<Method> method, ExtensionContext context) throws Throwable {
        inside(invocation, context);
    }

    @Override
    public void interceptAfterEachMethod(Invocation<@Nullable Void> invocation,
            ReflectiveInvocationContext<Method> method, ExtensionContext context) throws Throwable {
        inside(invocation, context);
    }

    private void inside(Invocation<@Nullable Void> invocation, ExtensionContext context) throws Throwable {
        if (isAnothers(context)) {
            invocation.proceed();
            return;
        }
        Network net = network(context);
        Throwable thrown = thrownBy(net, invocation);
        if (thrown instanceof TestAbortedException) {
            throw thrown;
        } else if (thrown != null) {
            throw failure(net, thrown);
        }
    }

    private static @Nullable Throwable thrownBy(Network net, Invocation<@Nullable Void> invocation) {
        try {
            return net.call(() -> {
                net.holdTime(false);
                try {
                    invocation.proceed();
                    return null;
                } catch (TestAbortedException e) {
                    return e;
                } catch (Throwable e) { // whatever a test throws; time stands still while the report is written
                    return failure(net, e);
                } finally {
                    net.holdTime(true); // what is checked afterwards is how the test left it
                }
            });
        } catch (Throwable e) { // the network itself
            return e;
        }
    }

    private static AssertionError failure(Network net, Throwable e) {
        if (e instanceof NetworkTestFailure known) {
            return known;
        }
        return new NetworkTestFailure(e, net.report());
    }

    // --- parameters ---

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return !isAnothers(context) && context.getTestMethod().isPresent()
                && (type == Network.class || type == VirtualHost.class && parameter.isAnnotated(Host.class));
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Network net = network(context);
        return parameter.getParameter().getType() == Network.class ? net
                : net.host(parameter.findAnnotation(Host.class).orElseThrow().value());
    }
}
