package sluice.lab.against;

/**
 * Something that a play found out.
 *
 * @param what in words
 * @param value as it came out
 * @param why why it may come out otherwise with Linux in this part; "" when it may not
 */
public record Outcome(String what, String value, String why) {}
