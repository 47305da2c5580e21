# SPDX-License-Identifier: MIT
"""A host whose stack is a pipe: what is written into it the adapter sends. For nobody's privilege."""
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "segment"), os.path.join(HERE, "..", "system")]
from flows import pcap  # noqa: E402

NETCX, RTL8168, HELLO = (os.environ[name] for name in ("NETCX", "NETCX_RTL8168", "NETCX_HELLO"))


class Host(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.environment = dict(os.environ, XDG_RUNTIME_DIR=self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def start(self, *arguments, **kind):
        kind = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **kind}
        child = subprocess.Popen([NETCX, *arguments], cwd=self.folder, env=self.environment, **kind)
        self.addCleanup(self.end, child)
        return child

    @staticmethod
    def end(child):
        if child.poll() is None:
            child.kill()
        child.communicate()

    def netcx(self, *arguments, code=0):
        done = subprocess.run([NETCX, *arguments], capture_output=True, cwd=self.folder, env=self.environment, timeout=60)
        self.assertEqual(done.returncode, code, done.stderr.decode())
        return done.stdout, done.stderr.decode()

    def host(self, driver=RTL8168, *device):
        os.mkfifo(self.path("stack"))
        # Both ends, so that neither side waits for the other.
        self.pipe = os.open(self.path("stack"), os.O_RDWR)
        self.addCleanup(os.close, self.pipe)
        arguments = device or ("--device", "rtl8168", "--wire", "null")
        host = self.start("run", driver, *arguments, "--stack", "pcap:stack", "--no-settings", stdout=subprocess.DEVNULL)
        self.write(pcap([]))
        self.netcx("wait", str(host.pid))
        return host

    def write(self, data):
        while data:
            data = data[os.write(self.pipe, data):]

    def send(self, frames):
        """Behind the head that host() has written."""
        self.write(pcap(frames)[24:])

    def wait_for(self, condition):
        until = time.monotonic() + 60
        while not condition():
            self.assertLess(time.monotonic(), until)
            time.sleep(0.01)

    def await_wire(self, frames):
        def sent():
            adapters = json.loads(self.netcx("show", "--json")[0])["adapters"]
            return adapters[0]["counters"]["wire_tx_frames"] >= frames
        self.wait_for(sent)
