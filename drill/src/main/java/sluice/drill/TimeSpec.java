package sluice.drill;

/**
 * When something is to happen.
 *
 * @param kind how to read it
 * @param us microseconds since the start or since the event before
 * @param endUs end of a range
 */
record TimeSpec(Kind kind, long us, long endUs) {
    enum Kind {
        ABSOLUTE, RELATIVE, ANY, ABSOLUTE_RANGE, RELATIVE_RANGE
    }

    boolean relative() {
        return kind == Kind.RELATIVE || kind == Kind.RELATIVE_RANGE || kind == Kind.ANY;
    }

    boolean range() {
        return kind == Kind.ABSOLUTE_RANGE || kind == Kind.RELATIVE_RANGE;
    }
}
