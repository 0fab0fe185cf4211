/** The stack as an application meets it: blocking calls, channels and sockets. */
@NullMarked
package sluice.sockets;

import org.jspecify.annotations.NullMarked;
