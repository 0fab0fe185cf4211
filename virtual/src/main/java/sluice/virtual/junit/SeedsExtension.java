package sluice.virtual.junit;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** Runs a test for each seed: {@link Seeds}. For JUnit. */
public final class SeedsExtension implements TestTemplateInvocationContextProvider {
    /** For JUnit. */
    public SeedsExtension() {}

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return context.getRequiredTestMethod().isAnnotationPresent(Seeds.class);
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        Seeds seeds = context.getRequiredTestMethod().getAnnotation(Seeds.class);
        int n = Integer.getInteger("sluice.seeds", seeds.value());
        if (n < 1) {
            throw new IllegalArgumentException("@Seeds(" + n + "): one seed at least");
        }
        SeedRun run = new SeedRun(NetworkPlan.name(context), n);
        return LongStream.range(seeds.from(), seeds.from() + n).mapToObj(seed -> new OneSeed(seed, run));
    }

    private record OneSeed(long seed, SeedRun run) implements TestTemplateInvocationContext {
        @Override
        public String getDisplayName(int invocation) {
            return "seed " + seed;
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(new VirtualNetworkExtension(seed, run));
        }
    }
}
