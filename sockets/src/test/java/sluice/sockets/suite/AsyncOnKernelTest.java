package sluice.sockets.suite;

import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.channels.spi.SelectorProvider;
import sluice.sockets.SluiceAsynchronousProvider;

/** Our asynchronous channels over the kernel's blocking ones, as the default provider has them. */
class AsyncOnKernelTest extends AsyncSuite {
    @Override
    Backend open() {
        AsynchronousChannelProvider ours = SluiceAsynchronousProvider.of(SelectorProvider.provider());
        return new KernelBackend() {
            @Override
            public AsynchronousChannelProvider async(boolean onServer) {
                return ours;
            }

            @Override
            public boolean isOracle() {
                return false;
            }
        };
    }
}
