#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A driver with every habit of today's samples, from its projects: a static library, a minimum version, C++17 with owners
of its own, a precompiled header, WPP by a configuration block, a thread of its own, two adapters with a wire between them.
One source, in kernel mode and in user mode."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

from common import LabTest, NETCX, STACK4, TOP, WIRE4, WIRE6, Running

PAIR = os.path.join(TOP, "tests", "drivers", "pair")


class Pair(LabTest):
    scratch = None

    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.mkdtemp(prefix="netcx-test-pair-")
        cls.addClassCleanup(shutil.rmtree, cls.scratch)
        for mode in ("km", "um"):
            # As the samples' own script has it: their library is for a newer UMDF.
            done = subprocess.run([NETCX, "build", os.path.join(PAIR, mode, "pair%s.vcxproj" % mode), "-o",
                                   os.path.join(cls.scratch, "pair%s.so" % mode), "-p", "UMDF_VERSION_MINOR=33"],
                                  capture_output=True, text=True, check=False, timeout=120)
            if done.returncode or done.stderr:
                raise AssertionError(done.stderr)

    def pair(self, mode, right="2", started=2):
        driver = os.path.join(self.scratch, "pair%s.so" % mode)
        command = [NETCX, "run", "--no-settings", "--log", "json"]
        for name, space, number in (("left", "stack", "1"), ("right", "wire", right)):
            command += ["--adapter", "%s,driver=%s,stack=tap:nic0,netns=%s,set=MACLastByte=%s" % (
                name, driver, self.lab.ns(space), number)]
        running = Running.__new__(Running)
        running.begin(self.lab, None, command)
        self.addCleanup(running.log.close)
        self.addCleanup(running.err.close)
        running.wait_for("DeviceStarted", count=started)
        return running

    def connect(self):
        self.lab.addresses(wire="nic0")
        self.lab.wait_for_link(20)
        self.lab.sh("wire", "for i in $(seq 500); do ip link show nic0 | grep -q LOWER_UP && exit 0; sleep 0.02; done; "
                            "exit 1")

    def carries(self, mode, framework):
        running = self.pair(mode)
        self.connect()
        self.lab.sh(None, "%s trace left --provider PairTrace --level info --flags PAIR_DRIVER" % NETCX)
        self.transfer("stack", "wire", WIRE4, 4)
        self.transfer("wire", "stack", STACK4, 4)
        for _ in range(3):
            self.lab.sh(None, "%s restart right" % NETCX)
        self.transfer("stack", "wire", WIRE6, 2)
        shown = {a["name"]: a for a in json.loads(self.lab.sh(None, "%s show --json" % NETCX))["adapters"]}
        self.assertEqual(shown["left"]["driver"]["framework"], framework)
        traced = [json.loads(line) for line in
                  self.lab.sh(None, "timeout 0.5 %s events --json --history || true" % NETCX).splitlines()]
        texts = [e["text"] for e in traced if e.get("provider") == "PairTrace"]
        self.assertIn("MACLastByte 2 is end 1 of wire 0", texts)
        self.assertEqual(running.stop(), 0, running.errors())
        self.assertEqual(running.errors(), "")

    def test_kernel_mode(self):
        self.carries("km", "KMDF 1.33")

    def test_user_mode(self):
        self.carries("um", "UMDF 2.33")

    def test_equal_numbers(self):
        """The second fails, and its trace says why; the first runs on."""
        for mode in ("km", "um"):
            with self.subTest(mode=mode):
                running = self.pair(mode, right="1", started=1)
                running.wait_for("AdapterFailed")
                texts = [e.get("text") for e in running.events()]
                self.assertIn("end 0 of wire 0 is taken: MACLastByte is another adapter's", texts)
                shown = json.loads(self.lab.sh(None, "%s show --json" % NETCX))["adapters"]
                self.assertEqual([a["state"] for a in shown], ["running", "failed"])
                self.assertEqual(running.stop(), 1)
                self.assertIn("STATUS_INVALID_ADDRESS", running.errors())


if __name__ == "__main__":
    if not shutil.which("clang"):
        print("skipped: no clang")
        sys.exit(77)
    unittest.main(verbosity=2)
