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


# For a copy of rtl8168 2.5: it takes patterns and answers in its sleep, and falls over a full list.
WAKE_CAPABILITIES = """
	NET_ADAPTER_WAKE_BITMAP_CAPABILITIES bitmap;
	NET_ADAPTER_POWER_OFFLOAD_ARP_CAPABILITIES arp;
	NET_ADAPTER_POWER_OFFLOAD_NS_CAPABILITIES ns;
	NET_ADAPTER_WAKE_BITMAP_CAPABILITIES_INIT(&bitmap);
	bitmap.BitmapPattern = TRUE;
	bitmap.MaximumPatternCount = 16;
	bitmap.MaximumPatternSize = 128;
	NetAdapterWakeSetBitmapCapabilities(Adapter->NetAdapter, &bitmap);
	NET_ADAPTER_POWER_OFFLOAD_ARP_CAPABILITIES_INIT(&arp, 16);
	NetAdapterPowerOffloadSetArpCapabilities(Adapter->NetAdapter, &arp);
	NET_ADAPTER_POWER_OFFLOAD_NS_CAPABILITIES_INIT(&ns, 16);
	NetAdapterPowerOffloadSetNSCapabilities(Adapter->NetAdapter, &ns);
"""
WAKE_LISTS = """{
	NET_POWER_OFFLOAD_LIST offloads;
	NET_POWER_OFFLOAD_LIST_INIT(&offloads);
	NetDeviceGetPowerOffloadList(Device, &offloads);
	if (getenv("NETCX_MUTANT")[0] == '3' && NetWakeSourceListGetCount(&list) == 2 &&
	    NetPowerOffloadListGetCount(&offloads) == 4)
		__builtin_trap();
	}
	RtHardwareSetMagicPacket(RtGetDevice(Device)->Adapter, magicPacket);"""


def IS(mutant):
    return f"getenv(\"NETCX_MUTANT\")[0] == '{mutant}'"


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

    def plant(self, file, old, new):
        text = file.read_text()
        self.assertEqual(text.count(old), 1, old)
        file.write_text(("" if "getenv" in text else "extern char *getenv(const char *);\n") + text.replace(old, new))

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
        # One build for all: what is planted is there when the environment says so.
        self.plant(file, before + good + after, f"{before}({IS('1')} ? ({fault.new}) : ({good})){after}")
        self.plant(file.with_name("receivescaling.c"), "if (HashSecretKey->Length !=",
                   f"if ({IS('2')} && HashSecretKey->Key[0] != 0x6d)\n\t\t__builtin_trap();\n\tif (HashSecretKey->Length !=")
        self.plant(file.with_name("wake.c"), "NetAdapterWakeSetMagicPacketCapabilities(Adapter->NetAdapter, &capabilities);",
                   "NetAdapterWakeSetMagicPacketCapabilities(Adapter->NetAdapter, &capabilities);\n" + WAKE_CAPABILITIES)
        self.plant(file.with_name("wake.c"), "RtHardwareSetMagicPacket(RtGetDevice(Device)->Adapter, magicPacket);", WAKE_LISTS)
        driver = [self.folder / "faulty.so", "--device", "rtl8168-ext"]
        built = subprocess.run([NETCX, "build", source / "rtl8168/2.5/rtl8168.vcxproj", "--sanitize", "fuzzer", "-o", driver[0]],
                               capture_output=True, text=True, timeout=200)
        self.assertEqual(built.returncode, 0, built.stderr)
        # Steps that were made by hand: another hash key; a sleep with two patterns, three addresses and one neighbour.
        scaling, sleep = bytes([4]) + bytes(15), bytes([27, 0, 5, 9, 7, 3]) + bytes(range(9)) + b"\1"
        for mutant, sequence, function in ((2, scaling, "EvtAdapterReceiveScalingSetKey"), (3, sleep, "EvtDeviceArmWakeFromSx")):
            (self.folder / "steps").write_bytes(sequence)
            self.fuzz(driver, "--replay", "steps")
            self.assertIn(function, self.fuzz(driver, "--replay", "steps", mutant=mutant, code=1))
        for code in (0, 1):
            corpus = self.folder / f"corpus{code}"
            corpus.mkdir()
            told = self.fuzz(driver, "--runs", 20, "--corpus", corpus, mutant=code, code=code)
            self.assertIn("Sequences by libFuzzer", told)
            self.assertEqual(len(self.findings()), code)
        self.assertTrue(list((self.folder / "corpus0").iterdir()))
        self.assertIn("rule", self.fuzz(driver, "--replay", self.findings()[0], mutant=1, code=1))
        left = set(pathlib.Path("/tmp").glob("netcx-fuzz-??????"))
        told = self.fuzz(driver, "--runs", 60, "--all", "--out", corpus, mutant=1, code=1)
        self.assertRegex(told, r"(?m)^\d different:\n +\d+ x  ")
        self.assertGreater(sum(map(int, re.findall(r"(?m)^ +(\d+) x  ", told))), 1)
        self.assertGreaterEqual(int(re.search(r"(?m)^(\d+) sequences in", told)[1]), 60)
        self.assertLessEqual(set(pathlib.Path("/tmp").glob("netcx-fuzz-??????")), left)

    def test_all_goes_on_after_a_finding(self):
        fault = row("CWR on none")
        told = self.fuzz(DRIVERS[fault.driver], "--runs", 40, "--all", mutant=fault.number, code=1)
        [finding] = self.findings()
        [(times, path)] = re.findall(r"(?m)^1 different:\n +(\d+) x  TcpFlags: TCP flags\n +(.*)$", told)
        self.assertGreater(int(times), 1)
        self.assertEqual(pathlib.Path(path).name, finding.name)
        self.assertEqual(told.count("Written to"), 1)
        self.assertIn("\n40 sequences in", told)
        good = self.fuzz(DRIVERS[fault.driver], "--runs", 4, "--all")
        self.assertNotIn("different", good)

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
