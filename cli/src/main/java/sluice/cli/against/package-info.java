/** {@code sluice lab --against linux}: experiments with the kernel of this machine in one part and our stack in the other. */
@NullMarked
package sluice.cli.against;

import org.jspecify.annotations.NullMarked;
