package sluice.core;

import sluice.base.Entropy;
import sluice.core.trace.TraceSink;

/** What a {@link Host} is made of. Made by {@link #builder}. */
public final class HostConfig {
    private final String name;
    private final Settings settings;
    private final Entropy entropy;
    private final long poolBytes;
    private final TraceSink trace;

    private HostConfig(Builder b) {
        name = b.name;
        settings = b.settings;
        entropy = b.entropy;
        poolBytes = b.poolBytes;
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

    /** Limit of the memory for TCP rings, UDP queues and fragments, bytes. */
    public long poolBytes() {
        return poolBytes;
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
        private long poolBytes = -1;
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

        /**
         * Limit of the memory for rings and queues, bytes, 4096 and up; the limit in {@code tcp_mem} when not given.
         */
        public Builder tcpMemoryLimitBytes(long value) {
            if (value < BufferPool.MIN_BLOCK) {
                throw new IllegalArgumentException(
                        "memory limit " + value + " is below " + BufferPool.MIN_BLOCK + " bytes");
            }
            poolBytes = value;
            return this;
        }

        /** Where typed events go; nowhere when not given. */
        public Builder trace(TraceSink value) {
            trace = value;
            return this;
        }

        /** The configuration. */
        public HostConfig build() {
            if (poolBytes < 0) {
                poolBytes = settings.get(Setting.TCP_MEM, 2) * Setting.PAGE_BYTES;
            }
            return new HostConfig(this);
        }
    }
}
