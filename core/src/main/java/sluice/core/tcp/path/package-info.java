/** The path of a connection: how large a packet may be, and probing for larger ones (RFC 4821, RFC 8201). */
@NullMarked
package sluice.core.tcp.path;

import org.jspecify.annotations.NullMarked;
