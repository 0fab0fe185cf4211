/** How much may be in flight: algorithms that see events and answer with numbers. */
@NullMarked
package sluice.core.tcp.congestion;

import org.jspecify.annotations.NullMarked;
