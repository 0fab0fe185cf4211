/**
 * What the build refuses: dependencies against the arrows of the design, and calls that would make the core less than
 * deterministic.
 */
@NullMarked
package sluice.buildrules;

import org.jspecify.annotations.NullMarked;
