package sluice.sim;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * Gives each test a {@link World}, seeded by the test's name or by -Dsluice.seed, and adds the world's report to
 * whatever makes the test fail.
 */
final class Worlds implements ParameterResolver, TestExecutionExceptionHandler {
    private static final ExtensionContext.Namespace SPACE = ExtensionContext.Namespace.create(Worlds.class);

    @Override
    public boolean supportsParameter(ParameterContext p, ExtensionContext c) {
        return p.getParameter().getType() == World.class;
    }

    @Override
    public Object resolveParameter(ParameterContext p, ExtensionContext c) {
        World w = new World(Long.getLong("sluice.seed", c.getRequiredTestMethod().getName().hashCode()));
        c.getStore(SPACE).put("world", w);
        return w;
    }

    @Override
    public void handleTestExecutionException(ExtensionContext c, Throwable failure) throws Throwable {
        World w = c.getStore(SPACE).get("world", World.class);
        if (w != null && !(failure instanceof SimFailure)) {
            String replay = "mvn -q -Dquick -pl sim -am test -Dsurefire.failIfNoSpecifiedTests=false -Dtest="
                    + c.getRequiredTestClass().getSimpleName() + "#"
                    + c.getRequiredTestMethod().getName() + " -Dsluice.seed=" + w.seed();
            AssertionError report = new AssertionError(failure.getMessage() + "\n" + replay + "\n" + w.report(),
                    failure);
            report.setStackTrace(failure.getStackTrace());
            throw report;
        }
        throw failure;
    }
}
