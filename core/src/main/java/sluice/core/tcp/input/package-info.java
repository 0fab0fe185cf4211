/** SEGMENT ARRIVES (RFC 9293, 3.10.7): a class per procedure, a method per step, in the order of the text. */
@NullMarked
package sluice.core.tcp.input;

import org.jspecify.annotations.NullMarked;
