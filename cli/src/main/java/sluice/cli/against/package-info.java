/** {@code sluice lab --against linux}: experiments with this machine's kernel at one end and our stack at the other. */
@NullMarked
package sluice.cli.against;

import org.jspecify.annotations.NullMarked;
