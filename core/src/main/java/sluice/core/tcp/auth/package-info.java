/**
 * Signed segments: the MD5 signature option (RFC 2385) and the authentication option, TCP-AO (RFC 5925, algorithms of
 * RFC 5926).
 *
 * <p>Keys are chosen by the peer's address ({@link sluice.core.tcp.auth.AuthenticationKeys}, Linux's TCP_MD5SIG and
 * TCP_AO_* socket options). A connection that has one owns an {@link sluice.core.tcp.auth.Authentication}, which signs
 * what leaves; {@link sluice.core.tcp.auth.InboundAuthentication} looks at what arrives, before any state does.
 */
@NullMarked
package sluice.core.tcp.auth;

import org.jspecify.annotations.NullMarked;
