package sluice.cli;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sluice.control.MetricsEndpoint;
import sluice.engine.StackExtension;

/** Whether a command that keeps a stack running answers a monitoring system. */
final class MetricsOptions {
    private static final Pattern ADDRESS = Pattern.compile("(?:(\\[[0-9a-fA-F:.]+]|[^:\\[\\]]+):)?(\\d{1,5})");

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--metrics", paramLabel = "[HOST:]PORT",
            description = "Answer GET /metrics there with OpenMetrics text, on an address of this machine, not of the "
                    + "stack: to itself only (127.0.0.1) unless a HOST is named.")
    private @Nullable String metrics;

    private @Nullable MetricsEndpoint endpoint;

    /** What lives beside the stack. */
    List<StackExtension> extensions() {
        String text = metrics;
        if (text == null) {
            return List.of();
        }
        Matcher m = ADDRESS.matcher(text);
        if (!m.matches()) {
            throw new ParameterException(spec.commandLine(),
                    "--metrics \"" + text + "\" is no [HOST:]PORT, as 9464 or 0.0.0.0:9464");
        }
        int port = Limits.port(spec, "--metrics port", Integer.parseInt(m.group(2)));
        InetSocketAddress address = new InetSocketAddress(m.group(1) == null ? "127.0.0.1" : m.group(1), port);
        if (address.isUnresolved()) {
            throw new ParameterException(spec.commandLine(), "--metrics " + text + ": there is no host " + m.group(1));
        }
        MetricsEndpoint e = new MetricsEndpoint(address);
        endpoint = e;
        return List.of(e);
    }

    /** Where it answers, as a URL; null when it does not. */
    @Nullable String url() {
        MetricsEndpoint e = endpoint;
        InetSocketAddress a = e == null ? null : e.address();
        if (a == null) {
            return null;
        }
        String host = a.getAddress().getHostAddress();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + a.getPort() + "/metrics";
    }
}
