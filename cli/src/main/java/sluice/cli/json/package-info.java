/** Reading JSON; writing it is {@link sluice.observe.JsonWriter}'s. */
@NullMarked
package sluice.cli.json;

import org.jspecify.annotations.NullMarked;
