#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""netcx fuzz finds planted faults, with libFuzzer and without; what it writes replays; good drivers come through."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

NETCX, ROOT, MUTANTS = os.environ["NETCX"], os.environ["NETCX_ROOT"], os.environ["NETCX_MUTANTS"]
sys.path.insert(0, ROOT + "/tests/mutants")
from mutants import ROWS  # noqa: E402

PAIR = ["--set", "Station=1", "--peer", "Station=2"]
DRIVERS = {"virtual": [MUTANTS + "/virtual.so", *PAIR], "rtl8168-2.5": [MUTANTS + "/rtl8168-2.5.so", "--device", "rtl8168-ext"],
           "rtl8168-1.3": [MUTANTS + "/rtl8168-1.3.so", "--device", "rtl8168"]}


def row(name):
    return next(r for r in ROWS if r.name == name)


class Fuzz(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def fuzz(self, driver, *arguments, mutant=0, code=0):
        done = subprocess.run([NETCX, "fuzz", *driver, "--limit", "30", *map(str, arguments)], capture_output=True, text=True,
                              timeout=200, cwd=self.folder, env=dict(os.environ, NETCX_MUTANT=str(mutant)))
        self.assertEqual((done.returncode, done.stderr), (code, ""), done.stdout)
        return done.stdout

    def findings(self):
        return sorted(p for p in self.folder.iterdir() if p.name.startswith("fuzz-"))

    def test_good_drivers_come_through(self):
        for driver in DRIVERS.values():
            self.assertIn("12 sequences", self.fuzz(driver, "--runs", 12, "--seed", 7, "--jobs", 2))
        self.assertEqual(self.findings(), [])

    def test_planted_faults_are_found_and_replay(self):
        for name, rules in (("CWR on none", {"TcpFlags"}), ("MSS off by one", {"SegmentSize", "SegmentCount"}),
                            ("IPv4 header not summed", {"Ipv4Checksum"})):
            fault = row(name)
            with self.subTest(name):
                told = self.fuzz(DRIVERS[fault.driver], "--runs", 200, "--jobs", 1, mutant=fault.number, code=1)
                [finding] = self.findings()
                self.assertIn(finding.name.split("-")[1], rules)
                self.assertIn("rule " + finding.name.split("-")[1], told)
                again = self.fuzz(DRIVERS[fault.driver], "--replay", finding, mutant=fault.number, code=1)
                self.assertIn("rule " + finding.name.split("-")[1], again)
                self.assertRegex(again, r"(?m)^->")
                finding.unlink()

    def test_a_finding_is_made_shorter_and_is_the_seeds(self):
        fault = row("CWR on none")
        for seed in (1, 1):
            self.fuzz(DRIVERS[fault.driver], "--runs", 200, "--jobs", 1, "--seed", seed, mutant=fault.number, code=1)
        [finding] = self.findings()
        told = self.fuzz(DRIVERS[fault.driver], "--minimize", finding, mutant=fault.number)
        shorter = self.folder / (finding.name + ".min")
        self.assertIn("break TcpFlags", told)
        self.assertEqual(shorter.stat().st_size, 16)
        self.assertIn("rule TcpFlags", self.fuzz(DRIVERS[fault.driver], "--replay", shorter, mutant=fault.number, code=1))
        self.assertIn("ok", self.fuzz(DRIVERS[fault.driver], "--replay", shorter))

    def test_libfuzzer_in_the_driver(self):
        if not shutil.which("clang"):
            self.skipTest("no clang")
        source = self.folder / "drivers"
        shutil.copytree(ROOT + "/drivers/rtl8168", source / "rtl8168")
        fault = row("transport header's place off by one")
        file = source / "rtl8168/2.5" / fault.file
        before, good, after = re.fullmatch(r"(.*)\[\[(.*)\]\](.*)", fault.old).groups()
        text = file.read_text()
        self.assertEqual(text.count(before + good + after), 1)
        # One build for both: what is planted is there when the environment says so.
        file.write_text("extern char *getenv(const char *);\n" + text.replace(
            before + good + after, f"{before}(getenv(\"NETCX_MUTANT\")[0] == '1' ? ({fault.new}) : ({good})){after}"))
        driver = [self.folder / "faulty.so", "--device", "rtl8168-ext"]
        built = subprocess.run([NETCX, "build", source / "rtl8168/2.5/rtl8168.vcxproj", "--sanitize", "fuzzer", "-o", driver[0]],
                               capture_output=True, text=True, timeout=200)
        self.assertEqual(built.returncode, 0, built.stderr)
        for code in (0, 1):
            corpus = self.folder / f"corpus{code}"
            corpus.mkdir()
            told = self.fuzz(driver, "--runs", 20, "--corpus", corpus, mutant=code, code=code)
            self.assertIn("Sequences by libFuzzer", told)
            self.assertEqual(len(self.findings()), code)
        self.assertTrue(list((self.folder / "corpus0").iterdir()))
        self.assertIn("rule", self.fuzz(driver, "--replay", self.findings()[0], mutant=1, code=1))

    def test_ctrl_c_and_wrong_use(self):
        with subprocess.Popen([NETCX, "fuzz", *DRIVERS["rtl8168-1.3"]], stdout=subprocess.PIPE, text=True,
                              cwd=self.folder) as running:
            running.stdout.readline()
            running.send_signal(signal.SIGINT)
            rest = running.stdout.read()
            self.assertEqual(running.wait(60), 130)
        self.assertIn("ended by a signal", rest)
        driver = DRIVERS["rtl8168-1.3"]
        text = (pathlib.Path(ROOT) / "LICENSE").read_bytes()
        (self.folder / "long").write_bytes(text[:769])
        (self.folder / "good").write_bytes(text[:768])
        for code, says, arguments in ((2, "which driver?", []), (2, "one driver is expected", [*driver, "x"]),
                                      (2, "--runs 0: a number", [*driver, "--runs", "0"]),
                                      (2, "--runs and --time: one of them", [*driver, "--runs", "1", "--time", "1"]),
                                      (2, "one at a time", [*driver, "--replay", "a", "--minimize", "b"]),
                                      (2, "--corpus is libFuzzer's", [*driver, "--corpus", "/tmp"]),
                                      (1, "/nowhere.so: No such file", ["/nowhere.so"]),
                                      (1, "--out /nowhere: No such file", [*driver, "--out", "/nowhere"]),
                                      (1, "/nowhere: No such file", [*driver, "--replay", "/nowhere"]),
                                      (1, "long: a sequence has 768 bytes at most", [*driver, "--replay", "long"]),
                                      (1, "does this driver no harm", [*driver, "--minimize", "good"])):
            done = subprocess.run([NETCX, "fuzz", *arguments], capture_output=True, text=True, timeout=60, cwd=self.folder)
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertIn(says, done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
