"""Runs a script on the kernel by the original packetdrill, in a network namespace of its own, and tells what the receiver sent and what its memory went through."""
import ctypes
import os
import re
import select
import socket
import struct
import subprocess
import sys
import time

OPENED = 0.1  # when the SYN-ACK is sent
FIN, SYN, RST, PSH, ACK, URG = 1, 2, 4, 8, 16, 32
# Counters that move when buffer memory is used up.
MEMORY = ("PruneCalled", "RcvPruned", "OfoPruned", "TCPRcvCollapsed", "TCPRcvQDrop", "TCPOFODrop", "TCPZeroWindowDrop")


class Sent:
    """A packet of the receiver: when, and what of it is compared, relative to the initial sequence numbers."""

    def __init__(self, at, flags, seq, ack, window, blocks, echo, length, urgent):
        self.at, self.flags, self.seq, self.ack, self.window, self.blocks, self.echo, self.length, self.urgent = at, flags, seq, ack, window, blocks, echo, length, urgent

    def content(self):
        """What is compared, but the window: that it is 0 is looked at apart."""
        reset = self.flags & RST
        return (self.flags, self.seq, 0 if reset and not self.flags & ACK else self.ack, None if reset else self.blocks, None if reset else self.echo, self.length, self.urgent)

    def __str__(self):
        names = "".join(n for bit, n in ((SYN, "S"), (FIN, "F"), (RST, "R"), (PSH, "P"), (URG, "U"), (ACK, ".")) if self.flags & bit)
        return "%s %d:%d ack %d win %d%s%s%s at %.3f" % (names, self.seq, self.seq + self.length, self.ack, self.window, " sack " + " ".join("%d:%d" % b for b in self.blocks) if self.blocks else "",
                                                     "" if self.echo is None else " ecr %d" % self.echo, " urg %d" % self.urgent if self.urgent else "", self.at)


class Reader:
    """Reads the packets of one connection, in the order of time."""

    def __init__(self):
        self.isn = self.peer = self.zero = self.port = None
        self.edge = 0  # of the SYN-ACK's window
        self.shift = 0
        self.clock = None
        self.first = None
        self.sent = []
        self.offered = {}

    def packet(self, at, ip):
        if len(ip) < 40 or ip[0] >> 4 != 4 or ip[9] != 6:
            return
        tcp = ip[(ip[0] & 15) * 4:struct.unpack_from("!H", ip, 2)[0]]
        source, target, seq, ack, offset, flags, window, _, urgent = struct.unpack_from("!HHIIBBHHH", tcp)
        options = {}
        i = 20
        while i < (offset >> 4) * 4:
            kind = tcp[i]
            if kind == 0:
                break
            if kind == 1:
                i += 1
                continue
            options[kind] = tcp[i + 2:i + tcp[i + 1]]
            i += max(2, tcp[i + 1])
        if self.zero is None:
            if flags & (SYN | ACK) == SYN:
                self.peer = seq
                self.port = target
                self.offered = options
            elif flags & (SYN | ACK) == SYN | ACK and source == self.port:
                self.isn = seq
                self.zero = at - OPENED
                self.edge = window
                self.shift = options[3][0] if 3 in options and 3 in self.offered else 0
                if 8 in options:
                    self.clock = struct.unpack("!I", options[8][:4])[0]
            return
        if source != self.port:
            return
        relative = lambda n, base: ((n - base + 2**31) & 0xffffffff) - 2**31
        blocks = struct.unpack("!%dI" % (len(options[5]) // 4), options[5]) if 5 in options else ()
        pairs = [(relative(blocks[i], self.peer), relative(blocks[i + 1], self.peer)) for i in range(0, len(blocks), 2)]
        echo = struct.unpack("!I", options[8][4:8])[0] if 8 in options else None
        self.sent.append(Sent(round(at - self.zero, 6), flags & 63, relative(seq, self.isn), relative(ack, self.peer) if flags & ACK else 0, window << self.shift, pairs, echo,
                              len(tcp) - (offset >> 4) * 4, urgent if flags & URG else 0))


def pcapng(path):
    """Readers by the name of the interface."""
    data = open(path, "rb").read()
    names, result, i = [], {}, 0
    while i < len(data):
        kind, length = struct.unpack_from("<II", data, i)
        if kind == 1:
            at, name = i + 16, ""
            while at < i + length - 4:
                code, size = struct.unpack_from("<HH", data, at)
                if code == 2:
                    name = os.path.basename(data[at + 4:at + 4 + size].decode())
                at += 4 + (size + 3) // 4 * 4
            names.append(name)
            result.setdefault(name, Reader())
        elif kind == 6:
            interface, high, low, size = struct.unpack_from("<IIII", data, i + 8)
            result[names[interface]].packet(((high << 32) + low) / 1e9, data[i + 28:i + 28 + size])
        i += length
    return result


class Run:
    """
    What a script showed on the kernel: looks, packets, exit status and why it stopped; and when memory counters moved. grown: the window's soft limit and the window
    (rcv_ssthresh, rcv_wnd) after each event that asks for them.
    """

    def __init__(self, lines, reader, status, why, moved):
        self.looks = [line for line in lines if re.match(r"P\d", line[0])]
        self.grown = {int(line[0][1:]): (int(line[1]), int(line[2])) for line in lines if re.match(r"Q\d", line[0])}
        self.reader, self.status, self.why = reader, status, why
        self.moved = [(at - (reader.zero or 0), name) for at, name in moved]


def memory_counters():
    with open("/proc/self/net/netstat") as f:
        names, values = [line.split() for line in f if line.startswith("TcpExt:")][:2]
    return {n: int(v) for n, v in zip(names, values) if n in MEMORY}


def on_linux(script, packetdrill):
    """Runs one script in a namespace, which the calling process enters for good."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x40000000) != 0:
        sys.exit("unshare: %s" % os.strerror(ctypes.get_errno()))
    sniffer = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
    sniffer.setsockopt(socket.SOL_SOCKET, 35, 1)  # SO_TIMESTAMPNS
    sniffer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    sniffer.settimeout(0)
    subprocess.run(["ip", "link", "set", "lo", "up"])
    run = subprocess.Popen(["bash", "-c", "ulimit -s 512; exec timeout 60 %s --ip_version=ipv4 --tolerance_usecs=25000 %s" % (packetdrill, script)],
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    reader, moved, before, over = Reader(), [], memory_counters(), False
    while not over:
        over = run.poll() is not None
        select.select([sniffer], [], [], .02)
        at = time.time()
        while True:
            try:
                data, extra, _, _ = sniffer.recvmsg(65536, 256)
            except BlockingIOError:
                break
            seconds, nanoseconds = struct.unpack("qq", extra[0][2][:16])
            reader.packet(seconds + nanoseconds / 1e9, data)
        now = memory_counters()
        moved += [(at, n) for n in MEMORY if now[n] != before[n]]
        before = now
    out, errors = run.communicate()
    return Run([line.split() for line in out.splitlines()], reader, run.returncode, " ".join(errors.split()), moved)
