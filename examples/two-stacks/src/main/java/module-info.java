/** An example that is a module: it requires one of ours. */
module example.twostacks {
    requires sluice.stack;
}
