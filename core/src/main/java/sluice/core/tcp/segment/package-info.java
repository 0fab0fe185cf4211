/** What travels, and by what it is found: the segment as it was parsed, four-tuples, the states of a connection. */
@NullMarked
package sluice.core.tcp.segment;

import org.jspecify.annotations.NullMarked;
