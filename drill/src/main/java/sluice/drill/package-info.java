/**
 * Scripts in the packetdrill language: one host in virtual time, the script plays the network and the application.
 *
 * <p>{@code Lexer} and {@code ScriptParser} read a script into a {@code Script};
 * {@code Executor} runs it with {@code Machine} (the host, its clock and what it sent),
 * {@code Sockets} (file descriptors and system calls), {@code Wire} (live numbers against the
 * script's), {@code Python} (the assertions) and {@code Shell} (the few commands that are
 * obeyed).
 */
@NullMarked
package sluice.drill;

import org.jspecify.annotations.NullMarked;
