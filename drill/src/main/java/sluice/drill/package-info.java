/**
 * Scripts in the packetdrill language: one host in virtual time, the script plays the network and the application.
 *
 * <p>{@link sluice.drill.Lexer} and {@link sluice.drill.ScriptParser} read a script into a {@link sluice.drill.Script};
 * {@link sluice.drill.Executor} runs it with {@link sluice.drill.Machine} (the host, its clock and what it sent),
 * {@link sluice.drill.Sockets} (file descriptors and system calls), {@link sluice.drill.Wire} (live numbers against the
 * script's), {@link sluice.drill.Python} (the assertions) and {@link sluice.drill.Shell} (the few commands that are
 * obeyed).
 */
@NullMarked
package sluice.drill;

import org.jspecify.annotations.NullMarked;
