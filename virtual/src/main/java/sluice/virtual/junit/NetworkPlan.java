package sluice.virtual.junit;

import java.lang.reflect.AnnotatedElement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import sluice.virtual.HostSpec;
import sluice.virtual.LinkSpec;
import sluice.virtual.Network;
import sluice.virtual.NetworkBuilder;

/** Reads the annotations of a test into a network. */
final class NetworkPlan {
    private static final String SEED = "sluice.seed";

    private NetworkPlan() {}

    /** The network of a test; null for the seed that the annotations say. */
    static Network make(ExtensionContext context, @Nullable Long seed) {
        VirtualNetwork what = annotation(context).orElseThrow(() -> new IllegalStateException(
                "@Seeds is for tests with @VirtualNetwork on the method or its class"));
        NetworkBuilder b = Network.builder().name(name(context)).threads(what.threads())
                .stallLimitMs(what.stallLimitMs())
                .heldMonitors(what.heldMonitors()).foreignPools(what.foreignPools())
                .seed(Long.getLong(SEED, seed != null ? seed : what.seed()));
        List<AnnotatedElement> elements = elements(context);
        for (AnnotatedElement e : elements) {
            for (Host h : AnnotationSupport.findRepeatableAnnotations(e, Host.class)) {
                b.host(h.value(), s -> fill(s, h));
            }
        }
        for (AnnotatedElement e : elements) {
            for (Link l : AnnotationSupport.findRepeatableAnnotations(e, Link.class)) {
                if (l.between().length != 2) {
                    throw new IllegalArgumentException("@Link(between = …) joins two hosts, not " + l.between().length);
                }
                b.link(l.between()[0], l.between()[1], s -> fill(s, l));
            }
        }
        return b.build();
    }

    /** Of the method, else of the class or those around it. */
    private static Optional<VirtualNetwork> annotation(ExtensionContext context) {
        List<AnnotatedElement> innermostFirst = new ArrayList<>(elements(context));
        Collections.reverse(innermostFirst);
        for (AnnotatedElement e : innermostFirst) {
            Optional<VirtualNetwork> found = AnnotationSupport.findAnnotation(e, VirtualNetwork.class);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** Outermost class to method. */
    private static List<AnnotatedElement> elements(ExtensionContext context) {
        Set<AnnotatedElement> all = new LinkedHashSet<>();
        for (ExtensionContext c = context; c != null; c = c.getParent().orElse(null)) {
            c.getElement().ifPresent(all::add);
        }
        List<AnnotatedElement> list = new ArrayList<>(all);
        Collections.reverse(list);
        return list;
    }

    /** What a test is called in reports. */
    static String name(ExtensionContext context) {
        return context.getRequiredTestClass().getSimpleName() + "."
                + context.getTestMethod().map(m -> m.getName()).orElse(context.getDisplayName());
    }

    private static void fill(HostSpec s, Host h) {
        for (String a : h.address()) {
            s.address(a);
        }
        for (String setting : h.sysctl()) {
            int equals = setting.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("@Host(sysctl): \"" + setting + "\" is not NAME=VALUE");
            }
            s.sysctl(setting.substring(0, equals).trim(), setting.substring(equals + 1).trim());
        }
        if (h.ipv6()) {
            s.ipv6();
        }
        if (h.router()) {
            s.router();
        }
        s.nameCache(Duration.ofSeconds(h.nameCacheSeconds()));
    }

    private static void fill(LinkSpec s, Link l) {
        s.netem(l.netem()).queue(l.queue()).mtu(l.mtu());
        if (!l.rate().isEmpty()) {
            s.rate(l.rate());
        }
    }
}
