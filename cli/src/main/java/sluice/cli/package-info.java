/** The sluice command: arguments in, exit status out, and every subcommand a class of its own. */
@NullMarked
package sluice.cli;

import org.jspecify.annotations.NullMarked;
