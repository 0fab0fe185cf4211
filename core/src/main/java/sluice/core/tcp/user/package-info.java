/** The user calls OPEN, SEND, RECEIVE, CLOSE, ABORT and STATUS (RFC 9293, 3.10.1 to 3.10.6). */
@NullMarked
package sluice.core.tcp.user;

import org.jspecify.annotations.NullMarked;
