#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The demo's promise: what `./run demo --json` prints, and that Ctrl-C leaves nothing behind."""
import json
import os
import signal
import subprocess
import sys
import time
import unittest

from common import BUILD, TOP

DEMO = [sys.executable, os.path.join(TOP, "tools", "demo.py"), "--build", BUILD]


def leftovers(pid):
    """Namespaces, processes and files that carry the demo's tag."""
    tag = "netcx-demo-%d" % pid
    found = [n for n in os.listdir("/run/netns") if n.startswith(tag)] \
        if os.path.isdir("/run/netns") else []
    found += [n for n in os.listdir("/tmp") if n.startswith(tag)]
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/cmdline" % process, "rb") as line:
                if tag.encode() in line.read():
                    found.append("process " + process)
        except OSError:
            pass
    return found


class Demo(unittest.TestCase):
    def test_json(self):
        done = subprocess.run(DEMO + ["--json"], capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        report = json.loads(done.stdout)
        self.assertTrue(report["sha256_equal"])
        names = [c["name"] for c in report["callbacks"]]
        self.assertLess(names.index("EvtNetAdapterOffloadSetChecksum"),
                        names.index("EvtNetAdapterOffloadSetLso"))
        self.assertLess(names.index("EvtNetAdapterOffloadSetLso"),
                        names.index("EvtAdapterCreateTxQueue"))
        for phase in report["phases"]:
            self.assertEqual((phase["bad_checksums"], phase["oversize_frames"]), (0, 0), phase)
            self.assertGreater(phase["gbps"], 0, phase)
        by_name = {p["name"]: p for p in report["phases"]}
        self.assertGreater(by_name["IPv4 out, LSO on"]["lso_packets"], 0)
        self.assertEqual(by_name["IPv4 out, tso off"]["lso_packets"], 0)
        self.assertEqual(by_name["IPv4 out, only IPv6 LSO"]["lso_packets"], 0)
        self.assertGreater(by_name["IPv6 out, only IPv6 LSO"]["lso_packets"], 0)
        self.assertEqual(by_name["IPv6 out, tso off"]["lso_packets"], 0)
        self.assertGreater(by_name["IPv6 out, all on again"]["lso_packets"], 0)

    def test_interrupted_at_any_moment(self):
        for delay in (0.1, 0.5, 1.5, 4.0):
            demo = subprocess.Popen(DEMO, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(delay)
            demo.send_signal(signal.SIGINT)
            demo.wait(30)
            self.assertEqual(leftovers(demo.pid), [], "after %.1f s" % delay)


if __name__ == "__main__":
    unittest.main(verbosity=2)
