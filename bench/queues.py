# SPDX-License-Identifier: MIT
"""Two transmit queues on two processors against one on one, for ./run bench e2e.

A flow has a processor for itself: the program that sends, the one that receives, and the thread of
the queue that the kernel puts the flow into. One queue's share of the work is all that one
processor can do; with two queues two processors do it, and what they have in common - kernel,
process, card and wire - must not be in the way.
"""
import json
import os
import socket
import subprocess
import sys
import time

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TOP, "tools"))
from lab import Lab, LabError, WIRE4, cpu_seconds  # noqa: E402

PORT = 5400
FIRST_SOURCE_PORT = 40000
PROBES = 64         # source ports that are tried to find one for each queue

# Says "ready"; then everything that arrives is read and thrown away.
SINK = """
import socket, sys
s = socket.create_server(("", int(sys.argv[1])))
print("ready", flush=True)
while True:
    c, _ = s.accept()
    room = bytearray(1 << 20)
    while c.recv_into(room):
        pass
"""

# For each line "SECONDS": sends for so long, and says how many bytes. The connection stays.
SENDER = """
import socket, sys, time
s = socket.socket()
s.bind(("", int(sys.argv[3])))
s.connect((sys.argv[1], int(sys.argv[2])))
data = bytes(1 << 20)
print("ready", flush=True)
for line in sys.stdin:
    end, sent = time.monotonic() + float(line), 0
    while time.monotonic() < end:
        sent += s.send(data)
    print(sent, flush=True)
"""


class Queues:
    """netcx with so many queues of each kind, and a flow in each of the transmit queues."""

    def __init__(self, count, build):
        self.count = count
        self.lab = lab = Lab("bench-queues-%d" % count)
        lab.make_namespaces()
        self.netcx = os.path.join(build, "netcx")
        command = ["taskset", "-c", ",".join(map(str, range(count))), self.netcx, "run",
                   os.path.join(build, "drivers", "rtl8168", "2.5", "rtl8168.so"), "--device", "rtl8168-ext",
                   "--tx-queues", str(count), "--set", "*RSS=%d" % (count > 1), "--set", "*NumRssQueues=%d" % count,
                   "--stack", "tap:nic0", "--wire", "tap:wire0,gso", "--netns", lab.ns("stack")]
        with open(os.devnull, "w", encoding="ascii") as null:
            self.process = lab.popen("wire", command, stdout=null)
        for side, device in (("stack", "nic0"), ("wire", "wire0")):
            lab.sh(side, "for i in $(seq 500); do ip link show %s >/dev/null 2>&1 && exit 0; sleep 0.02; done; exit 1" %
                   device)
        lab.addresses()
        lab.wait_for_link()
        self.senders = [self._flow(queue) for queue in range(count)]
        self._pin_threads()

    def counters(self):
        return json.loads(self.lab.sh(None, "%s show --json" % self.netcx))["adapters"][0]["counters"]

    def packets(self):
        counters = self.counters()
        return [counters.get("tx_queue_%d_packets" % i, counters["tx_packets"]) for i in range(self.count)]

    def _python(self, side, processor, code, *arguments):
        child = self.lab.popen(side, ["taskset", "-c", str(processor), sys.executable, "-c", code, *arguments],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if child.stdout.readline().strip() != "ready":
            raise LabError("a flow of the benchmark does not come up")
        return child

    @staticmethod
    def _send(senders, seconds):
        """Bytes that all of them have sent, at once."""
        for sender in senders:
            sender.stdin.write("%g\n" % seconds)
            sender.stdin.flush()
        return sum(int(sender.stdout.readline()) for sender in senders)

    def _flow(self, queue):
        """A flow in this queue: the kernel hashes it by a secret of its own, so ports are tried."""
        self._python("wire", queue, SINK, str(PORT + queue))
        first = FIRST_SOURCE_PORT + queue * PROBES
        for port in range(first, first + PROBES):
            sender = self._python("stack", queue, SENDER, WIRE4, str(PORT + queue), str(port))
            before = self.packets()
            self._send([sender], 0.05)
            grown = [after - was for after, was in zip(self.packets(), before)]
            if grown[queue] == max(grown):
                return sender
            self.lab.kill(sender)
        raise LabError("no source port leads to queue %d" % queue)

    def _pin_threads(self):
        """Each transmit queue's thread to its processor; the others go where there is room."""
        for task in os.listdir("/proc/%d/task" % self.process.pid):
            with open("/proc/%d/task/%s/comm" % (self.process.pid, task), encoding="ascii") as comm:
                name = comm.read().strip()
            for queue in range(self.count):
                if name == "netcx-tx%d" % queue:
                    os.sched_setaffinity(int(task), {queue})

    def run(self, seconds):
        """All flows together."""
        cpu, start = cpu_seconds(self.process.pid), time.monotonic()
        gbit = 8e-9 * self._send(self.senders, seconds)
        return {"gbps": gbit / (time.monotonic() - start),
                "gbit_per_cpu_second": gbit / (cpu_seconds(self.process.pid) - cpu)}
