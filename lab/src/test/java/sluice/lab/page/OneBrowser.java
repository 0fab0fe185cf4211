package sluice.lab.page;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One browser for all tests of a run; JUnit's store closes it at the end. */
final class OneBrowser implements BeforeAllCallback {
    private static @Nullable Browser browser;

    OneBrowser() {}

    @Override
    public void beforeAll(ExtensionContext context) {
        browser = context.getRoot().getStore(ExtensionContext.Namespace.create(OneBrowser.class))
                .computeIfAbsent("browser", _ -> Browser.start(), Browser.class);
    }

    /** It, inside of a test. */
    static Browser get() {
        return Objects.requireNonNull(browser);
    }
}
