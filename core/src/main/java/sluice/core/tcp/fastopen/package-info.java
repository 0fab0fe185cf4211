/**
 * TCP Fast Open (RFC 7413): cookies, who remembers them, and what a connection knows of it. The procedures that use
 * them stand with the others of their kind.
 */
@NullMarked
package sluice.core.tcp.fastopen;

import org.jspecify.annotations.NullMarked;
