"""Random conversations of a receiver with a sender that loses, reorders, repeats, overlaps and errs; see bench/linux-oracle --receive.

As with conversations.py a script is made step by step: our stack runs what there is of it in virtual time (sluice drill), which shows how far it acknowledges and what window it
announces; the next segments are put near to that. What a call returns is taken from our stack too. The whole then runs on Linux by the original packetdrill, and each packet that
the receiver sends, what its application reads, and TCP_INFO are compared.
"""
import argparse
import concurrent.futures
import ctypes
import json
import os
import pickle
import random
import re
import socket
import struct
import subprocess
import sys

MSS = 1000
START = 0.2  # when the connection is open
OPENED = 0.1  # when the SYN-ACK is sent
CLOCK = 100  # its timestamp
NEAR = .0006  # between a segment and what it draws
EXACT = "state options rcv_mss bytes_received segs_in data_segs_in segs_out rcv_ooopack unacked snd_wnd".split()
ROUGH = ["ato"]
FIN, SYN, RST, PSH, ACK, URG = 1, 2, 4, 8, 16, 32


def clock(at):
    return CLOCK + round((at - OPENED) * 1000)


class Sent:
    """A packet of the receiver: when, and what of it is compared, relative to the initial sequence numbers."""

    def __init__(self, at, flags, seq, ack, window, blocks, echo, length, urgent):
        self.at, self.flags, self.seq, self.ack, self.window, self.blocks, self.echo, self.length, self.urgent = at, flags, seq, ack, window, blocks, echo, length, urgent

    def content(self, windows):
        reset = self.flags & RST
        return (self.flags, self.seq, 0 if reset and not self.flags & ACK else self.ack, None if reset else (self.window if windows else self.window > 0), None if reset else self.blocks,
                None if reset else self.echo, self.length, self.urgent)

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


class Event:
    def __init__(self, at, text, guess=None):
        self.at, self.text, self.guess = at, text, guess

    def line(self):
        return "%.6f %s" % (self.at, self.text if self.guess is None else self.text.replace("RESULT", self.guess))


class Conversation:
    def __init__(self, seed):
        self.seed = seed
        self.random = r = random.Random(seed)
        self.sack = r.random() < .75
        self.timestamps = r.random() < .35
        self.buffer = r.choice([3000, 8000, 20000, 60000]) if r.random() < .25 else 0
        self.scale = r.random() < .75
        self.inline = r.random() < .25
        self.talks = r.random() < .4
        self.urgent = r.random() < .25
        self.resets = r.random() < .25
        self.odd = r.random() < .3  # acknowledgments and timestamps that no peer would send
        self.fins = r.choice([0, .05, .15])
        self.events = []
        self.time = START
        self.next = 0  # what the receiver has, by its acknowledgments
        self.edge = 0
        self.high = 0
        self.anchors = []
        self.written = 0
        self.looks = 0
        self.closed = False
        self.shut = False
        self.over = False
        self.failed = ""

    def name(self):
        return "r%06d.pkt" % self.seed

    def describe(self):
        words = ["SACK"] * self.sack + ["timestamps"] * self.timestamps + ["scale"] * self.scale + ["buffer %d" % self.buffer] * (self.buffer > 0) + ["inline"] * self.inline
        return " ".join(words) or "plain"

    def script(self, more):
        sack = "sackOK," if self.sack else "nop,nop,"
        peers = "mss %d,%s%s%s" % (MSS + 12 * self.timestamps, sack, "TS val 100 ecr 0," if self.timestamps else "nop,nop,", "nop,wscale 7" if self.scale else "nop,nop,nop,nop")
        shift = (max(0, self.buffer.bit_length() - 16) if self.buffer else 10)
        answer = "mss 1460,%sTS val %d ecr 100%s" % (sack if self.sack else "nop,nop,", CLOCK, ",nop,wscale %d" % shift if self.scale else "") if self.timestamps else "..."
        echo = "<nop,nop,TS val 200 ecr %d>" % CLOCK if self.timestamps else ""
        buffer = "0 setsockopt(3, SOL_SOCKET, SO_RCVBUF, [%d], 4) = 0\n" % self.buffer if self.buffer else ""
        inline = "%g setsockopt(4, SOL_SOCKET, SO_OOBINLINE, [1], 4) = 0\n" % START if self.inline else ""
        head = """--tcp_ts_ecr_scaled
--tcp_ts_tick_usecs=0
`sysctl -q net.ipv4.tcp_no_metrics_save=1 net.ipv4.tcp_ecn=2 net.ipv4.tcp_comp_sack_nr=0`
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
0 setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0
%s0 bind(3, ..., ...) = 0
0 listen(3, 1) = 0
%g < S 0:0(0) win 32792 <%s>
%g > S. 0:0(0) ack 1 <%s>
%g < . 1:1(0) ack 1 win %d %s
%g accept(3, ..., ...) = 4
%g fcntl(4, F_SETFL, O_RDWR|O_NONBLOCK) = 0
%s""" % (buffer, OPENED, peers, OPENED, answer, START, 257 if self.scale else 32792, echo, START, START, inline)
        self.first_line = head.count("\n") + 1
        return head + "\n".join(e.line() for e in self.events) + "\n%.6f fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n" % (self.time + more)

    # --- one more step ---

    def add(self, at, text, guess=None):
        self.events.append(Event(at, text, guess))

    def step(self, reader):
        r = self.random
        sent = reader.sent
        self.edge = max(self.edge, reader.edge)
        for p in sent:
            if p.flags & ACK:
                self.next = max(self.next, p.ack - 1)
                self.edge = max(self.edge if p is not sent[0] else 0, p.ack - 1 + p.window)
            if p.flags & RST:
                self.over = True
        if self.over:
            return
        at = self.time + r.choice([.012, .012, .07, .07, .12, .3, .6])
        for _ in range(r.choice([1, 1, 1, 2, 3])):
            if r.random() < .68:
                at = self.segments(at)
            else:
                self.call(at)
                at = max(at, self.events[-1].at if self.events else at)
            at += r.choice([.0001, .0001, .012])
        if not self.closed:
            self.add(at, '%%{ print("P%d", %s) }%%' % (self.looks, ", ".join("tcpi_" + f for f in EXACT + ROUGH)))
            self.looks += 1
        self.time = max(e.at for e in self.events)

    def segments(self, at):
        r = self.random
        if r.random() < .45:
            start = max(self.next, self.high if r.random() < .7 else 0)
            for _ in range(r.choice([1, 1, 2, 3, 5])):
                length = r.choice([1, 10, 100, 500, MSS, MSS, MSS])
                self.segment(at, start, length)
                start += length
                at += .0001
            return at
        start = r.choice([self.next] * 3 + [self.high] + self.anchors[-6:]) + r.choice([0, 0, 0, -1, 1, -100, 100, -MSS, MSS, 2 * MSS])
        if r.random() < .05:
            start = self.edge + r.choice([-MSS, -1, 100000, 200000])
        start = max(start, -1)
        beyond = [a - start for a in self.anchors if start < a <= start + MSS]
        length = r.choice([0, 1, 100, 500, MSS, MSS] + beyond)
        self.segment(at, start, length)
        return at

    def segment(self, at, start, length):
        r = self.random
        flags, ack, options, urgent = "", "ack %d " % (self.written + 1), "", ""
        if start < self.edge:
            length = min(length, self.edge - start)  # what reaches beyond the window is trimmed, not dropped: docs/linux-differences.md
        if r.random() < self.fins:
            flags += "F"
        elif r.random() < .02:
            flags, length = "S", 0
        elif self.resets and r.random() < .03:
            flags, length = "R", 0
            if r.random() < .7:
                start = self.next + r.choice([-1, 1, 10, MSS])
        if r.random() < .3 and "R" not in flags:
            flags += "P"
        if self.urgent and r.random() < .25 and flags in ("", "P"):
            flags += "U"
            urgent = " urg %d" % r.choice([0, 1, 5, length, length + 1, MSS, 3 * MSS])
        acknowledges = not (self.odd and r.random() < .04)
        if acknowledges:
            flags += "."
            if self.odd and r.random() < .12:
                ack = "ack %d " % ((self.written + 1 + r.choice([-1, -5, -200, -100000, 1, 100])) % 2**32)
        else:
            ack = ""
        if self.timestamps and r.random() > (.05 if self.odd else 0):
            val = 100 + round((at - START) * 1000) + 110
            if self.odd and r.random() < .15:
                val -= r.choice([1, 30, 300, 3000])
            options = " <nop,nop,TS val %d ecr %d>" % (val % 2**32, max(CLOCK, clock(at) - 40))
        if not flags.strip("PU"):
            flags = flags or "P"
        self.add(at, "< %s %d:%d(%d) %swin %d%s%s" % (flags, start + 1, start + 1 + length, length, ack, 257 if self.scale else 32792, urgent, options))
        self.anchors += [start, start + length]
        self.high = max(self.high, start + length)

    def call(self, at):
        if self.closed:
            return
        r = self.random
        which = r.random()
        read = "%s(4, ..., %d%s) = RESULT"
        size = r.choice([1, 50, 500, 1000, 3000, 100000])
        if which < .45:
            self.add(at, read % ("read", size, ""), "0")
        elif which < .55:
            self.add(at, read % ("recv", size, ", MSG_PEEK"), "0")
        elif which < .62 and self.urgent:
            self.add(at, read % ("recv", 1, ", MSG_OOB" if r.random() < .7 else ", MSG_OOB|MSG_PEEK"), "0")
        elif which < .75:
            self.add(at, "ioctl(4, SIOCINQ, [RESULT]) = 0", "0")
        elif which < .80:
            self.add(at, "setsockopt(4, SOL_SOCKET, SO_RCVBUF, [%d], 4) = 0" % r.choice([2000, 5000, 20000, 60000]))
        elif which < .83:
            self.add(at, "shutdown(4, SHUT_RD) = RESULT", "0")
        elif which < .85:
            self.add(at, "shutdown(4, SHUT_WR) = RESULT", "0")
            self.shut = True
            self.acknowledge(at + .012, 1)
        elif which < .87:
            self.add(at, "close(4) = 0")
            self.closed = True
            self.acknowledge(at + .012, 0 if self.shut else 1)
        elif self.talks and not self.shut:
            self.add(at, "write(4, ..., 100) = RESULT", "100")
            self.acknowledge(at + .012, 100)

    def acknowledge(self, at, more):
        """The peer has what the receiver sent, so that nothing of that is sent again."""
        self.written += more
        options = " <nop,nop,TS val %d ecr %d>" % (100 + round((at - START) * 1000) + 110, clock(at)) if self.timestamps else ""
        self.add(at, "< . %d:%d(0) ack %d win %d%s" % (self.next + 1, self.next + 1, self.written + 1, 257 if self.scale else 32792, options))


def looks(lines):
    return [line.split() for line in lines if re.match(r"P\d", line)]


class Ours:
    def __init__(self, sluice, folder):
        self.sluice, self.folder = sluice, folder

    def run(self, conversations, more):
        """Runs all until each call's result is known; returns the looks and what was sent, by script."""
        told, sent, left = {}, {}, [c for c in conversations if not c.failed]
        for c in left:
            for e in c.events:
                e.at = round(e.at, 6)
            c.events.sort(key=lambda e: e.at)
        capture = os.path.join(self.folder, "ours.pcapng")
        for _ in range(40):
            if not left:
                return told, sent
            for name in os.listdir(self.folder):
                if name.endswith(".pkt"):
                    os.unlink(os.path.join(self.folder, name))
            for c in left:
                with open(os.path.join(self.folder, c.name()), "w") as f:
                    f.write(c.script(more))
            out = subprocess.run([self.sluice, "drill", "-j2", "--json", "-v", "--capture", capture, self.folder], capture_output=True, text=True).stdout
            packets = pcapng(capture)
            again = []
            results = {os.path.basename(x["file"]): x for x in json.loads(out)}
            for c in left:
                result = results[c.name()]
                if result["verdict"] == "pass":
                    told[c.name()] = looks(re.sub(r".*print: ", "", line) for line in result["ladder"])
                    sent[c.name()] = packets[c.name()]
                    continue
                index = result["line"] - c.first_line
                event = c.events[index] if 0 <= index < len(c.events) else None
                if event is None or event.guess is None:
                    c.failed = "line %s: %s: %s" % (result["line"], result["message"], result.get("actual"))
                    continue
                event.guess = re.sub(r"^(-1 \w+)$", r"\1 (x)", result["actual"].strip("[]"))
                again.append(c)
            left = again
        sys.exit("results are not found")


def on_linux(script, packetdrill):
    """Runs one script in a namespace; returns (looks, packets, at which event it stopped or None, why)."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x40000000) != 0:
        sys.exit("unshare: %s" % os.strerror(ctypes.get_errno()))
    sniffer = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
    sniffer.setsockopt(socket.SOL_SOCKET, 35, 1)  # SO_TIMESTAMPNS
    sniffer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    sniffer.settimeout(0)
    subprocess.run(["ip", "link", "set", "lo", "up"])
    run = subprocess.run(["bash", "-c", "ulimit -s 512; exec timeout 60 %s --ip_version=ipv4 --tolerance_usecs=25000 %s" % (packetdrill, script)], capture_output=True, text=True)
    reader = Reader()
    while True:
        try:
            data, extra, _, _ = sniffer.recvmsg(65536, 256)
        except BlockingIOError:
            break
        seconds, nanoseconds = struct.unpack("qq", extra[0][2][:16])
        reader.packet(seconds + nanoseconds / 1e9, data)
    return looks(run.stdout.splitlines()), reader, run.returncode, " ".join(run.stderr.split())


def in_child(script, packetdrill):
    """As on_linux, in a process of its own, whose namespace ends with it."""
    return pickle.loads(subprocess.run([sys.executable, __file__, "--one", script, packetdrill], stdout=subprocess.PIPE, check=True).stdout)


class Difference:
    """
    Where two runs part: when, what each sent there (None: nothing, or it shows in something else), and in words. since: where the run of equal packets
    begins that the difference may hide in.
    """

    def __init__(self, text, at, ours=None, linux=None, since=None):
        self.text, self.at, self.ours, self.linux = text, at, ours, linux
        self.since = at if since is None else since


def difference(c, told, mine, linux, windows, more):
    """The first one between two runs; False when there is none, None when the run on Linux says nothing. more: segments that ours did not send, but for a listed answer."""
    their_looks, reader, status, why = linux
    until, stopped = c.time, None
    if status != 0:
        m = re.search(r"\.pkt:(\d+): (.*)", why)
        if not m:
            return None
        event = c.events[min(int(m.group(1)) - c.first_line, len(c.events) - 1)] if int(m.group(1)) >= c.first_line else None
        if event is None or event.guess is None or "timing" in m.group(2):
            return None
        until = event.at
        stopped = Difference("%s  Linux: %s" % (event.line(), m.group(2)), event.at)
    theirs = reader.sent
    # Timers are later on Linux; an echo depends on the clock, which is ours of the script there.
    for i in range(max(len(mine), len(theirs))):
        a = mine[i] if i < len(mine) else None
        b = theirs[i] if i < len(theirs) else None
        first = min(x.at for x in (a, b) if x)
        if first > until - (.002 if not stopped else 0):
            break
        late = a is not None and b is not None and abs(a.at - b.at) > .02 + max(0, a.at - max([0] + [e.at for e in c.events if e.at <= a.at])) / 7
        alike = a is not None and b is not None and a.content(windows) == b.content(windows)
        if not alike or late:
            run = [x.at for x in mine[max(0, i - 30):i] if x.content(windows) == mine[i - 1].content(windows)] if i else []
            return Difference("sent  Linux [%s]  ours [%s]" % (b, a), first, a, b, min(run[-30:] + [first]) if len(run) > 1 or late else first)
    if stopped:
        return stopped
    at = 0
    for a, b in zip(told, their_looks):
        since, at = at, next(e.at for e in c.events if '"%s"' % a[0] in e.text)
        for i, f in enumerate(EXACT + ROUGH):
            x, y = int(a[i + 1]), int(b[i + 1])
            if f == "segs_out":
                x -= sum(1 for m in more if m < at)
            if f in ROUGH and abs(x - y) > 8000 or f in EXACT and x != y:
                return Difference("%s %s  Linux %d  ours %d" % (a[0], f, y, x), at, since=since)
    return False


class Arrival:
    """A segment of the peer, as the script has it."""

    FORM = re.compile(r"< ([A-Z.]+) (-?\d+):-?\d+\((\d+)\) (?:ack (\d+) )?win \d+(?: urg (\d+))?(?: <nop,nop,TS val (\d+))?")

    def __init__(self, event, m):
        self.at, self.flags, self.start, self.length = event.at, m.group(1), int(m.group(2)), int(m.group(3))
        self.end = self.start + self.length
        ack = int(m.group(4) or 0)
        self.ack = ack - 2**32 if ack > 2**31 else ack
        self.clock = int(m.group(6)) if m.group(6) else None
        self.urgent = int(m.group(5) or 0) if "U" in self.flags else None

    def place(self, edge):
        """-1 beyond a window, 0 over its edge, 1 within."""
        return -1 if self.start > edge or self.start == edge and self.length else 0 if self.end > edge else 1


def arrivals(c):
    found = [(e, Arrival.FORM.match(e.text)) for e in c.events]
    return [Arrival(e, m) for e, m in found if m]


def edge_before(reader, at):
    """The right edge of the window as told before {@code at}, as a number of the script's."""
    return max([reader.edge + 1] + [p.ack + p.window for p in reader.sent if p.at < at and p.flags & ACK and not p.flags & RST])


def last_ack(reader, at):
    return max([1] + [p.ack for p in reader.sent if p.at <= at + .0005 and p.flags & ACK])


# Rows of docs/linux-differences.md that such conversations show, and how each is recognized. A difference is taken for one of them only where the script
# itself has what the row speaks of, and at that moment.
WINDOW = "Receive window"
BEYOND = "Segments that reach beyond the window"
FIN_INSIDE = "The peer's FIN where data beyond it are held, or come over its place"
FIN_AGAIN = "A second FIN behind the first one"
FIN_SACK = "SACK blocks with the acknowledgment of a FIN after ours"
ORPHAN = "FIN-WAIT-2 without an application"
GHOST = "Acknowledgment of bytes from before our ISS"
NO_ACK = "Segment without ACK outside the window"
TICK = "Timestamp one tick before the last"
QUICK = "Acknowledgments while the window grows"
URGENT_0 = "Urgent pointer of 0"
URGENT_EARLY = "Urgent byte that comes out of order"
URGENT_OLD = "Urgent pointer to data that have arrived"
DELAY = .25  # an acknowledgment of data in order may be so late


def by_fin(c, d, mine, linux):
    """Ours has the stream end with the first FIN; Linux drops that, or takes another one."""
    segments = [s for s in arrivals(c) if s.at <= d.at + NEAR]
    own, other = last_ack(mine, d.at), last_ack(linux, d.at)
    ends = {s.end + 1 for s in segments if "F" in s.flags}
    a, b = d.ours, d.linux
    if a is not None and b is not None and own == other and own in ends and not a.blocks and b.blocks:
        return FIN_SACK
    if a is not None and b is not None and own == other and a.blocks and not b.blocks and any(e.text.startswith("close(") and e.at < d.at for e in c.events):
        return ORPHAN
    if own not in ends or own == other:
        return ""
    if other == own + 1 and any("F" in s.flags and s.end + 1 > own for s in segments):
        return FIN_AGAIN
    return FIN_INSIDE if any(s.end >= own for s in segments) else ""


def pressed(c, reader, at):
    """Whether what waits for the reader is a third of a buffer that was set at least: on Linux the segments' overhead fills it then."""
    sizes = [int(re.search(r"RCVBUF, \[(\d+)\]", e.text).group(1)) for e in c.events if "SO_RCVBUF" in e.text and e.at < at]
    size = sizes[-1] if sizes else c.buffer
    held = sum(right - left for left, right in ([p for p in reader.sent if p.at < at] or [None])[-1].blocks) if any(p.at < at for p in reader.sent) else 0
    coming = sum(s.length for s in arrivals(c) if abs(s.at - at) < NEAR)
    return size and last_ack(reader, at) - done(c, at) + held + coming >= size / 3


def done(c, at):
    """What the application has read, as the script's number of the next byte."""
    return 1 + sum(int(e.guess) for e in c.events if e.at < at and re.match(r"(read|recv)\((?!.*MSG_)", e.text) and e.guess.isdigit())


def by_window(c, d, mine, linux):
    """A segment that the one window holds and the other does not, or that lies over an edge; memory that Linux has no more of."""
    a, b = d.ours, d.linux
    for s in arrivals(c):
        delay = DELAY if s.start <= last_ack(mine, s.at) else NEAR
        if not d.since - delay <= s.at <= d.at + NEAR:
            continue
        own, other = s.place(edge_before(mine, s.at)), s.place(edge_before(linux, s.at))
        if own != other:
            return WINDOW
        if own == 0 and s.length:
            return BEYOND
    if b is not None and b.window == 0 and (a is None or a.window > 0) and not b.flags & RST:
        return WINDOW
    own, other = last_ack(mine, d.at), last_ack(linux, d.at)
    less = other <= own or a is not None and b is not None and b.ack <= a.ack or b is not None and len(b.blocks) <= len(a.blocks if a else ())
    return WINDOW if less and pressed(c, mine, d.at) else ""


def by_delay(c, d, mine, linux):
    """The one acknowledges data in order at once, the other waits: as many as the window has room for, or it grows."""
    a, b = d.ours, d.linux
    own, other = last_ack(mine, d.at), last_ack(linux, d.at)
    if own == other:
        return ""
    before = edge_before(linux, d.at - .0001)
    grown = edge_before(linux, d.at + NEAR) > before and not any(re.match("read|recv", e.text) and d.at - .01 < e.at < d.at for e in c.events)
    if other > own and grown:
        return QUICK
    windows = [[p.window for p in r.sent if p.at < d.at][-1:] or [0] for r in (mine, linux)]
    counts = [w[0] // 2000 for w in windows]
    return WINDOW if min(counts) < 16 and counts[0] != counts[1] else ""


def by_segment(c, d, mine, linux):
    """What the segment that was answered has of its own."""
    segments = arrivals(c)
    for i, s in enumerate(segments):
        if not s.length or "." not in s.flags or not d.at - .001 < s.at < d.at + NEAR:
            continue
        taken = last_ack(linux, d.at) >= s.end > last_ack(mine, d.at)
        if taken and s.ack <= 0 and last_ack(mine, d.at) == s.start:
            return GHOST
        clocks = [x.clock for x in segments[:i] if x.clock is not None]
        if s.clock is not None and clocks and s.clock == max(clocks) - 1:
            return TICK
    return ""


def by_mark(c, d, mine):
    """Where a read stops, or SIOCINQ counts to."""
    if d.ours or d.linux or not re.search(r"(read|recv|ioctl)\(", d.text):
        return ""
    if "MSG_OOB" in d.text and "-1 EAGAIN" in d.text and "got 1" in d.text and any(s.urgent and s.at < d.at and s.start > last_ack(mine, s.at - NEAR) for s in arrivals(c)):
        return URGENT_EARLY
    marks = [s for s in arrivals(c) if s.at < d.at and s.urgent is not None]
    for s in marks:
        if s.start + max(s.urgent, 1) - 1 + len(marks) < done(c, d.at):
            continue  # long read past
        if s.urgent == 0:
            return URGENT_0
        if s.start + s.urgent - 1 < last_ack(mine, s.at - .0007):
            return URGENT_OLD
    return ""


def without_ack(c, mine):
    """Packets of ours that answer segments without ACK: there the virtual clock stands still."""
    asked = [s.at for s in arrivals(c) if not set(s.flags) & set(".RS")]
    return [p for p in mine.sent if p.flags == ACK and not p.length and any(abs(p.at - at) < .00002 for at in asked)]


def judge(c, ours, linux, windows):
    """What differs, in words, and the row of docs/linux-differences.md that it belongs to: empty for none. None when the run on Linux says nothing."""
    told, mine = ours
    packets, more, rows = mine.sent, [], []
    for p in [None] + without_ack(c, mine):
        if p is not None:
            if not d or d.at < p.at - NEAR:
                break
            packets, more, rows = [x for x in packets if x is not p], more + [p.at], [NO_ACK]
        d = difference(c, told, packets, linux, windows, more)
        if d is None:
            return None
    if not d:
        return ("", rows[0]) if rows else ("", "")
    reader = linux[1]
    row = by_fin(c, d, mine, reader) or by_segment(c, d, mine, reader) or by_mark(c, d, mine) or by_window(c, d, mine, reader) or by_delay(c, d, mine, reader)
    return d.text, row


def compare(c, ours, a):
    """The difference and the listed row that it belongs to. It must show as often as said, since Linux runs in real time."""
    found = None
    script = os.path.join(a.folder, "final", c.name())
    tries = 0
    for _ in range(6 * a.tries):
        linux = in_child(script, a.packetdrill)
        judged = judge(c, ours, linux, a.windows)
        if judged is None:
            continue
        if not judged[0]:
            return judged
        found = judged
        tries += 1
        if tries == a.tries:
            return found
    return None, linux[3]


def main():
    parser = argparse.ArgumentParser()
    for name in ("sluice", "packetdrill", "folder"):
        parser.add_argument("--" + name, required=True)
    for name, value in (("first", 1), ("count", 20), ("steps", 14), ("jobs", 6), ("tries", 3)):
        parser.add_argument("--" + name, type=int, default=value)
    parser.add_argument("--windows", action="store_true")
    a = parser.parse_args()
    page = open(os.path.join(os.path.dirname(__file__), "../../docs/linux-differences.md")).read()
    for row in (WINDOW, BEYOND, FIN_INSIDE, FIN_AGAIN, FIN_SACK, ORPHAN, GHOST, NO_ACK, TICK, QUICK, URGENT_0, URGENT_EARLY, URGENT_OLD):
        if "| %s |" % row not in page:
            sys.exit("docs/linux-differences.md has no row \"%s\"" % row)
    conversations = [Conversation(a.first + i) for i in range(a.count)]
    ours = Ours(a.sluice, a.folder)
    for _ in range(a.steps):
        sent = ours.run([c for c in conversations if not c.over], .02)[1]
        for c in conversations:
            if not c.over and not c.failed:
                c.step(sent[c.name()])
    told, sent = ours.run(conversations, .05)
    os.makedirs(os.path.join(a.folder, "final"), exist_ok=True)
    for c in conversations:
        with open(os.path.join(a.folder, "final", c.name()), "w") as f:
            f.write(c.script(.05))
        if c.failed:
            print("%d (%s): our stack does not run it: %s" % (c.seed, c.describe(), c.failed))
    runs = [c for c in conversations if not c.failed]
    same = different = unable = 0
    rows = {}
    with concurrent.futures.ThreadPoolExecutor(a.jobs) as pool:
        for c, (what, row) in zip(runs, pool.map(lambda c: compare(c, (told[c.name()], sent[c.name()]), a), runs)):
            if what is None:
                unable += 1
                print("%d could not be run: %s" % (c.seed, row), flush=True)
            elif row:
                rows[row] = rows.get(row, 0) + 1
                print("%d (%s): listed, \"%s\": %s" % (c.seed, c.describe(), row, what), flush=True)
            elif what:
                different += 1
                print("%d (%s): %s" % (c.seed, c.describe(), what), flush=True)
            else:
                same += 1
    for row, count in sorted(rows.items()):
        print("%d listed: %s" % (count, row))
    print("%d alike, %d listed, %d different, %d could not be run" % (same, sum(rows.values()), different, unable))
    return 1 if unable else 0


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        sys.stdout.buffer.write(pickle.dumps(on_linux(*sys.argv[2:])))
    else:
        sys.exit(main())
