/** TCP as the host drives it: the calls that open and listen, segments, errors, deadlines, output. */
@NullMarked
package sluice.core.tcp.layer;

import org.jspecify.annotations.NullMarked;
