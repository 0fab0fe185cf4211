/**
 * Other people's servers and clients in virtual time, unmodified: what they need of a clock, threads, names and
 * sockets.
 */
package sluice.virtual.programs;
