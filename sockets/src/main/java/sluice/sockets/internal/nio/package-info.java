/**
 * The stack as the JDK's channels: what {@link sluice.sockets.SluiceSelectorProvider} opens. The design is decision 10
 * ({@code docs/decisions/0010-the-jdks-sockets-on-a-host.md}); the behaviour is that of the JDK's own channels on
 * Linux, and where it differs {@code docs/jdk-differences.md} says so.
 *
 * <p><b>Locks, outermost first:</b> a selector, its selected keys; a channel's read, write and state locks and those of
 * {@link java.nio.channels.spi.AbstractSelectableChannel}; inside the host. Nobody inside the host takes another lock,
 * but for a selector's list of changed keys, which is held for one step.
 */
@NullMarked
package sluice.sockets.internal.nio;

import org.jspecify.annotations.NullMarked;
