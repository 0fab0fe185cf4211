package sluice.control;

/**
 * What a running process answered.
 *
 * @param status 0 a result, 1 an error, 2 not understood
 * @param text to be printed
 */
public record ControlAnswer(int status, String text) {}
