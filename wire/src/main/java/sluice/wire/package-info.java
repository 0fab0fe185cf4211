/**
 * Headers as views over memory: parsed, built, checksummed and printed in one line, with no opinion about what a host
 * does with them.
 */
@NullMarked
package sluice.wire;

import org.jspecify.annotations.NullMarked;
