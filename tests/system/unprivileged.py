#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What works without a privilege, and what says so when it does not."""
import os
import shutil
import stat
import tempfile
import unittest

from common import HELLO, NETCX, RTL8168, netcx
from packets import read_pcap, super_packets, write_pcap


class Unprivileged(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.mkdtemp(prefix="netcx-unprivileged-", dir="/tmp")
        self.addCleanup(shutil.rmtree, self.scratch, True)
        os.chmod(self.scratch, 0o777)

    def copy(self, path):
        """Of what nobody is to read: the build may lie in a home that only its owner can enter."""
        copied = shutil.copy(path, self.scratch)
        os.chmod(copied, 0o755)
        return copied

    def run_as_nobody(self, *arguments):
        nobody = 65534
        return netcx(*arguments, program=self.copy(NETCX), user=nobody, group=nobody, extra_groups=[],
                     env=dict(os.environ, XDG_RUNTIME_DIR=self.scratch), cwd=self.scratch)

    def test_a_capture_through_the_nic(self):
        packets = super_packets(3, 20)
        source, target = (os.path.join(self.scratch, n) for n in ("in.pcap", "out.pcap"))
        write_pcap(source, [p.frame for p in packets])
        self.copy(RTL8168.replace(".so", ".inf"))
        done = self.run_as_nobody("run", self.copy(RTL8168), "--device", "rtl8168", "--stack",
                                  "pcap:" + source, "--wire", "pcap:" + target)
        self.assertEqual(done.returncode, 0, done.stderr)
        frames = read_pcap(target)
        wanted = sum(-(-(len(p.frame) - p.headers) // p.mss) for p in packets)
        self.assertEqual(len(frames), wanted)
        self.assertLessEqual(max(map(len, frames)), 1500 + 14 + 4)

    def test_a_tap_needs_a_privilege_and_says_so(self):
        mode = stat.S_IMODE(os.stat("/dev/net/tun").st_mode)
        missing = "CAP_NET_ADMIN" if mode & 0o006 == 0o006 else "get access to the file"
        done = self.run_as_nobody("run", self.copy(HELLO), "--stack", "tap:nope0")
        self.assertEqual(done.returncode, 1)
        self.assertIn("nope0", done.stderr)
        self.assertIn(missing, done.stderr)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
