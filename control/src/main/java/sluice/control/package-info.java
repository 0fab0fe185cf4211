/**
 * The Unix-domain socket by which {@code ss}, {@code netstat}, {@code nstat} and {@code sysctl} ask a running stack. A
 * program opens it with {@link sluice.control.ControlSocket}; {@link sluice.control.ControlPaths} finds those that run
 * and {@link sluice.control.ControlClient} asks one.
 */
@NullMarked
package sluice.control;

import org.jspecify.annotations.NullMarked;
