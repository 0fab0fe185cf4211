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


class Receiver:
    """What the peer has, and the acknowledgment it would send."""

    def __init__(self, sack):
        self.sack = sack
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

    def take(self, start, end):
        """Takes a piece; returns it when it was there before (a D-SACK)."""
        duplicate = end <= self.next or any(s <= start and end <= e for s, e in self.blocks())
        self.pieces.append((start, end))
        self.recent = [(start, end)] + [r for r in self.recent if r != (start, end)]
        for s, e in sorted(self.pieces):
            if s <= self.next < e:
                self.next = e
        self.pieces = [(s, e) for s, e in self.pieces if e > self.next]
        return (start, end) if duplicate else None

    def acknowledgment(self, duplicate):
        option = ""
        if self.sack:
            blocks = ([duplicate] if duplicate else []) + [b for b in self.blocks() if b != duplicate]
            if blocks:
                option = " <nop,nop,sack " + " ".join("%d:%d" % (s + 1, e + 1) for s, e in blocks[:3]) + ">"
        return "< . 1:1(0) ack %d win 1024%s" % (self.next + 1, option)


class Conversation:
    def __init__(self, seed, controls):
        self.seed = seed
        self.random = r = random.Random(seed)
        self.control = r.choice(controls)
        self.receiver = Receiver(r.random() < .75)
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
        return "%s%s loss %g ack-loss %g swap %g duplicate %g" % (
            self.control, "" if self.receiver.sack else " without SACK", self.loss, self.ack_loss, self.swap, self.duplicate)

    def add(self, at, text):
        fields = ", ".join("tcpi_" + f for f in EXACT + ROUGH)
        self.events += ["%.6f %s" % (at, text), '%.6f %%{ print("P%d", %s) }%%' % (at, self.looks, fields)]
        self.looks += 1

    def write(self, size, at):
        self.written += size
        self.add(at, "write(4, ..., %d) = %d" % (size, size))

    def script(self, more):
        options = "sackOK,nop,nop," if self.receiver.sack else ""
        head = """`sysctl -q net.ipv4.tcp_congestion_control=%s net.ipv4.tcp_no_metrics_save=1`
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
0 setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0
0 bind(3, ..., ...) = 0
0 listen(3, 1) = 0
0.1 < S 0:0(0) win 32792 <mss %d,%snop,wscale 7>
0.1 > S. 0:0(0) ack 1 <...>
%g < . 1:1(0) ack 1 win 1024
%g accept(3, ..., ...) = 4
""" % (self.control, MSS, options, START, START)
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
                arriving += [piece[1:]] * ((r.random() >= self.loss) + (r.random() < self.duplicate))
        for i in range(len(arriving) - 1):
            if r.random() < self.swap:
                arriving[i], arriving[i + 1] = arriving[i + 1], arriving[i]
        for start, end in arriving:
            duplicate = self.receiver.take(start, end)
            if r.random() >= self.ack_loss:
                self.add(at, self.receiver.acknowledgment(duplicate))
                at += .0001
        self.time = at

    def when(self, sent):
        """A time that is not near to anything our stack sends by a timer: Linux's timers are later by some milliseconds."""
        for _ in range(20):
            at = self.time + self.random.choice([.3, .5, .7, 1.1, 1.7] if self.random.random() < self.pause else [.03, .05, .08, .11])
            if not any(at - .025 < t < at + .025 for t, _, _ in sent):
                return at
        self.over = True
        return self.time


def pieces(capture, names):
    """Data segments in a capture by the name of their interface (or all under one): (time, start, end), cut at the MSS, SYN-ACK at 0.1."""
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
                opened[name] = (float(time) - .1, port, int(seq) + 1)
        elif name in opened and opened[name][1] == port and int(length) > 0:
            zero, _, first = opened[name]
            start = (int(seq) - first) & 0xffffffff
            end = start + int(length)
            result[name] += [(round(float(time) - zero, 6), s, min(s + MSS, end)) for s in range(start, end, MSS)]
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
        command = ("ip link set lo up; tcpdump -U --immediate-mode -i any -w %s tcp > /dev/null 2>&1 & p=$!; for i in $(seq 50); do [ -s %s ] && break; sleep 0.1; done; "
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
    """The difference, which must show twice, since Linux runs in real time; None when Linux could not run it."""
    found = ""
    for _ in range(2):
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
    a = parser.parse_args()
    conversations = [Conversation(a.first + i, a.controls.split(",")) for i in range(a.count)]
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
