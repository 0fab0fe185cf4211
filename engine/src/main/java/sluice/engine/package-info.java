/** The deterministic host on real threads: who drives a shard, when it sleeps and what wakes it. */
@NullMarked
package sluice.engine;

import org.jspecify.annotations.NullMarked;
