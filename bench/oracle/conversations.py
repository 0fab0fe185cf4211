"""Random conversations of a sender with a receiver that loses, delays, reorders and duplicates; see bench/linux-oracle.

A conversation is made step by step: our stack runs what there is of it in virtual time (sluice drill), which shows what it has sent by then; the receiver below takes some
of that, and its acknowledgments are the next step. The whole script then runs on Linux by the original packetdrill, and both sides' packets and TCP_INFO are compared.
"""
import argparse
import concurrent.futures
import json
import os
import random
import re
import subprocess
import sys

MSS = 1000
# Compared as they are; then those compared with a tolerance, because Linux runs in real time.
EXACT = "snd_cwnd snd_ssthresh unacked sacked lost retrans ca_state total_retrans reordering backoff retransmits probes".split()
ROUGH = "rtt rttvar rto".split()
START = 0.2  # when the connection is open
OPENED = 0.1  # when the SYN-ACK is sent
SYN_ACK_CLOCK = 100  # its timestamp
WINDOW = 131072
WINDOW_SHIFT = 2
FEATURES = "timestamps windows ecn".split()


def clock(time):
    """The timestamp of what is sent then. A little later, because Linux's timers are late by some milliseconds, and what it sends may not seem older than it is."""
    return SYN_ACK_CLOCK + round((time - OPENED) * 1000) + 24


class Receiver:
    """What the peer has, and the acknowledgment it would send."""

    def __init__(self, sack, timestamps):
        self.sack = sack
        self.timestamps = timestamps
        self.echo = SYN_ACK_CLOCK  # TS.Recent
        self.echoes_congestion = False
        self.window = self.edge = WINDOW
        self.next = 0
        self.pieces = []  # out of order, (start, end)
        self.recent = []  # the same, the last that came first

    def blocks(self):
        joined = []
        for start, end in sorted(self.pieces):
            if joined and joined[-1][1] >= start:
                joined[-1][1] = max(joined[-1][1], end)
            else:
                joined.append([start, end])
        rank = lambda b: next((i for i, (s, e) in enumerate(self.recent) if b[0] <= s and e <= b[1]), len(self.recent))
        return sorted((tuple(b) for b in joined), key=rank)

    def take(self, sent, start, end):
        """Takes a piece; returns it when it was there before (a D-SACK)."""
        if start <= self.next <= end:
            self.echo = max(self.echo, clock(sent))
        if start == end:
            return None  # a probe
        duplicate = end <= self.next or any(s <= start and end <= e for s, e in self.blocks())
        self.pieces.append((start, end))
        self.recent = [(start, end)] + [r for r in self.recent if r != (start, end)]
        for s, e in sorted(self.pieces):
            if s <= self.next < e:
                self.next = e
        self.pieces = [(s, e) for s, e in self.pieces if e > self.next]
        return (start, end) if duplicate else None

    def acknowledgment(self, duplicate, at):
        options = []
        if self.timestamps:
            options.append("nop,nop,TS val %d ecr %d" % (round(at * 1000), self.echo))
        blocks = ([duplicate] if duplicate else []) + [b for b in self.blocks() if b != duplicate]
        if self.sack and blocks:
            options.append("nop,nop,sack " + " ".join("%d:%d" % (s + 1, e + 1) for s, e in blocks[:3]))
        # What was promised stays.
        self.edge = max(self.edge, self.next + self.window)
        return "< %s. 1:1(0) ack %d win %d%s" % ("E" if self.echoes_congestion else "", self.next + 1, (self.edge - self.next) >> WINDOW_SHIFT,
                                               " <%s>" % ",".join(options) if options else "")


class Conversation:
    def __init__(self, seed, controls, features):
        self.seed = seed
        self.random = r = random.Random(seed)
        self.control = r.choice(controls)
        self.features = [f for f in FEATURES if r.random() < .4 and f in features]
        self.receiver = Receiver(r.random() < .75, "timestamps" in self.features)
        self.loss = r.choice([0, .05, .15, .3])
        self.ack_loss = r.choice([0, 0, .2, .5])
        self.swap = r.choice([0, 0, .2, .5])
        self.duplicate = r.choice([0, 0, .1])
        self.pause = r.choice([.04, .12, .2])
        self.time = START
        self.events = []
        self.looks = 0
        self.delivered = set()
        self.written = 0
        self.over = False
        self.write(r.choice([5000, 10000, 30000, 60000]), START)

    def name(self):
        return "s%06d.pkt" % self.seed

    def describe(self):
        return "%s%s%s loss %g ack-loss %g swap %g duplicate %g" % (
            self.control, "" if self.receiver.sack else " without SACK", "".join(" " + f for f in self.features), self.loss, self.ack_loss, self.swap, self.duplicate)

    def add(self, at, text):
        fields = ", ".join("tcpi_" + f for f in EXACT + ROUGH)
        self.events += ["%.6f %s" % (at, text), '%.6f %%{ print("P%d", %s) }%%' % (at, self.looks, fields)]
        self.looks += 1

    def write(self, size, at):
        self.written += size
        self.add(at, "write(4, ..., %d) = %d" % (size, size))

    def script(self, more):
        sack = "sackOK," if self.receiver.sack else "nop,nop,"
        timestamps = lambda val, ecr: "TS val %d ecr %d," % (val, ecr) if self.receiver.timestamps else ""
        peers = "mss %d,%s%snop,wscale %d" % (MSS + 12 * self.receiver.timestamps, sack, timestamps(100, 0) or "nop,nop,", WINDOW_SHIFT)
        answer = "mss 1460,%s%snop,wscale 10" % (sack, timestamps(SYN_ACK_CLOCK, 100)) if self.receiver.timestamps else "..."
        echo = "<nop,nop,%s>" % timestamps(200, SYN_ACK_CLOCK)[:-1] if self.receiver.timestamps else ""
        ecn = "ecn" in self.features
        head = """--tcp_ts_ecr_scaled
--tcp_ts_tick_usecs=0
`sysctl -q net.ipv4.tcp_congestion_control=%s net.ipv4.tcp_no_metrics_save=1 net.ipv4.tcp_ecn=2`
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
0 setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0
0 bind(3, ..., ...) = 0
0 listen(3, 1) = 0
%g < S%s 0:0(0) win 32792 <%s>
%g > S%s. 0:0(0) ack 1 <%s>
%g < . 1:1(0) ack 1 win %d %s
%g accept(3, ..., ...) = 4
""" % (self.control, OPENED, "EW" if ecn else "", peers, OPENED, "E" if ecn else "", answer, START, WINDOW >> WINDOW_SHIFT, echo, START)
        return head + "\n".join(self.events) + '\n%.6f %%{ print("END") }%%\n' % (self.time + more)

    def step(self, sent):
        """One more step, from what was sent until now and would be sent if nothing came any more: (time, start, end)."""
        r = self.random
        at = self.when(sent)
        if self.over:
            return
        if r.random() < .15 and self.written - self.receiver.next < 20000:
            self.write(r.choice([500, 1000, 3000, 10000]), at)
            self.time = at
            return
        arriving = []
        for piece in sent:
            if piece[0] < at - .01 and piece not in self.delivered:
                self.delivered.add(piece)
                arriving += [piece] * ((r.random() >= self.loss) + (r.random() < self.duplicate))
        for i in range(len(arriving) - 1):
            if r.random() < self.swap:
                arriving[i], arriving[i + 1] = arriving[i + 1], arriving[i]
        if "ecn" in self.features:
            self.receiver.echoes_congestion = r.random() < (.6 if self.receiver.echoes_congestion else .15)
        news = "windows" in self.features and r.random() < .3
        if news:
            self.receiver.window = r.choice([0, 0, 1000, 2000, 4000, 10000, WINDOW])
        for sent_at, start, end in arriving:
            duplicate = self.receiver.take(sent_at, start, end)
            if r.random() >= self.ack_loss:
                self.add(at, self.receiver.acknowledgment(duplicate, at))
                at += .0001
        if news and not arriving:
            self.add(at, self.receiver.acknowledgment(None, at))
        self.time = at

    def when(self, sent):
        """A time that is not near to anything our stack sends by a timer: Linux's timers are later by some milliseconds."""
        for _ in range(20):
            at = self.time + self.random.choice([.3, .5, .7, 1.1, 1.7] if self.random.random() < self.pause else [.03, .05, .08, .11])
            # Nor such that the round trip (0.1 by the handshake) of what a timer sent is the shortest with one of them and not with the other.
            if not any(abs(at - t) < .028 or abs(at - t - .1) < .025 and t > START for t, _, _ in sent):
                return at
        self.over = True
        return self.time


def pieces(capture, names):
    """Data segments and window probes in a capture by the name of their interface (or all under one): (time, start, end), cut at the MSS, SYN-ACK at 0.1."""
    fields = "frame.interface_name frame.time_epoch tcp.srcport tcp.seq_raw tcp.len tcp.flags.syn tcp.flags.ack".split()
    rows = subprocess.run(["tshark", "-r", capture, "-Y", "tcp", "-T", "fields"] + [a for f in fields for a in ("-e", f)],
                          capture_output=True, text=True).stdout.splitlines()
    result = {n: [] for n in names}
    opened = {}
    for row in rows:
        interface, time, port, seq, length, syn, ack = row.split("\t")
        name = interface.rsplit("/", 1)[-1] if len(names) > 1 else names[0]
        if syn in ("1", "True"):
            if ack in ("1", "True"):
                opened[name] = (float(time) - OPENED, port, int(seq) + 1)
        elif name in opened and opened[name][1] == port:
            zero, _, first = opened[name]
            start = ((int(seq) - first + 2**31) & 0xffffffff) - 2**31
            end = start + int(length)
            at = round(float(time) - zero, 6)
            result[name] += [(at, s, min(s + MSS, end)) for s in range(start, end, MSS)]
            if start == end and start < max([0] + [e for _, _, e in result[name]]):
                result[name].append((at, start, end))
    return result


def looks(lines):
    return [line.split() for line in lines if re.match(r"P\d", line)]


class Ours:
    def __init__(self, sluice, folder):
        self.sluice = sluice
        self.folder = folder

    def run(self, conversations, more):
        """Runs all; returns the looks at TCP_INFO and what was sent, by script, and takes out what fails."""
        for c in conversations:
            with open(os.path.join(self.folder, c.name()), "w") as f:
                f.write(c.script(more))
        capture = os.path.join(self.folder, "ours.pcapng")
        out = subprocess.run([self.sluice, "drill", "-j2", "--json", "-v", "--capture", capture, self.folder], capture_output=True, text=True).stdout
        told = {}
        for result in json.loads(out):
            if result["verdict"] != "pass":
                sys.exit("our stack does not run %s: %s" % (result["file"], result["message"]))
            told[os.path.basename(result["file"])] = looks(re.sub(r".*print: ", "", line) for line in result["ladder"])
        return told, pieces(capture, [c.name() for c in conversations])


def on_linux(conversation, packetdrill, folder):
    """Runs one script; returns what ours returns, or a text why it could not be run."""
    script = os.path.join(folder, conversation.name())
    capture = script + ".pcap"
    why = ""
    for _ in range(5):
        # A stack of the usual size would be locked into memory for each thread.
        command = ("ip link set lo up; tcpdump -U -B 8192 --immediate-mode -i any -w %s tcp > /dev/null 2>&1 & p=$!; for i in $(seq 50); do [ -s %s ] && break; sleep 0.1; done; "
                   "ulimit -s 512; timeout 60 %s --ip_version=ipv4 --tolerance_usecs=15000 %s; s=$?; kill $p; wait $p 2> /dev/null; exit $s") % (capture, capture, packetdrill, script)
        if os.path.exists(capture):
            os.unlink(capture)
        run = subprocess.run(["unshare", "-n", "bash", "-c", command], capture_output=True, text=True)
        if run.returncode == 0:
            return looks(run.stdout.splitlines()), pieces(capture, [conversation.name()])[conversation.name()]
        why = " ".join(run.stderr.split())
    return why


def delays(sent, events):
    """How long each segment left after what happened last before it: after an event of the script (with Linux it may be
    late by a moment), or after the segment sent before."""
    result = []
    before = 0
    for time, _, _ in sent:
        before = max([before] + [e for e in events if e <= time + .003])
        result.append(max(0, time - before))
        before = max(before, time)
    return result


def difference(conversation, ours, linux):
    """The first one between two runs; empty when there is none."""
    for a, b in zip(ours[0], linux[0]):
        exact = 1 + len(EXACT)
        if a[:exact] != b[:exact]:
            return "%s  Linux %s  ours %s" % (a[0], " ".join(b[1:exact]), " ".join(a[1:exact]))
        if any(abs(int(x) - int(y)) > 5000 + int(x) // 10 for x, y in zip(a[exact:], b[exact:])):
            return "%s  rtt, rttvar, rto: Linux %s  ours %s" % (a[0], " ".join(b[exact:]), " ".join(a[exact:]))
    until = conversation.time
    mine, theirs = ([p for p in side[1] if p[0] <= until] for side in (ours, linux))
    events = sorted({float(e.split()[0]) for e in conversation.events})
    for a, b, after, linux_after in zip(mine, theirs, delays(mine, events), delays(theirs, events)):
        # Linux's timer wheel rounds up, by an eighth for long times.
        if a[1:] != b[1:] or abs(after - linux_after) > .03 + after / 7:
            return "sent  Linux %d:%d at %.3f  ours %d:%d at %.3f" % (b[1], b[2], b[0], a[1], a[2], a[0])
    return ""


def compare(conversation, ours, packetdrill, folder):
    """The difference, which must show three times, since Linux runs in real time; None when Linux could not run it."""
    found = ""
    for _ in range(3):
        linux = on_linux(conversation, packetdrill, folder)
        if isinstance(linux, str):
            print("%d could not be run: %s" % (conversation.seed, linux))
            return None
        found = difference(conversation, ours, linux)
        if not found:
            break
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sluice", required=True)
    parser.add_argument("--packetdrill", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--first", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--jobs", type=int, required=True)
    parser.add_argument("--controls", required=True)
    parser.add_argument("--features", required=True)
    a = parser.parse_args()
    conversations = [Conversation(a.first + i, a.controls.split(","), a.features.split(",")) for i in range(a.count)]
    ours = Ours(a.sluice, a.folder)
    for _ in range(a.steps):
        sent = ours.run(conversations, 4)[1]
        for c in conversations:
            if not c.over:
                c.step(sent[c.name()])
    told, sent = ours.run(conversations, .05)
    same = different = unable = 0
    with concurrent.futures.ThreadPoolExecutor(a.jobs) as pool:
        found = pool.map(lambda c: compare(c, (told[c.name()], sent[c.name()]), a.packetdrill, a.folder), conversations)
        for c, what in zip(conversations, found):
            same += what == ""
            unable += what is None
            if what:
                different += 1
                print("%d (%s): %s" % (c.seed, c.describe(), what))
    print("%d alike, %d different, %d could not be run" % (same, different, unable))
    return 1 if unable else 0


sys.exit(main())
