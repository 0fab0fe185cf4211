/**
 * The names of a host: its hosts file and {@code resolv.conf}, a DNS client over the host's own UDP and TCP with a
 * cache, and the JVM's resolver, which answers for the threads that belong to a stack.
 */
@NullMarked
package sluice.sockets.names;

import org.jspecify.annotations.NullMarked;
