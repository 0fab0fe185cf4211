package sluice.link.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * The C library's calls that this module needs, as static final method handles, so that the compiler sees constants.
 *
 * <p>Every call takes the memory that receives {@code errno} ({@link #newErrnoState}) and answers a negative errno
 * number on failure. Addresses are passed as numbers: a buffer has no liveness check per call, so whoever passes one
 * keeps its segment reachable (a packet in use by the caller always is).
 *
 * <p>All calls are ordinary downcalls. {@code Linker.Option.critical(false)} on read and write was tried with {@code
 * bench/TunRate}, alternating, three runs each on a shared 2-core machine: an empty read took 228 to 242 ns without and
 * 231 to 242 ns with it (noisy runs left out), a write of 1,500 bytes 2.23 to 2.32 µs and 2.17 to 2.35 µs. No
 * difference to be seen, and with it every safepoint would wait while the kernel runs its receive path inside {@code
 * write}.
 */
final class Libc {
    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;

    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int ENXIO = 6;
    static final int EBADF = 9;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int EBUSY = 16;
    static final int ENODEV = 19;
    static final int EINVAL = 22;
    static final int EBADFD = 77;
    static final int ENETDOWN = 100;
    static final int ENOBUFS = 105;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO_OFFSET = STATE.byteOffset(PathElement.groupElement("errno"));

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    /** Every function that is linked below, in that order: the source of native-image's metadata. */
    private static final List<Downcall> LINKED = new ArrayList<>();

    private static final MethodHandle OPEN = link(Downcall.variadic("open", 2, FunctionDescriptor.of(INT, LONG, INT)));
    private static final MethodHandle CLOSE = link(Downcall.withErrno("close", FunctionDescriptor.of(INT, INT)));
    private static final MethodHandle READ = link(
            Downcall.withErrno("read", FunctionDescriptor.of(LONG, INT, LONG, LONG)));
    private static final MethodHandle WRITE = link(
            Downcall.withErrno("write", FunctionDescriptor.of(LONG, INT, LONG, LONG)));
    private static final MethodHandle WRITEV = link(
            Downcall.withErrno("writev", FunctionDescriptor.of(LONG, INT, LONG, INT)));
    private static final MethodHandle IOCTL = link(
            Downcall.variadic("ioctl", 2, FunctionDescriptor.of(INT, INT, LONG, LONG)));
    private static final MethodHandle PPOLL = link(
            Downcall.withErrno("ppoll", FunctionDescriptor.of(INT, LONG, LONG, LONG, LONG)));
    private static final MethodHandle EVENTFD = link(
            Downcall.withErrno("eventfd", FunctionDescriptor.of(INT, INT, INT)));
    private static final MethodHandle TIMERFD_CREATE = link(
            Downcall.withErrno("timerfd_create", FunctionDescriptor.of(INT, INT, INT)));
    private static final MethodHandle TIMERFD_SETTIME = link(
            Downcall.withErrno("timerfd_settime", FunctionDescriptor.of(INT, INT, INT, LONG, LONG)));
    private static final MethodHandle SOCKET = link(
            Downcall.withErrno("socket", FunctionDescriptor.of(INT, INT, INT, INT)));
    private static final MethodHandle BIND = link(
            Downcall.withErrno("bind", FunctionDescriptor.of(INT, INT, LONG, INT)));
    private static final MethodHandle SETSOCKOPT = link(
            Downcall.withErrno("setsockopt", FunctionDescriptor.of(INT, INT, INT, INT, LONG, INT)));
    private static final MethodHandle SETNS = link(Downcall.withErrno("setns", FunctionDescriptor.of(INT, INT, INT)));
    private static final MethodHandle SCHED_SETAFFINITY = link(
            Downcall.withErrno("sched_setaffinity", FunctionDescriptor.of(INT, INT, LONG, LONG)));
    private static final MethodHandle SCHED_GETAFFINITY = link(
            Downcall.withErrno("sched_getaffinity", FunctionDescriptor.of(INT, INT, LONG, LONG)));
    private static final MethodHandle PRCTL = link(
            Downcall.variadic("prctl", 1, FunctionDescriptor.of(INT, INT, LONG, LONG, LONG, LONG)));
    private static final MethodHandle GETEUID = link(Downcall.of("geteuid", FunctionDescriptor.of(INT)));
    private static final MethodHandle STRERROR = link(
            Downcall.of("strerror", FunctionDescriptor.of(ValueLayout.ADDRESS, INT)));

    private Libc() {}

    @SuppressWarnings("restricted")
    private static MethodHandle link(Downcall call) {
        MemorySegment symbol = LINKER.defaultLookup().find(call.name())
                .orElseThrow(() -> new UnsatisfiedLinkError("the C library has no function " + call.name()));
        LINKED.add(call);
        return LINKER.downcallHandle(symbol, call.type(), call.options());
    }

    /** What this module calls, in no order that means anything. */
    static List<Downcall> downcalls() {
        return List.copyOf(LINKED);
    }

    /** Memory that receives errno; one per thread or object used by one thread at a time. Lives until collected. */
    static MemorySegment newErrnoState() {
        return Arena.ofAuto().allocate(STATE);
    }

    private static long result(MemorySegment state, long value) {
        return value >= 0 ? value : -state.get(INT, ERRNO_OFFSET);
    }

    private static int result(MemorySegment state, int value) {
        return value >= 0 ? value : -state.get(INT, ERRNO_OFFSET);
    }

    /** A downcall handle throws nothing: whatever comes is a defect. */
    private static AssertionError broken(Throwable t) {
        return new AssertionError("a downcall failed in the JVM", t);
    }

    static int open(MemorySegment state, String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return result(state, (int) OPEN.invokeExact(state, arena.allocateFrom(path).address(), flags));
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int close(MemorySegment state, int fd) {
        try {
            return result(state, (int) CLOSE.invokeExact(state, fd));
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static long read(MemorySegment state, int fd, long address, long length) {
        try {
            return result(state, (long) READ.invokeExact(state, fd, address, length));
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static long write(MemorySegment state, int fd, long address, long length) {
        try {
            return result(state, (long) WRITE.invokeExact(state, fd, address, length));
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static long writev(MemorySegment state, int fd, long vectors, int count) {
        try {
            return result(state, (long) WRITEV.invokeExact(state, fd, vectors, count));
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int ioctl(MemorySegment state, int fd, long request, long argument) {
        try {
            return result(state, (int) IOCTL.invokeExact(state, fd, request, argument));
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    /** {@code timespec} 0 waits without limit. */
    static int ppoll(MemorySegment state, long descriptors, long count, long timespec) {
        try {
            return result(state, (int) PPOLL.invokeExact(state, descriptors, count, timespec, 0L));
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int timerfdCreate(MemorySegment state, int clock, int flags) {
        try {
            return result(state, (int) TIMERFD_CREATE.invokeExact(state, clock, flags));
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int timerfdSettime(MemorySegment state, int fd, int flags, long itimerspec) {
        try {
            return result(state, (int) TIMERFD_SETTIME.invokeExact(state, fd, flags, itimerspec, 0L));
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int eventfd(MemorySegment state, int initial, int flags) {
        try {
            return result(state, (int) EVENTFD.invokeExact(state, initial, flags));
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int socket(MemorySegment state, int family, int type, int protocol) {
        try {
            return result(state, (int) SOCKET.invokeExact(state, family, type, protocol));
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int bind(MemorySegment state, int fd, MemorySegment address) {
        try {
            return result(state, (int) BIND.invokeExact(state, fd, address.address(), (int) address.byteSize()));
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int setsockopt(MemorySegment state, int fd, int level, int option, MemorySegment value) {
        try {
            return result(state,
                    (int) SETSOCKOPT.invokeExact(state, fd, level, option, value.address(), (int) value.byteSize()));
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int setns(MemorySegment state, int fd, int kind) {
        try {
            return result(state, (int) SETNS.invokeExact(state, fd, kind));
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int schedSetaffinity(MemorySegment state, MemorySegment mask) {
        try {
            return result(state, (int) SCHED_SETAFFINITY.invokeExact(state, 0, mask.byteSize(), mask.address()));
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int schedGetaffinity(MemorySegment state, MemorySegment mask) {
        try {
            return result(state, (int) SCHED_GETAFFINITY.invokeExact(state, 0, mask.byteSize(), mask.address()));
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int prctl(MemorySegment state, int option, long argument) {
        try {
            return result(state, (int) PRCTL.invokeExact(state, option, argument, 0L, 0L, 0L));
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int geteuid() {
        try {
            return (int) GETEUID.invokeExact();
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    /** The C library's text for an errno number. */
    @SuppressWarnings("restricted")
    static String errorText(int errno) {
        try {
            MemorySegment text = (MemorySegment) STRERROR.invokeExact(errno);
            return text.reinterpret(256).getString(0);
        } catch (Throwable t) {
            throw broken(t);
        }
    }
}
