/** The one way out: what to send is decided here, and every segment is made here. */
@NullMarked
package sluice.core.tcp.output;

import org.jspecify.annotations.NullMarked;
