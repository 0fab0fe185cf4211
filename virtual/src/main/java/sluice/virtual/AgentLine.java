package sluice.virtual;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import sluice.clock.VirtualClock;

/** What has to be said to the JVM, and was not. */
final class AgentLine {
    private AgentLine() {}

    /** One line for whoever forgot it, with the path of the jar that this JVM has on its class path. */
    static String missing() {
        return "virtual time needs the agent: give the test's JVM -javaagent:" + jar()
                + " (Surefire: <argLine>, Gradle: jvmArgs)";
    }

    private static String jar() {
        CodeSource source = VirtualClock.class.getProtectionDomain().getCodeSource();
        try {
            return source == null ? "sluice-clock-agent.jar" : Path.of(source.getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            return "sluice-clock-agent.jar";
        }
    }
}
