/** A server of the Model Context Protocol: commands as tools that programs call through a pipe. */
@NullMarked
package sluice.cli.mcp;

import org.jspecify.annotations.NullMarked;
