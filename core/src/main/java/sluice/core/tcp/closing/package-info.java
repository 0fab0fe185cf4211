/** Closing a connection (RFC 9293, 3.6): the way from the first FIN to CLOSED or TIME-WAIT. */
@NullMarked
package sluice.core.tcp.closing;

import org.jspecify.annotations.NullMarked;
