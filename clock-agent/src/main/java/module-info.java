/** Virtual time for the threads of a simulation: a Java agent, and what a simulation tells it. */
module sluice.clock.agent {
    requires java.instrument;
    requires static org.jspecify;

    exports sluice.clock;
}
