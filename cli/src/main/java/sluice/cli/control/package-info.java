/** The Unix-domain socket by which ss, netstat, nstat and sysctl ask a running stack. */
@NullMarked
package sluice.cli.control;

import org.jspecify.annotations.NullMarked;
