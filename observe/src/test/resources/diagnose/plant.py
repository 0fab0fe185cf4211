#!/usr/bin/env python3
"""Plants a fault with kernel sockets in the network namespace that it runs in, and prints what ss, nstat and sysctl say.

Made the files beside it: for each NAME  ip netns exec SOME python3 plant.py NAME > NAME.txt  (lo must be up; the two
that need loss use iptables there).
"""
import os, socket, struct, subprocess, sys, time

def out():
    for cmd in (["ss", "-tuanipeom"], ["nstat", "-az"], ["sysctl", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_max_syn_backlog"]):
        sys.stdout.write("\n".join(l.rstrip() for l in subprocess.run(cmd, capture_output=True, text=True).stdout.split("\n")))
    sys.stdout.flush()

def listener(backlog=128, port=8080, rcvbuf=None):
    s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if rcvbuf: s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, rcvbuf)
    s.bind(("127.0.0.1", port)); s.listen(backlog); return s

def drop(*rule):
    subprocess.run(["iptables", "-A", "INPUT", "-p", "tcp", *rule, "-j", "DROP"], check=True)

kept = []
def close_wait():
    l = listener()
    for i in range(40):
        c = socket.create_connection(("127.0.0.1", 8080)); a, _ = l.accept(); kept.append(a); c.close()
def time_wait():
    subprocess.run(["sysctl", "-qw", "net.ipv4.ip_local_port_range=40000 40199"], check=True)
    l = listener()
    for i in range(190):
        try: c = socket.create_connection(("127.0.0.1", 8080))
        except OSError: break
        a, _ = l.accept(); c.close(); a.close()
def accept_queue():
    l = listener(4); kept.append(l)
    for i in range(20):
        c = socket.socket(); c.setblocking(False); c.connect_ex(("127.0.0.1", 8080)); kept.append(c)
    time.sleep(3)
def syn_queue():
    drop("--tcp-flags", "SYN,ACK", "SYN,ACK")
    kept.append(listener(4096))
    for i in range(300):
        c = socket.socket(); c.setblocking(False); c.connect_ex(("127.0.0.1", 8080)); kept.append(c)
    time.sleep(.3)
    for c in kept[1:]: c.close()
def slow(size=4 << 20):
    l = listener(); c = socket.create_connection(("127.0.0.1", 8080)); a, _ = l.accept(); kept.extend((c, a))
    c.setblocking(False); end = time.time() + 2
    while time.time() < end:
        try: c.send(b"x" * 65536)
        except BlockingIOError: time.sleep(.05)
    time.sleep(3)
def dead():
    l = listener(); c = socket.create_connection(("127.0.0.1", 8080)); a, _ = l.accept(); kept.extend((c, a))
    drop("--dport", "8080"); c.send(b"x" * 100); time.sleep(25)
def connect():
    drop("--dport", "8080")
    for i in range(5):
        c = socket.socket(); c.setblocking(False); c.connect_ex(("127.0.0.1", 8080)); kept.append(c)
    time.sleep(4)
def udp():
    r = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); r.bind(("127.0.0.1", 9000)); s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    for i in range(5000): s.sendto(b"x" * 1000, ("127.0.0.1", 9000))
    kept.append(r)
def loss():
    subprocess.run(["iptables", "-A", "INPUT", "-p", "tcp", "--dport", "8080", "-m", "statistic", "--mode", "nth", "--every", "40", "--packet", "0", "-j", "DROP"], check=True)
    subprocess.run(["ip", "link", "set", "lo", "mtu", "1500"], check=True)
    bulk(8 << 20)
def small_buffer():
    bulk(60 << 20, rcvbuf=4096)
def bulk(size, rcvbuf=None):
    l = listener(rcvbuf=rcvbuf); pid = os.fork()
    if pid == 0:
        a, _ = l.accept()
        while a.recv(1 << 16): pass
        time.sleep(60); os._exit(0)
    c = socket.create_connection(("127.0.0.1", 8080)); kept.append(c)
    end = time.time() + 10; sent = 0
    while sent < size and time.time() < end: sent += c.send(b"x" * 65536)
    time.sleep(.2); out(); os.kill(pid, 9); sys.exit()
def aborted():
    l = listener()
    for i in range(20):
        c = socket.create_connection(("127.0.0.1", 8080)); a, _ = l.accept(); c.send(b"x"); time.sleep(.01); a.close(); c.close()
def well():
    l = listener(); pid = os.fork()
    if pid == 0:
        a, _ = l.accept()
        while a.recv(1 << 16): pass
        time.sleep(60); os._exit(0)
    c = socket.create_connection(("127.0.0.1", 8080)); kept.append(c)
    for i in range(100): c.send(b"x" * 10000); time.sleep(.01)
    time.sleep(.2); out(); os.kill(pid, 9); sys.exit()
globals()[sys.argv[1]](); out()
