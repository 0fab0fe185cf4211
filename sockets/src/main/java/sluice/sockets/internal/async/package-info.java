/**
 * The JDK's asynchronous channels on its blocking ones: each operation is a virtual thread that blocks, so that they
 * are whatever the blocking channel is, a stack's or the platform's. Nothing here knows a host.
 */
@NullMarked
package sluice.sockets.internal.async;

import org.jspecify.annotations.NullMarked;
