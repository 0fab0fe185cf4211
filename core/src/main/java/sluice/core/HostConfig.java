package sluice.core;

import sluice.base.Entropy;
import sluice.core.trace.TraceSink;

/** What a {@link Host} is made of. Made by {@link #builder}. */
public final class HostConfig {
    private final String name;
    private final Settings settings;
    private final Entropy entropy;
    private final TraceSink trace;

    private HostConfig(Builder b) {
        name = b.name;
        settings = b.settings;
        entropy = b.entropy;
        trace = b.trace;
    }

    /**
     * Starts a configuration.
     *
     * @param entropy the host's only randomness: seeded in simulation, strong on a real network
     */
    public static Builder builder(Entropy entropy) {
        return new Builder(entropy);
    }

    /** The host's name, for printing. */
    public String name() {
        return name;
    }

    /** The host's settings; used as they are, not copied. */
    public Settings settings() {
        return settings;
    }

    /** The host's randomness. */
    public Entropy entropy() {
        return entropy;
    }

    /** Where typed events go. */
    public TraceSink trace() {
        return trace;
    }

    /** Collects what a host is made of. */
    public static final class Builder {
        private String name = "host";
        private Settings settings = new Settings();
        private final Entropy entropy;
        private TraceSink trace = TraceSink.NONE;

        private Builder(Entropy entropy) {
            this.entropy = entropy;
        }

        /** The host's name; "host" when not given. */
        public Builder name(String value) {
            name = value;
            return this;
        }

        /** The settings; all defaults when not given. */
        public Builder settings(Settings value) {
            settings = value;
            return this;
        }

        /** Where typed events go; nowhere when not given. */
        public Builder trace(TraceSink value) {
            trace = value;
            return this;
        }

        /** The configuration. */
        public HostConfig build() {
            return new HostConfig(this);
        }
    }
}
