/** TIMEOUTS (RFC 9293, 3.10.8): which deadlines a connection holds and what happens when one is due. */
@NullMarked
package sluice.core.tcp.timer;

import org.jspecify.annotations.NullMarked;
