"""Random conversations of a receiver with a sender that loses, reorders, repeats, overlaps and errs; see bench/linux-oracle --receive.

As with conversations.py a script is made step by step: our stack runs what there is of it in virtual time (sluice drill), which shows how far it acknowledges and what window it
announces; the next segments are put near to that. What a call returns is taken from our stack too. The whole then runs on Linux by the original packetdrill, and each packet that
the receiver sends, what its application reads, and TCP_INFO are compared.

Where they part by a row of docs/linux-differences.md (listed.py tells which, and which event of the script brings it about) that event is taken out of the script, both run again,
and the comparison goes on: until nothing differs any more, or something that is not listed does.
"""
import argparse
import concurrent.futures
import json
import os
import pickle
import random
import re
import subprocess
import sys

import listed
from kernel import ACK, OPENED, RST, on_linux, pcapng

MSS = 1000
START = 0.2  # when the connection is open
CLOCK = 100  # the timestamp of the SYN-ACK
EXACT = "state options rcv_mss bytes_received segs_in data_segs_in segs_out rcv_ooopack unacked snd_wnd".split()
ROUGH = ["ato"]


def clock(at):
    return CLOCK + round((at - OPENED) * 1000)


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
        self.rows = []  # listed differences whose events were taken out

    def name(self):
        return "r%06d.pkt" % self.seed

    def describe(self):
        words = ["SACK"] * self.sack + ["timestamps"] * self.timestamps + ["scale"] * self.scale + ["buffer %d" % self.buffer] * (self.buffer > 0) + ["inline"] * self.inline
        return " ".join(words) or "plain"

    def script(self, more, asks=False):
        """asks: whether Linux's soft limit of the window is asked for after each segment."""
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
        lines, closed = [], False
        for i, e in enumerate(self.events):
            closed |= e.text.startswith("close(")
            ask = asks and e.text.startswith("<") and not closed
            lines.append(e.line() + (' +0 %%{ print("Q%d", tcpi_rcv_ssthresh, tcpi_rcv_wnd) }%%' % i if ask else ""))  # one line still, as lines are counted
        return head + "\n".join(lines) + "\n%.6f fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n" % (self.time + more)

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
        at = self.time + r.choice([.012, .012, .07, .07, .12, .33, .6])
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
        """The peer has what the receiver sent, so that nothing of that is sent again; at a number that is in the window still."""
        self.written += more
        at_least = max(self.next, min(self.high, self.edge - 1))
        options = " <nop,nop,TS val %d ecr %d>" % (100 + round((at - START) * 1000) + 110, clock(at)) if self.timestamps else ""
        self.add(at, "< . %d:%d(0) ack %d win %d%s" % (at_least + 1, at_least + 1, self.written + 1, 257 if self.scale else 32792, options))


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


def in_child(script, packetdrill):
    """As on_linux, in a process of its own, whose namespace ends with it."""
    return pickle.loads(subprocess.run([sys.executable, __file__, "--one", script, packetdrill], stdout=subprocess.PIPE, check=True).stdout)


def is_update(c, sent, i):
    """Whether a packet only tells of more room, after a read."""
    p = sent[i]
    before = sent[i - 1] if i else None
    near = [e for e in c.events if p.at - .005 < e.at <= p.at + .0001 and "print(" not in e.text]
    return (before is not None and p.flags == ACK and not p.length and p.ack == before.ack and p.window >= 2 * before.window
            and any(re.match("read|recv|ioctl|setsockopt", e.text) for e in near)
            and (not any(e.text.startswith("<") and e.at <= p.at for e in near) or p.content() == before.content()))


class Comparison:
    """Two runs of one script, packet by packet and look by look. passed: rows that windows belong to, which nothing follows from."""

    def __init__(self, c, told, mine, run):
        self.c, self.told, self.mine, self.run = c, told, mine.sent, run
        self.passed = []
        self.alone = ([], [])  # when each sent window updates that the other did not

    def late(self, a, b):
        """Timers are later on Linux."""
        return abs(a.at - b.at) > self.lateness(a.at)

    def lateness(self, at):
        return listed.lateness(at, max([0] + [e.at for e in self.c.events if e.at <= at]))

    def first(self):
        """The first difference; False when there is none, None when the run on Linux says nothing."""
        until, stopped = self.c.time, None
        if self.run.status != 0:
            m = re.search(r"\.pkt:(\d+): (.*)", self.run.why)
            if not m:
                return None
            event = self.c.events[min(int(m.group(1)) - self.c.first_line, len(self.c.events) - 1)] if int(m.group(1)) >= self.c.first_line else None
            if event is None or event.guess is None or "timing" in m.group(2):
                return None
            until = event.at
            stopped = listed.Difference("%s  Linux: %s" % (event.line(), m.group(2)), event.at)
        return self.packets(until - (0 if stopped else .002)) or stopped or self.looks()

    def packets(self, until):
        mine, theirs = self.mine, self.run.reader.sent
        i = j = 0
        while i < len(mine) or j < len(theirs):
            a = mine[i] if i < len(mine) else None
            b = theirs[j] if j < len(theirs) else None
            at = min(x.at for x in (a, b) if x)
            if at > until:
                return False
            if a and b and not self.late(a, b) and a.content() == b.content():
                if b.window == 0 and a.window > 0 and not a.flags & RST:
                    self.passed.append(listed.WINDOW)
                i, j = i + 1, j + 1
            elif b and (a is None or b.at <= a.at + .001) and is_update(self.c, theirs, j):
                self.alone[1].append(b.at)
                self.passed.append(listed.WINDOW)
                j += 1
            elif a and (b is None or a.at <= b.at + .001) and is_update(self.c, mine, i):
                self.alone[0].append(a.at)
                self.passed.append(listed.WINDOW)
                i += 1
            else:
                run = [x.at for x in mine[max(0, i - 30):i] if x.content() == mine[i - 1].content()] if i else []
                late = a is not None and b is not None and self.late(a, b)
                again = i and a is not None and a.content() == mine[i - 1].content()
                return listed.Difference("sent  Linux [%s]  ours [%s]" % (b, a), at, a, b, min(run + [at]) if len(run) > 1 or late or again else at)
        return False

    def looks(self):
        at = 0
        for a, b in zip(self.told, self.run.looks):
            since, at, behind = at, next(e.at for e in self.c.events if '"%s"' % a[0] in e.text), 0
            if any(m.at < at < m.at + self.lateness(m.at) and not any(m.at - listed.NEAR < e.at <= m.at for e in self.c.events) for m in self.mine):
                continue  # a timer has just run out, of which Linux may know nothing yet
            for i, f in enumerate(EXACT + ROUGH):
                x, y = int(a[i + 1]), int(b[i + 1])
                if f == "segs_out":
                    x, y = (n - sum(1 for m in alone if m < at) for n, alone in zip((x, y), self.alone))
                    behind = min(max(0, x - y), sum(1 for p in self.run.reader.sent if at < p.at < at + .02))  # compared already, as late as it may be
                    y += behind
                if f in ROUGH and abs(x - y) > 8000 and not behind or f in EXACT and x != y:
                    return listed.Difference("%s %s  Linux %d  ours %d" % (a[0], f, y, x), at, since=since)
        return False


class Verdict:
    """
    What comparing one script came to: text, what differs, empty for nothing and None when it could not be run; row and event of a listed one; passed as of Comparison.
    """

    def __init__(self, text, row="", event=None, passed=()):
        self.text, self.row, self.event, self.passed = text, row, event, passed


def compare(c, ours, a):
    """What is not listed must show as often as said, since Linux runs in real time."""
    script = os.path.join(a.folder, "final", c.name())
    with open(script, "w") as f:
        f.write(c.script(.05, True))
    told, mine = ours
    shown, run = 0, None
    for _ in range(6 * a.tries):
        run = in_child(script, a.packetdrill)
        comparison = Comparison(c, told, mine, run)
        d = comparison.first()
        if d is None:
            continue
        if not d:
            return Verdict("", passed=comparison.passed)
        row = listed.recognize(c, d, mine, run)
        if row:
            return Verdict(d.text, row[0], row[1])
        shown += 1
        if shown == a.tries:
            return Verdict(d.text)
    return Verdict(None, run.why)


def make(a, ours, first, count):
    """Conversations, step by step."""
    conversations = [Conversation(first + i) for i in range(count)]
    for _ in range(a.steps):
        sent = ours.run([c for c in conversations if not c.over], .02)[1]
        for c in conversations:
            if not c.over and not c.failed:
                c.step(sent[c.name()])
    return conversations


def converse(a, ours, left, counts):
    """Compares conversations until nothing, or something that is not listed, differs."""
    for i in range(a.rounds + 1):
        told, sent = ours.run(left, .05)
        for c in left:
            if c.failed:
                counts.over(c, Verdict(None, "our stack does not run it: " + c.failed), "")
        left = [c for c in left if not c.failed]
        again = []
        with concurrent.futures.ThreadPoolExecutor(a.jobs) as pool:
            for c, v in zip(left, pool.map(lambda c: compare(c, (told[c.name()], sent[c.name()]), a), left)):
                if not v.event:
                    counts.over(c, v, "")
                    continue
                print("%d (%s): listed, \"%s\": %s  [%s]" % (c.seed, c.describe(), v.row, v.text, v.event.line()), flush=True)
                c.rows.append(v.row)
                if i == a.rounds:
                    counts.over(c, Verdict(""), v.row)
                c.events.remove(v.event)
                again.append(c)
        left = again
        if not left:
            break


class Counts:
    def __init__(self):
        self.alike = self.listed = self.cut = self.different = self.unable = 0
        self.rows = {}

    def over(self, c, verdict, cut):
        """A conversation is done."""
        what = "%d (%s)" % (c.seed, c.describe())
        rows = c.rows + list(verdict.passed)
        for row in set(rows):
            self.rows[row] = self.rows.get(row, 0) + 1
        if verdict.text is None:
            self.unable += 1
            print("%s could not be run: %s" % (what, verdict.row), flush=True)
        elif verdict.text:
            self.different += 1
            print("%s: %s%s" % (what, verdict.text, "  (%d events were taken out)" % len(c.rows) if c.rows else ""), flush=True)
        elif any(row != listed.TIMER for row in rows):
            self.listed += 1
        else:
            self.alike += 1
        if cut:
            self.cut += 1
            print("%s: still differs after %d listed differences, the last: %s" % (what, len(c.rows), cut), flush=True)

    def report(self):
        for row, count in sorted(self.rows.items()):
            print("%d with: %s" % (count, row))
        print("%d alike, %d but for listed differences (%d of them not compared to the end), %d different, %d could not be run"
              % (self.alike, self.listed, self.cut, self.different, self.unable), flush=True)


def main():
    parser = argparse.ArgumentParser()
    for name in ("sluice", "packetdrill", "folder"):
        parser.add_argument("--" + name, required=True)
    for name, value in (("first", 1), ("count", 20), ("steps", 14), ("jobs", 3), ("tries", 3), ("rounds", 16), ("batch", 200)):
        parser.add_argument("--" + name, type=int, default=value)
    a = parser.parse_args()
    page = open(os.path.join(os.path.dirname(__file__), "../../docs/linux-differences.md")).read()
    for row in listed.ROWS:
        if "| %s |" % row not in page:
            sys.exit("docs/linux-differences.md has no row \"%s\"" % row)
    for name in ("ours", "final"):
        os.makedirs(os.path.join(a.folder, name), exist_ok=True)
    ours = Ours(a.sluice, os.path.join(a.folder, "ours"))
    counts = Counts()
    for first in range(a.first, a.first + a.count, a.batch):
        converse(a, ours, make(a, ours, first, min(a.batch, a.first + a.count - first)), counts)
        counts.report()
    return 1 if counts.unable else 0


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        sys.stdout.buffer.write(pickle.dumps(on_linux(*sys.argv[2:])))
    else:
        sys.exit(main())
