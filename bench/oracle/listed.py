"""
Which row of docs/linux-differences.md a difference between two receivers belongs to, and which event of the script brings it about. A row is named only where the script itself has
what the row speaks of, at that moment, and where what was measured on Linux (windows, soft limit, memory counters) says so. What follows from it is proved by taking the event out.
"""
import re

from kernel import ACK, FIN, RST

NEAR = .0006  # between a segment and what it draws
SLOW = .06  # so late may be noticed that a counter moved

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
URGENT_FIN = "Urgent pointer after the FIN"
SACK_OLD = "Block of a SACK that joins one reported long ago"
OLD_ACK = "Timestamp of a segment whose acknowledgment is old"
ROWS = (WINDOW, BEYOND, FIN_INSIDE, FIN_AGAIN, FIN_SACK, ORPHAN, GHOST, NO_ACK, TICK, QUICK, URGENT_0, URGENT_EARLY, URGENT_OLD, URGENT_FIN, SACK_OLD, OLD_ACK)
# No difference of the stacks: on Linux a timer runs out up to an eighth later than it was set for, and the next event of the script comes before it.
TIMER = "(a timer and the next event of the script)"


class Difference:
    """
    Where two runs part: when, what each sent there (None: nothing, or it shows in something else), and in words. since: where the run of equal packets
    begins that the difference may hide in.
    """

    def __init__(self, text, at, ours=None, linux=None, since=None):
        self.text, self.at, self.ours, self.linux = text, at, ours, linux
        self.since = at if since is None else since


class Arrival:
    """A segment of the peer, as the script has it."""

    FORM = re.compile(r"< ([A-Z.]+) (-?\d+):-?\d+\((\d+)\) (?:ack (\d+) )?win \d+(?: urg (\d+))?(?: <nop,nop,TS val (\d+))?")

    def __init__(self, event, m):
        self.event = event
        self.at, self.flags, self.start, self.length = event.at, m.group(1), int(m.group(2)), int(m.group(3))
        self.end = self.start + self.length
        ack = int(m.group(4) or 0)
        self.ack = ack - 2**32 if ack > 2**31 else ack
        self.clock = int(m.group(6)) if m.group(6) else None
        self.urgent = int(m.group(5) or 0) if "U" in self.flags else None
        self.fin = "F" in self.flags

    def place(self, edge):
        """-2 beyond a window, -1 right behind it, 0 over its edge, 1 within."""
        return -2 if self.start > edge else -1 if self.start == edge and self.length else 0 if self.end > edge else 1


class Case:
    """One difference, with all that is known of both runs."""

    def __init__(self, c, d, mine, run):
        self.c, self.d, self.mine, self.run, self.linux = c, d, mine, run, run.reader
        found = [(e, Arrival.FORM.match(e.text)) for e in c.events]
        self.segments = [Arrival(e, m) for e, m in found if m]
        self.before = [s for s in self.segments if s.at <= d.at + NEAR]

    def last_ack(self, reader, at):
        return max([1] + [p.ack for p in reader.sent if p.at <= at + .0005 and p.flags & ACK])

    def edge(self, reader, at):
        """The right edge of the window as told before {@code at}, as a number of the script's; Linux holds to more than it can tell without a scale."""
        told = [p.ack + p.window for p in reader.sent if p.at < at and p.flags & ACK and not p.flags & RST]
        if reader is self.linux:
            asked = [(s.at, self.run.grown.get(self.c.events.index(s.event))) for s in self.segments if s.at < at]
            told += [self.last_ack(reader, t) + window[1] for t, window in asked if window and window[1] > 65535 and reader.shift == 0]
        return max([reader.edge + 1] + told)

    def window(self, reader, at):
        return ([p.window for p in reader.sent if p.at < at and not p.flags & RST] or [reader.edge])[-1]

    def done(self, at):
        """What the application has read, as the script's number of the next byte."""
        return 1 + sum(int(e.guess) for e in self.c.events if e.at < at and re.match(r"(read|recv)\((?!.*MSG_)", e.text) and e.guess.isdigit())

    def fin_taken(self, at):
        """The first FIN that ours has taken by then."""
        own = self.last_ack(self.mine, at)
        return next((s for s in self.segments if s.fin and s.end + 1 == own and s.at <= at + NEAR), None)


def by_fin(k):
    """Ours has the stream end with the first FIN; Linux drops that, or takes another one."""
    a, b = k.d.ours, k.d.linux
    own, other = (max(k.last_ack(r, k.d.at), p.ack if p else 0) for r, p in ((k.mine, a), (k.linux, b)))
    fin = k.fin_taken(k.d.at) or next((s for s in k.before if s.fin and s.end + 1 == own), None)
    if a is not None and b is not None and own == other and a.blocks and not b.blocks and any(e.text.startswith("close(") and e.at < k.d.at for e in k.c.events):
        return ORPHAN, k.before[-1].event
    if fin is None and a is not None and a.flags & RST:  # the end is not acknowledged yet, and data come over it
        last = k.before[-1]
        fin = next((s for s in k.before if s.fin and own <= s.end and last.start <= s.end < last.end), None)
        return (FIN_INSIDE, fin.event) if fin else None
    if fin is None:
        return None
    if a is not None and b is not None and own == other:
        return (FIN_SACK, fin.event) if not a.blocks and b.blocks else None
    again = next((s for s in reversed(k.before) if s.fin and s.end + 1 > own), None)
    if other == own + 1 and again:
        return FIN_AGAIN, again.event
    if any(s.start > fin.end or s.start <= fin.end < s.end for s in k.before if s.length):
        return FIN_INSIDE, fin.event
    return None


def by_segment(k):
    """What the segment that was answered has of its own."""
    a, b = k.d.ours, k.d.linux
    for i, s in enumerate(k.segments):
        if not k.d.at - .001 < s.at < k.d.at + NEAR:
            continue
        alone = a is not None and a.flags == ACK and not a.length and (b is None or b.at > a.at + .0001 or b.ack > a.ack or b.content() != a.content())
        clocks = [x.clock for x in k.segments[:i] if x.clock is not None]
        old = s.clock is not None and bool(clocks) and (s.clock - max(clocks)) % 2**32 >= 2**31
        if ("." not in s.flags and not set(s.flags) & set("RS") and alone and abs(a.at - s.at) < NEAR
                and (old or s.start > k.edge(k.mine, s.at) or s.end < k.last_ack(k.mine, s.at))):
            return NO_ACK, s.event
        if not s.length or "." not in s.flags:
            continue
        taken = k.last_ack(k.linux, k.d.at) >= s.end > k.last_ack(k.mine, k.d.at)
        if taken and s.ack <= 0 and k.last_ack(k.mine, k.d.at) == s.start:
            return GHOST, s.event
        if s.clock is not None and clocks and s.clock == max(clocks) - 1:
            return TICK, s.event
    return None


def by_mark(k):
    """Where a read stops, or SIOCINQ counts to."""
    d = k.d
    if d.ours or d.linux or not re.search(r"(read|recv|ioctl)\(", d.text):
        return None
    marks = [s for s in k.segments if s.at < d.at and s.urgent is not None]
    if "MSG_OOB" in d.text and "-1 EAGAIN" in d.text and "got 1" in d.text:
        early = [s for s in marks if s.urgent and s.start > k.last_ack(k.mine, s.at - NEAR)]
        if early:
            return URGENT_EARLY, early[-1].event
    for s in reversed(marks):
        if k.fin_taken(s.at - NEAR):
            return URGENT_FIN, s.event
    for s in marks:
        if s.start + max(s.urgent, 1) - 1 + len(marks) < k.done(d.at):
            continue  # long read past
        if s.urgent == 0:
            return URGENT_0, s.event
        if s.start + s.urgent - 1 < k.last_ack(k.mine, s.at - .0007):
            return URGENT_OLD, s.event
    return None


def by_report(k):
    """A segment joins a block that Linux, which remembers four, has reported long ago."""
    a, b = k.d.ours, k.d.linux
    if a is None or b is None or not a.blocks or not b.blocks or a.ack != b.ack or a.blocks[1:] != b.blocks[1:]:
        return None
    (left, right), (from_, to) = a.blocks[0], b.blocks[0]
    s = k.before[-1]
    reported = [p.blocks for p in k.mine.sent if p.at < k.d.at and p.blocks]
    more = {block for blocks in reported for block in blocks}
    alone = (from_, to) == (s.start - 1, s.end - 1)
    return (SACK_OLD, s.event) if alone and left <= from_ and to <= right and (left, right) != (from_, to) and len(more) > 4 else None


def by_echo(k):
    """The timestamp of data with an acknowledgment that is older than what was acknowledged."""
    a, b = k.d.ours, k.d.linux
    s = k.before[-1]
    acked = max([x.ack for x in k.before[:-1] if x.ack < 2**30] + [1])
    if a is None or b is None or a.echo == b.echo or s.clock != a.echo or s.ack >= acked:
        return None
    return OLD_ACK, s.event


def takes_numbers(p):
    return p.length > 0 or bool(p.flags & FIN)


def by_room(k):
    """A read, after which ours tells at once of twice the room or more, and Linux, by its memory or its buffer of before, of less."""
    a, b = k.d.ours, k.d.linux
    if a is None or a.flags != ACK or a.length or (b is not None and b.at <= a.at + NEAR and b.window >= a.window):
        return None
    events = [e for e in k.c.events if e.at <= a.at and "print(" not in e.text]
    told = [p for p in k.mine.sent if p.at < a.at]
    theirs = [p for p in k.linux.sent if p.at < a.at + NEAR]
    if not events or not told or not theirs or not re.match(r"(read|recv)\((?!.*MSG_)", events[-1].text) or a.at - events[-1].at > NEAR:
        return None
    left = told[-1].ack + told[-1].window - a.ack
    if a.window < 2 * left or theirs[-1].ack + theirs[-1].window >= a.ack + a.window:
        return None
    sizes = [e for e in events if "SO_RCVBUF" in e.text]
    return WINDOW, (sizes or events)[-1]


def by_edge(k):
    """A segment that the one window holds and the other does not, or that lies over an edge."""
    for again, r in ((k.d.ours, k.mine), (k.d.linux, k.linux)):
        if again is None or not any(p.seq == again.seq and takes_numbers(p) and takes_numbers(again) and p.at < again.at - NEAR for p in r.sent):
            continue
        for s in reversed(k.before):  # one of them sends again what the other saw acknowledged
            if s.place(k.edge(k.mine, s.at)) != s.place(k.edge(k.linux, s.at)) and s.ack > again.seq:
                return WINDOW, s.event
    for s in reversed(k.before):
        own, other = s.place(k.edge(k.mine, s.at)), s.place(k.edge(k.linux, s.at))
        delay = .25 if s.start <= k.last_ack(k.mine, s.at) else NEAR  # an acknowledgment of data in order may be so late
        if s.at < k.d.since - delay:
            break
        if own != other:
            return WINDOW, s.event
        if own == 0 and s.length:
            return BEYOND, s.event
    return None


def by_memory(k):
    """Linux had no buffer memory left: what came was dropped, what was held given up, or a window of 0 told and acknowledged with."""
    since = k.d.since - .03
    moved = [at for at, name in k.run.moved if since <= at <= k.d.at + SLOW]
    if not moved:
        return None
    sizes = [e for e in k.c.events if "SO_RCVBUF" in e.text and e.at < k.d.at + NEAR]
    if sizes:
        return WINDOW, sizes[-1]
    if not k.c.buffer:
        return None
    coming = [s for s in k.before if s.length and since <= s.at <= moved[0] + NEAR]
    return (WINDOW, coming[-1].event) if coming else None


def by_delay(k):
    """The one acknowledges data in order at once, the other waits: as many as the window has room for, or it grows, or would shrink."""
    a, b = k.d.ours, k.d.linux
    first = min((p for p in (a, b) if p), key=lambda p: p.at, default=None)
    if first is None or first.flags & ~(ACK | 8):
        return None
    waits, at_once = (k.linux, k.mine) if first is a else (k.mine, k.linux)
    coming = [s for s in k.before if s.length and k.d.since - NEAR <= s.at <= first.at + NEAR and any(s.at <= p.at < s.at + NEAR for p in at_once.sent)]
    if not coming:
        return None  # a timer: not at once
    s = coming[-1]
    if at_once is k.linux:
        grown = [k.run.grown.get(k.c.events.index(x.event)) for x in k.segments if x.at <= s.at][-2:]
        if len(grown) == 2 and all(grown) and grown[1][0] > grown[0][0]:
            return QUICK, s.event
    if waits is k.linux:
        limit = k.run.grown.get(k.c.events.index(s.event))
        if limit and limit[0] < limit[1]:
            return WINDOW, s.event  # what would be told now is less than was told
    later = next((p for p in waits.sent if p.at > first.at and p.ack >= first.ack), None)
    was = [p for p in waits.sent if p.at < first.at]
    if later and was and later.ack + later.window < was[-1].ack + was[-1].window + (later.ack - was[-1].ack) and later.window < was[-1].window:
        return WINDOW, s.event
    counts = [k.window(r, first.at) // 2000 for r in (k.mine, k.linux)]
    return (WINDOW, s.event) if min(counts) < 16 and counts[0] != counts[1] else None


def by_growth(k):
    """The end of quick mode makes the delay the least again, and on Linux a growing window is quick for one acknowledgment."""
    if not re.search(r" ato  Linux 40000  ours", k.d.text):
        return None
    for s in reversed(k.before):
        if s.length and k.d.since - NEAR <= s.at:
            grown = [k.run.grown.get(k.c.events.index(x.event)) for x in k.segments if x.at <= s.at][-2:]
            if len(grown) == 2 and all(grown) and grown[1][0] > grown[0][0]:
                return QUICK, s.event
    return None


def lateness(at, before):
    """How much later than ours a timer of Linux may run out that was set at an event."""
    return .02 + max(0, at - before) / 7


def by_timer(k):
    """Ours sent something when a timer ran out, and the next event came before Linux's timer did."""
    a = k.d.ours
    times = [e.at for e in k.c.events if "print(" not in e.text]
    if a is None or any(a.at - NEAR <= t <= a.at for t in times):
        return None
    last = max([0] + [t for t in times if t <= a.at])
    following = [e for e in k.c.events if "print(" not in e.text and a.at < e.at < a.at + lateness(a.at, last)]
    return (TIMER, following[0]) if following else None


def recognize(c, d, mine, run):
    """The row, and the event to take out; None for what is not listed."""
    k = Case(c, d, mine, run)
    if not k.before:
        return None
    for rule in (by_timer, by_fin, by_segment, by_mark, by_report, by_echo, by_edge, by_room, by_memory, by_delay, by_growth):
        found = rule(k)
        if found:
            return found
    return None
