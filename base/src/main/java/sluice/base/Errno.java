package sluice.base;

/** Why a call could not be done, by Linux's names, numbers and texts, so that errors read the same here and there. */
public enum Errno {
    EPERM(1, "Operation not permitted"), //
    ENOENT(2, "No such file or directory"), //
    EINTR(4, "Interrupted system call"), //
    EIO(5, "Input/output error"), //
    EBADF(9, "Bad file descriptor"), //
    EAGAIN(11, "Resource temporarily unavailable"), //
    ENOMEM(12, "Cannot allocate memory"), //
    EACCES(13, "Permission denied"), //
    EFAULT(14, "Bad address"), //
    EBUSY(16, "Device or resource busy"), //
    EEXIST(17, "File exists"), //
    ENODEV(19, "No such device"), //
    EINVAL(22, "Invalid argument"), //
    ENFILE(23, "Too many open files in system"), //
    EPIPE(32, "Broken pipe"), //
    EDOM(33, "Numerical argument out of domain"), //
    ENOMSG(42, "No message of desired type"), //
    ENONET(64, "Machine is not on the network"), //
    EPROTO(71, "Protocol error"), //
    ENOTSOCK(88, "Socket operation on non-socket"), //
    EDESTADDRREQ(89, "Destination address required"), //
    EMSGSIZE(90, "Message too long"), //
    ENOPROTOOPT(92, "Protocol not available"), //
    EPROTONOSUPPORT(93, "Protocol not supported"), //
    EOPNOTSUPP(95, "Operation not supported"), //
    EAFNOSUPPORT(97, "Address family not supported by protocol"), //
    EADDRINUSE(98, "Address already in use"), //
    EADDRNOTAVAIL(99, "Cannot assign requested address"), //
    ENETDOWN(100, "Network is down"), //
    ENETUNREACH(101, "Network is unreachable"), //
    ECONNABORTED(103, "Software caused connection abort"), //
    ECONNRESET(104, "Connection reset by peer"), //
    ENOBUFS(105, "No buffer space available"), //
    EISCONN(106, "Transport endpoint is already connected"), //
    ENOTCONN(107, "Transport endpoint is not connected"), //
    ETIMEDOUT(110, "Connection timed out"), //
    ECONNREFUSED(111, "Connection refused"), //
    EHOSTDOWN(112, "Host is down"), //
    EHOSTUNREACH(113, "No route to host"), //
    EALREADY(114, "Operation already in progress"), //
    EINPROGRESS(115, "Operation now in progress"), //
    EKEYREJECTED(129, "Key was rejected by service");

    private final int number;
    private final String text;

    Errno(int number, String text) {
        this.number = number;
        this.text = text;
    }

    /** Linux's number (x86-64). */
    public int number() {
        return number;
    }

    /** The text of strerror(3). */
    public String text() {
        return text;
    }
}
