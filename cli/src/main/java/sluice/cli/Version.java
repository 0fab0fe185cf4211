package sluice.cli;

import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: the version of this build, the JVM's and the machine's. */
final class Version implements IVersionProvider {
    /** Of this build. */
    static final String NUMBER = "0.1.0-SNAPSHOT";

    @Override
    public String[] getVersion() {
        return new String[]{"sluice " + NUMBER,
            "java " + Runtime.version() + ", " + System.getProperty("os.name") + " " + System.getProperty("os.arch")};
    }
}
