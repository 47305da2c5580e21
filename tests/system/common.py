# SPDX-License-Identifier: MIT
"""What the system tests share: where the build is, a running adapter, waiting for something."""
import hashlib
import json
import os
import random
import subprocess
import sys
import time
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("NETCX_BUILD", os.path.join(TOP, "build"))
sys.path.insert(0, os.path.join(TOP, "tools"))
from lab import Lab, LabError, STACK4, STACK6, WIRE4, WIRE6, cpu_seconds  # noqa: E402,F401

NETCX = os.path.join(BUILD, "netcx")

# Both drivers, and their callbacks for large sends, of the NetAdapterCx that is to be tested.
API = os.environ.get("NETCX_API", "1.3")
DRIVERS = os.path.join(BUILD, "drivers")
RTL8168 = {"1.3": os.path.join(DRIVERS, "rtl8168", "rtl8168.so"),
           "2.5": os.path.join(DRIVERS, "rtl8168", "2.5", "rtl8168.so")}[API]
HELLO = {"1.3": os.path.join(DRIVERS, "hello-1.3", "hello.so"),
         "2.5": os.path.join(DRIVERS, "hello", "hello.so")}[API]
OFFLOAD_CALLBACKS = {"1.3": ["EvtNetAdapterOffloadSetChecksum", "EvtNetAdapterOffloadSetLso"],
                     "2.5": ["EvtNetAdapterOffloadSetTxChecksum", "EvtNetAdapterOffloadSetRxChecksum",
                             "EvtNetAdapterOffloadSetGso"]}[API]
LSO_CALLBACK = OFFLOAD_CALLBACKS[-1]
LSO_FIELDS = {"1.3": ("ipv4", "ipv6"), "2.5": ("lso_ipv4", "lso_ipv6")}[API]


def netcx(*arguments, timeout=60, program=NETCX, **options):
    """Run the command to its end."""
    return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=timeout,
                          stdin=subprocess.DEVNULL, **options)


class Running:
    """`netcx run` inside a lab, with its events kept in a file."""

    def __init__(self, lab, driver=RTL8168, device="rtl8168", wire="tap:wire0", stack="tap:nic0", extra=()):
        command = [NETCX, "run", driver, "--stack", stack, "--netns", lab.ns("stack"), "--log",
                   "json", *extra]
        if driver == RTL8168:
            command += ["--device", device, "--wire", wire]
        self.begin(lab, "wire", command)

    def begin(self, lab, side, command):
        self.lab = lab
        self.log = open("/tmp/%s.log" % lab.tag, "w+", encoding="utf-8")
        self.err = open("/tmp/%s.err" % lab.tag, "w+", encoding="utf-8")
        for name in (self.log.name, self.err.name):
            os.unlink(name)
        self.process = lab.popen(side, command, stdout=self.log, stderr=self.err)

    def events(self):
        with open("/proc/self/fd/%d" % self.log.fileno(), encoding="utf-8") as log:
            return [json.loads(line) for line in log if line.endswith("\n")]

    def errors(self):
        with open("/proc/self/fd/%d" % self.err.fileno(), encoding="utf-8") as err:
            return err.read()

    def wait_for(self, name, count=1, seconds=30):
        """Until that many events of the name are there; the last of them."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = [e for e in self.events() if e.get("name") == name]
            if len(found) >= count:
                return found[count - 1]
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise AssertionError("no %s (%d of them): %s" % (name, count, self.errors()))

    def wait_until(self, true, seconds=30):
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end or self.process.poll() is not None:
                raise AssertionError("it did not come: %s" % self.errors())
            time.sleep(0.02)

    def count(self, name):
        return sum(e.get("name") == name for e in self.events())

    def show(self):
        return json.loads(self.lab.sh(None, "%s show --json" % NETCX))["adapters"][0]

    def offload(self, *arguments):
        return self.lab.sh(None, "%s offload %s" % (NETCX, " ".join(arguments)))

    def stop(self):
        """SIGTERM; the exit code."""
        import signal
        return self.lab.kill(self.process, signal.SIGTERM, 30)


# Megabytes of TCP: their SHA-256 there, and from where to send them.
RECEIVER = """
import hashlib, socket
s = socket.create_server(("::", 5300), family=socket.AF_INET6, dualstack_ipv6=True)
print("ready", flush=True)
c, _ = s.accept()
h = hashlib.sha256()
while (d := c.recv(1 << 20)):
    h.update(d)
print(h.hexdigest(), flush=True)
"""
SENDER = """
import random, socket, sys
s = socket.create_connection((sys.argv[1], 5300), timeout=30)
r = random.Random(7)
for _ in range(int(sys.argv[2])):
    s.sendall(r.randbytes(1 << 20))
s.shutdown(socket.SHUT_WR)
s.recv(1)
"""


def expected_digest(megabytes):
    generator, digest = random.Random(7), hashlib.sha256()
    for _ in range(megabytes):
        digest.update(generator.randbytes(1 << 20))
    return digest.hexdigest()


class LabTest(unittest.TestCase):
    """A test with two namespaces of its own."""

    def setUp(self):
        self.lab = Lab("test-" + self.id().rsplit(".", 1)[1][:20])
        self.addCleanup(self.lab.close)
        self.lab.make_namespaces()

    def bring_up(self, **options):
        running = Running(self.lab, **options)
        self.addCleanup(running.log.close)
        self.addCleanup(running.err.close)
        running.wait_for("EvtAdapterCreateRxQueue")
        self.lab.addresses()
        self.lab.wait_for_link(20)
        return running

    def assert_clean_end(self, running):
        code = running.stop()
        self.assertEqual(code, 0, running.errors())
        self.assertNotIn("nic0", self.lab.sh("stack", "ip -o link"))
        self.assertNotIn("wire0", self.lab.sh("wire", "ip -o link"))

    def transfer(self, sender, receiver, address, megabytes=8, during=None):
        """Bytes from one side to the other, compared by their SHA-256."""
        sink = self.lab.popen(receiver, [sys.executable, "-c", RECEIVER], stdout=subprocess.PIPE,
                              text=True)
        sink.stdout.readline()
        source = self.lab.popen(sender, [sys.executable, "-c", SENDER, address, str(megabytes)])
        if during:
            during()
        out, _ = sink.communicate(timeout=90)
        source.wait(30)
        self.assertEqual(out.strip(), expected_digest(megabytes))
