package sluice.lab.page;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The library that draws curves, for other pages than the lab's: uPlot, as it is vendored here. */
public final class Vendored {
    private Vendored() {}

    /** Its script, with its licence. */
    public static String script() {
        return "/*\n" + new String(PageParts.resource("vendor/uPlot-LICENSE.txt"), UTF_8) + "*/\n"
                + new String(PageParts.resource("vendor/uPlot.iife.min.js"), UTF_8);
    }

    /** Its style, and the lab's colours. */
    public static String style() {
        return new String(PageParts.resource("vendor/uPlot.min.css"), UTF_8)
                + new String(PageParts.resource("page/lab.css"), UTF_8);
    }
}
