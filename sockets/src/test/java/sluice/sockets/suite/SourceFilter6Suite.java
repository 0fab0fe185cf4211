package sluice.sockets.suite;

/** The same with IPv6. */
abstract class SourceFilter6Suite extends SourceFilterSuite {
    @Override
    final boolean six() {
        return true;
    }
}
