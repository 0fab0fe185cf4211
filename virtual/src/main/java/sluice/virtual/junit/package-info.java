/**
 * The JUnit extension (5.12 and later): {@link sluice.virtual.junit.VirtualNetwork} on a class or a test, {@link
 * sluice.virtual.junit.Host}s and {@link sluice.virtual.junit.Link}s beside it, {@link sluice.virtual.junit.Seeds} in
 * place of {@code Test}.
 */
package sluice.virtual.junit;
