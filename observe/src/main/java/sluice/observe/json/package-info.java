/**
 * JSON, written and read. It knows nothing of the stack.
 */
@NullMarked
package sluice.observe.json;

import org.jspecify.annotations.NullMarked;
