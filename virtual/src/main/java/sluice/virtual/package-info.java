/**
 * A simulated network of whole programs, for tests: {@link sluice.virtual.Network} with {@link
 * sluice.virtual.VirtualHost}s that run ordinary Java code on stacks of their own, {@link sluice.virtual.VirtualLink}s
 * with what {@code tc netem} is told, {@link sluice.virtual.Fault}s that mean single packets, and a time that moves
 * when no thread can run. {@code sluice.virtual.junit} makes one of annotations for each test.
 */
package sluice.virtual;
