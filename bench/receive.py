# SPDX-License-Identifier: MIT
"""The receive half of ./run bench e2e: TCP from the wire up to the stack edge.

References: a relay that hands each frame on, and one that coalesces the frames of a round (verified,
by liblso) as netcx does; where the wire carries super-packets, it first cuts them, as the card has
to. With --against BUILD the same of another commit's build folder. The idle flow is one byte there
and back, over and over: the median round trip, of both by turns, with both its ends on the other
processor. Wherever the scheduler puts them it is one of two numbers, with and without an interrupt
from one processor to the other, and the ratio is which of them was met.
"""
import os
import statistics
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TOP, "tools"))
from lab import Lab, STACK4  # noqa: E402
from meter import HEADING, LEGEND, add_shares, metered, shares_text  # noqa: E402

# name: what it is, what stands against it, the least ratio asked for (of an idle flow: the most)
RECEIVERS = {
    "in-relay-whole": ("relay, super-packets whole", None, None),
    "in-relay-recut": ("relay, super-packets cut and coalesced", None, None),
    "in-netcx-gso": ("netcx, wire tap:NAME,gso", "in-relay-recut", 0.85),
    "in-relay-cut": ("relay, frame by frame", None, None),
    "in-relay-coalesce": ("relay, coalescing", None, None),
    "in-netcx-cut": ("netcx, wire tap:NAME", "in-relay-coalesce", 0.85),
    "in-netcx-cut-single": ("the same with --no-coalesce", None, None),
    "in-netcx-packet": ("netcx, wire packet: on a veth", None, None),
}
# Of another commit, its own counterpart here.
OTHERS = {"in-other-gso": ("in-netcx-gso", 4.0), "in-other-cut": ("in-netcx-cut", 2.0),
          "in-other-packet": ("in-netcx-packet", 2.0)}
# What a relay does better than that other commit: as much as there is to be had.
BARE = {"in-other-gso": "in-relay-whole", "in-other-cut": "in-relay-coalesce"}
MOST_IDLE = 1.05

ECHO = """
import socket
s = socket.create_server(("", 5500))
print("ready", flush=True)
while True:
    c, _ = s.accept()
    c.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while (d := c.recv(64)):
        c.send(d)
"""
# For each line "COUNT": so many round trips, and their median in microseconds.
ASK = """
import socket, statistics, sys, time
s = socket.create_connection((sys.argv[1], 5500))
s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
print("ready", flush=True)
for line in sys.stdin:
    took = []
    for _ in range(int(line)):
        begin = time.perf_counter_ns()
        s.send(b"x")
        s.recv(64)
        took.append(time.perf_counter_ns() - begin)
    print(statistics.median(took) / 1000, flush=True)
"""


class Receiver:
    def __init__(self, name, build):
        self.lab = lab = Lab("bench-" + name)
        lab.make_namespaces()
        parts = name.split("-")
        if "packet" in parts:
            lab.sh("wire", "ip link add wire0 type veth peer name wire1; ip link set wire1 up; ip link set wire0 up; "
                           "ethtool -K wire0 tx off tso off gso off >/dev/null")
        if "relay" in parts:
            command = [os.path.join(build, "bench", "relay"), parts[2], lab.ns("stack"), "nic0", "wire0"]
        else:
            wire = {"gso": "tap:wire0,gso", "cut": "tap:wire0", "packet": "packet:wire1"}[parts[2]]
            command = [os.path.join(build, "netcx"), "run", os.path.join(build, "drivers", "rtl8168", "rtl8168.so"),
                       "--device", "rtl8168", "--stack", "tap:nic0", "--wire", wire, "--netns", lab.ns("stack")]
            command += ["--no-coalesce"] if "single" in parts else []
        with open(os.devnull, "w", encoding="ascii") as null:
            self.process = lab.popen("wire", ["taskset", "-c", "0"] + command, stdout=null)
        for side, device in (("stack", "nic0"), ("wire", "wire0")):
            lab.sh(side, "for i in $(seq 500); do ip link show %s >/dev/null 2>&1 && exit 0; sleep 0.02; done; exit 1" %
                   device)
        lab.addresses()
        lab.wait_for_link()
        lab.iperf_server("stack")
        self.asker = None

    def run(self, seconds):
        end, cpu, ticks = metered(self.process.pid,
                                  lambda: self.lab.iperf(STACK4, seconds, side="wire", extra=["-A", "1,1"]))
        return {"gbit_per_cpu_second": 8 * end["sum_received"]["bytes"] / 1e9 / cpu,
                "gbps": end["sum_received"]["bits_per_second"] / 1e9, **ticks}

    def round_trip(self, count):
        """The median, in microseconds."""
        if not self.asker:
            pin = ["taskset", "-c", "1", sys.executable, "-c"]
            echo = self.lab.popen("stack", pin + [ECHO], stdout=subprocess.PIPE, text=True)
            echo.stdout.readline()
            self.asker = self.lab.popen("wire", pin + [ASK, STACK4], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
            self.asker.stdout.readline()
        self.asker.stdin.write("%d\n" % count)
        self.asker.stdin.flush()
        return float(self.asker.stdout.readline())


def round_trips(receivers):
    """By turns, first to last and back: what a busy machine takes from one it takes from the other."""
    names = ("in-netcx-cut", "in-netcx-cut-single")
    took = {name: [] for name in names}
    for _ in range(4):
        for name in names + names[::-1]:
            took[name].append(receivers[name].round_trip(100))
    return {name: statistics.median(times) for name, times in took.items()}


def measure(build, against, repeats, seconds, progress):
    """All of it, interleaved; the report as a dictionary."""
    builds = {name: build for name in RECEIVERS}
    builds.update({name: against for name in OTHERS if against})
    receivers = {}
    try:
        for name in builds:
            receivers[name] = Receiver(name, builds[name])
        rounds, idle = [], []
        for number in range(repeats + 1):
            order = receivers if number % 2 else reversed(receivers)
            rounds.append({name: receivers[name].run(seconds) for name in order})
            idle.append(round_trips(receivers))
            progress(number)
    finally:
        for receiver in receivers.values():
            receiver.lab.close()
    return report(rounds[1:], idle[1:], against)


def report(rounds, idle, against):
    def median(of):
        return statistics.median(of(r) for r in rounds)

    def ratio(name, other):
        return median(lambda r: r[name]["gbit_per_cpu_second"] / r[other]["gbit_per_cpu_second"])

    rows = []
    for name, (text, other, least) in RECEIVERS.items():
        rows.append({"name": name, "what": text, "against": other, "least": least,
                     "ratio": ratio(name, other) if other else None})
    for name, (ours, least) in OTHERS.items() if against else ():
        rows.append({"name": ours, "what": RECEIVERS[ours][0] + ", against " + name, "against": name, "least": least,
                     "ratio": ratio(ours, name)})
    for name, relay in BARE.items() if against else ():
        rows.append({"name": relay, "what": RECEIVERS[relay][0] + ", against " + name, "against": name, "least": None,
                     "ratio": ratio(relay, name)})
    for row in rows:
        add_shares(row, rounds)
        row["gbps"] = median(lambda r, n=row["name"]: r[n]["gbps"])
        row["gbit_per_cpu_second"] = median(lambda r, n=row["name"]: r[n]["gbit_per_cpu_second"])
    trips = {name: statistics.median(i[name] for i in idle) for name in idle[0]}
    return {"results": rows,
            "idle": {"round_trip_us": trips["in-netcx-cut"], "single_round_trip_us": trips["in-netcx-cut-single"],
                     "ratio": statistics.median(i["in-netcx-cut"] / i["in-netcx-cut-single"] for i in idle),
                     "most": MOST_IDLE}}


def print_report(result):
    print("%-60s %8s %16s %8s %8s %s" % ("received", "Gbit/s", "Gbit/CPU-second", "ratio", "asked", HEADING))
    for row in result["results"]:
        print(("%-60s %8.2f %16.2f %8s %8s %s" % (
            row["what"], row["gbps"], row["gbit_per_cpu_second"], "%.2f" % row["ratio"] if row["ratio"] else "",
            row["least"] or "", shares_text(row))).rstrip())
    print(LEGEND)
    idle = result["idle"]
    print("An idle flow's round trip: %.1f us, with --no-coalesce %.1f: %.3f (%.2f asked at most)" %
          (idle["round_trip_us"], idle["single_round_trip_us"], idle["ratio"], idle["most"]))

