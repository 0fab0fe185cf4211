# Common to the whole-process benches; sourced, not run. bash.
# Everything happens in network namespaces of the bench's own; processes are ended by id.

bench_root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL=C

say() { echo "$*" >&2; }
skip() { say "SKIPPED: $*"; exit 77; }
fail() { say "FAILED: $*"; exit 1; }

# Options that all benches have. Sets quick and rounds; leaves the rest in rest[].
quick=
rounds=
rest=()
bench_options() { # "$@"
    while [ $# -gt 0 ]; do
        case $1 in
            -h | --help) usage; exit 0 ;;
            --quick) quick=1 ;;
            --rounds) rounds=${2:?--rounds N}; shift ;;
            *) rest+=("$1") ;;
        esac
        shift
    done
}

need() { # program package
    command -v "$1" > /dev/null 2>&1 || skip "$1 is not installed (Debian: apt-get install $2)"
}

pids=()
namespaces=()
restore_allowed=
work=
cleanup() {
    local p i
    for p in "${pids[@]}"; do kill "$p" 2> /dev/null; done
    for p in "${pids[@]}"; do
        for i in $(seq 150); do kill -0 "$p" 2> /dev/null || break; sleep 0.1; done
        kill -9 "$p" 2> /dev/null
        wait "$p" 2> /dev/null
    done
    for i in "${namespaces[@]}"; do ip netns del "$i" 2> /dev/null; done
    [ -z "$restore_allowed" ] || echo "$restore_allowed" > /proc/sys/net/ipv4/tcp_allowed_congestion_control
    [ -z "$work" ] || rm -rf "$work"
}

bench_start() {
    [ "$(id -u)" = 0 ] || skip "needs root (network namespaces, TUN devices)"
    [ -e /dev/net/tun ] || skip "there is no /dev/net/tun"
    need ip iproute2
    trap cleanup EXIT
    trap 'exit 130' INT TERM
    work=$(mktemp -d "${TMPDIR:-/tmp}/sluice-bench.XXXXXX")
    k=slb$$k # the kernel's side, which all measurements start from
    v=slb$$v # the other end of the veth pair
    local n
    for n in $k $v; do
        ip netns add "$n" || fail "cannot make a network namespace"
        namespaces+=("$n")
        ip -n "$n" link set lo up
        # Endings of short connections must not use up the ports; the same for all peers.
        ip netns exec "$n" sh -c 'echo 2000 > /proc/sys/net/ipv4/tcp_max_tw_buckets; echo 1024 65535 > /proc/sys/net/ipv4/ip_local_port_range'
    done
    # Build before anything is measured, then never look again.
    "$bench_root/sluice" --version > "$work/version" || fail "sluice cannot be built"
    export SLUICE_NO_BUILD=1
    . "$bench_root/build/find-jdk.sh"
    find_jdk || fail "no JDK"
    say "# $(basename "$0")${quick:+ --quick}  $(date -u '+%Y-%m-%d %H:%M UTC')"
    say "# $(cat "$work/version" | tr '\n' ' ')commit $(git -C "$bench_root" rev-parse --short HEAD 2> /dev/null), JDK $("$jdk/bin/java" -version 2>&1 | head -1 | cut -d'"' -f2), Linux $(uname -r), $(nproc) CPUs ($(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)), load $(cut -d' ' -f1-3 /proc/loadavg)"
}

# Builds the programs of this directory; their class path is in $classes. Needs bench_start.
bench_classes() {
    export_jdk
    (cd "$bench_root" && mvn -q -B -Dstyle.color=never -Dquick -DskipTests -Dmaven.test.skip=true -pl bench -am compile \
        dependency:build-classpath -Dmdep.includeScope=runtime -Dmdep.outputFile=target/bench.cp) > "$work/build.log" 2>&1 \
        || { cat "$work/build.log" >&2; fail "the build failed"; }
    classes=$bench_root/bench/target/classes:$(cat "$bench_root/bench/target/bench.cp")
}

in_k() { ip netns exec "$k" "$@"; }
in_v() { ip netns exec "$v" "$@"; }

# A pair of veth between k (10.97.0.1, fd97::1) and v (10.97.0.2, fd97::2). With "off": without segmentation and receive offloads.
veth() {
    ip -n "$k" link add v0 type veth peer name v1 netns "$v"
    local n d a
    for n in "$k v0 1" "$v v1 2"; do
        read -r n d a <<< "$n"
        ip -n "$n" addr add "10.97.0.$a/24" dev "$d"
        ip -n "$n" addr add "fd97::$a/64" dev "$d" nodad
        ip -n "$n" link set "$d" up
        [ "${1:-}" != off ] || ip netns exec "$n" ethtool -K "$d" tso off gso off gro off tx off > /dev/null
    done
}

# Starts a program that stays, with $input (nothing) as its standard input; its id is in $started. The log: $work/NAME.log.
start() { # name command…
    local name=$1
    shift
    : > "$work/$name.log"
    "$@" >> "$work/$name.log" 2>&1 < "${input:-/dev/null}" &
    started=$!
    pids+=($started)
}
stop() { # pid
    kill "$1" 2> /dev/null
    wait "$1" 2> /dev/null
    local left=() p
    for p in "${pids[@]}"; do [ "$p" = "$1" ] || left+=("$p"); done
    pids=("${left[@]}")
}
await_line() { # name pattern
    local i
    for i in $(seq 150); do
        grep -q "$2" "$work/$1.log" && return
        sleep 0.1
    done
    cat "$work/$1.log" >&2
    fail "$1 did not come up"
}

# sluice serve in k with 10.99.0.2 and fd99::2. Options of serve follow; prefix a command with taskset in $pin.
pin=
serve() { # name options…
    local name=$1
    shift
    # shellcheck disable=SC2086
    start "$name" $pin "$bench_root/sluice" serve --netns "$k" "$@"
    await_line "$name" '^ready'
}

probes=${SLUICE_PROBES:-/work/shared/probes}
rr_tool() {
    [ -r "$probes/rr.c" ] || skip "the probes are not at $probes: say where with SLUICE_PROBES"
    need gcc gcc
    gcc -O2 -w -o "$work/rr" "$probes/rr.c" || fail "rr.c"
}
mini_tcp_tool() {
    mkdir -p "$work/probes"
    "$jdk/bin/javac" -nowarn -d "$work/probes" "$probes"/{MiniTcp,Tun,Raw}.java 2> "$work/javac.log" || { cat "$work/javac.log" >&2; fail "MiniTcp"; }
}
# The barest prototype in k: 10.98.0.2, ports 7 echo, 5001 sink, 5002 source. Its device exists while it runs.
mini() { # name options
    # shellcheck disable=SC2086
    start "$1" ip netns exec "$k" $pin "$jdk/bin/java" --enable-native-access=ALL-UNNAMED -cp "$work/probes" MiniTcp 100000 "$2"
    await_line "$1" ready
}

# Lets namespaces use cubic; the machine's list is put back at the end.
allow_cubic() {
    local f=/proc/sys/net/ipv4/tcp_allowed_congestion_control
    if ! grep -qw cubic $f; then
        grep -qw cubic /proc/sys/net/ipv4/tcp_available_congestion_control || skip "this kernel has no cubic"
        restore_allowed=$(cat $f)
        echo "$restore_allowed cubic" > $f || fail "cannot allow cubic"
        say "# net.ipv4.tcp_allowed_congestion_control: \"$restore_allowed\", with cubic while this runs"
    fi
}

median() { printf '%s\n' "$@" | sort -g | awk '{a[NR]=$1} END {x = NR%2 ? a[(NR+1)/2] : (a[NR/2]+a[NR/2+1])/2; if (NR) printf((x >= 1000 ? "%.0f" : "%.4g"), x)}'; }
lowest() { printf '%s\n' "$@" | sort -g | head -1; }
highest() { printf '%s\n' "$@" | sort -g | tail -1; }
spread() { printf '%s [%s–%s]' "$(median "$@")" "$(lowest "$@")" "$(highest "$@")"; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN {if (b > 0) printf "%.2f", a / b; else printf "-"}'; }
verdict() { awk -v a="$1" -v op="$2" -v b="$3" 'BEGIN {ok = op == ">=" ? a >= b : a <= b; print ok ? "yes" : "NO"}'; }
