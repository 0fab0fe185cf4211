/** Internet Protocol, both versions: validation, routes, fragmentation, reassembly and path MTU. */
@NullMarked
package sluice.core.ip;

import org.jspecify.annotations.NullMarked;
