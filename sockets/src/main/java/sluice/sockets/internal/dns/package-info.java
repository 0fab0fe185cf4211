/**
 * DNS messages as they are on the wire: RFC 1035, names with compression, records of the kinds that a host asks for,
 * EDNS0 (RFC 6891). Objects at event rate; reading a bad message gives nothing, never an exception.
 */
@NullMarked
package sluice.sockets.internal.dns;

import org.jspecify.annotations.NullMarked;
