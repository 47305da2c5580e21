# SPDX-License-Identifier: MIT
"""Two transmit queues on two processors against one on one, for ./run bench e2e, and the same of a bare relay.

A flow has a processor for itself: the program that sends, the one that receives, and the thread of
the queue that the kernel puts the flow into. One queue's share of the work is all that one
processor can do; with two queues two processors do it, and what they have in common - kernel,
process, card and wire - must not be in the way. What is in the way of a relay that does nothing else is the machine's.

Everything here runs before what else the machine has to do (SCHED_RR), if that is allowed: another program takes from two
processors, while one that nobody uses takes it off the one.
"""
import os
import shutil
import subprocess
import sys
import time

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TOP, "tools"))
from lab import Lab, LabError, WIRE4, cpu_seconds  # noqa: E402

PORT = 5400
FIRST_SOURCE_PORT = 40000
PROBES = 64         # source ports that are tried to find one for each queue


def thread_seconds(task):
    with open("/proc/%d/schedstat" % task, encoding="ascii") as account:
        return int(account.read().split()[0]) * 1e-9


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


def first_of_all():
    """What goes before a command, so that it runs before what else the machine has to do."""
    chrt = ["chrt", "--rr", "1"]
    if not shutil.which("chrt"):
        return []
    return [] if subprocess.run(chrt + ["true"], capture_output=True, check=False).returncode else chrt


class Queues:
    """A thread for each of so many queues of the stack's TAP, and a flow in each of them."""

    thread = "netcx-tx%d"

    def __init__(self, name, count, build):
        self.count, self.build = count, build
        self.lab = lab = Lab(name)
        lab.make_namespaces()
        self.first = first_of_all()
        command = self.first + ["taskset", "-c", ",".join(map(str, range(count)))] + self.command()
        with open(os.devnull, "w", encoding="ascii") as null:
            self.process = lab.popen("wire", command, stdout=null)
        for side, device in (("stack", "nic0"), ("wire", "wire0")):
            lab.sh(side, "for i in $(seq 500); do ip link show %s >/dev/null 2>&1 && exit 0; sleep 0.02; done; exit 1" %
                   device)
        lab.addresses()
        lab.wait_for_link()
        self.ends = []      # the programs at the flows' ends
        self.senders = [self._flow(queue) for queue in range(count)]
        for queue, task in enumerate(self.threads()):
            os.sched_setaffinity(task, {queue})     # the others go where there is room

    def command(self):
        return [os.path.join(self.build, "netcx"), "run",
                os.path.join(self.build, "drivers", "rtl8168", "2.5", "rtl8168.so"), "--device", "rtl8168-ext",
                "--tx-queues", str(self.count), "--set", "*RSS=%d" % (self.count > 1),
                "--set", "*NumRssQueues=%d" % self.count,
                "--stack", "tap:nic0", "--wire", "tap:wire0,gso", "--netns", self.lab.ns("stack")]

    def threads(self):
        """Each queue's thread. On one processor netcx has one for all queues."""
        tasks = {}
        for task in os.listdir("/proc/%d/task" % self.process.pid):
            with open("/proc/%d/task/%s/comm" % (self.process.pid, task), encoding="ascii") as comm:
                tasks[comm.read().strip()] = int(task)
        return [tasks.get(self.thread % queue) or tasks["netcx-queues"] for queue in range(self.count)]

    def _python(self, side, processor, code, *arguments):
        child = self.lab.popen(side, self.first + ["taskset", "-c", str(processor), sys.executable, "-c", code, *arguments],
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
        sink = self._python("wire", queue, SINK, str(PORT + queue))
        first = FIRST_SOURCE_PORT + queue * PROBES
        for port in range(first, first + PROBES):
            sender = self._python("stack", queue, SENDER, WIRE4, str(PORT + queue), str(port))
            before = [thread_seconds(task) for task in self.threads()]
            self._send([sender], 0.05)
            grown = [thread_seconds(task) - was for task, was in zip(self.threads(), before)]
            if grown[queue] == max(grown):
                self.ends += [sink.pid, sender.pid]
                return sender
            self.lab.kill(sender)
        raise LabError("no source port leads to queue %d" % queue)

    def run(self, seconds):
        """All flows together. What the kernel does for a frame is on the account of whoever hands it over."""
        everybody = [self.process.pid] + self.ends
        before, start = [cpu_seconds(pid) for pid in everybody], time.monotonic()
        gbit = 8e-9 * self._send(self.senders, seconds)
        took = time.monotonic() - start
        cpu = [cpu_seconds(pid) - was for pid, was in zip(everybody, before)]
        return {"gbps": gbit / took, "gbit_per_cpu_second": gbit / cpu[0], "gbit_per_all_cpu": gbit / sum(cpu)}


class RelayQueues(Queues):
    """The same without a driver and a card between: what these processors can do for two flows at all."""

    thread = "relay-tx%d"

    def command(self):
        return [os.path.join(self.build, "bench", "relay-queues"), str(self.count), self.lab.ns("stack"), "nic0", "wire0"]
