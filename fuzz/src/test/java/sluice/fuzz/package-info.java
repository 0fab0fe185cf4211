/**
 * Fuzz targets, one for each kind of text or packet that others write, and what runs them: a class with {@code
 * fuzzerTestOneInput} for Jazzer ({@code build/fuzz}), beside the code when that is not public, and a directory of
 * inputs in {@code fuzz/corpus}. {@code TargetsTest} puts each input and what a few changes make of it to its target.
 */
package sluice.fuzz;
