#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""netcx test: good drivers pass, reports say the same, and what is asked for wrongly is said."""
import json
import os
import signal
import subprocess
import tempfile
import time
import unittest
import xml.etree.ElementTree as ElementTree

NETCX, DRIVERS = os.environ["NETCX"], os.environ["NETCX_DRIVERS"]
OLD = [DRIVERS + "/rtl8168/rtl8168.so", "--device", "rtl8168"]
NEW = [DRIVERS + "/rtl8168/2.5/rtl8168.so", "--device", "rtl8168-ext"]
PAIR = [DRIVERS + "/virtual/virtual.so", "--set", "Station=1", "--peer", "Station=2"]


def run(*arguments):
    return subprocess.run([NETCX, "test", *arguments], capture_output=True, text=True, timeout=240)


def report(*arguments):
    done = run(*arguments, "--json")
    return done, json.loads(done.stdout)


class Good(unittest.TestCase):
    def check(self, driver, *arguments):
        done, told = report(*driver, *arguments)
        self.assertEqual([c for c in told["cases"] if c["verdict"] == "failed"], [])
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return told

    def test_of_1_3(self):
        told = self.check(OLD, "--thorough", "lso", "uso/mss", "checksum/*/tcp-ipv4", "power/sleep", "fault/removal/after")
        by_name = {c["name"]: c for c in told["cases"]}
        self.assertEqual(by_name["lso/flags/ipv4"]["verdict"], "passed")
        self.assertGreater(by_name["lso/payload/ipv6"]["packets"], 264)
        self.assertIn("does not offload USO for IPv6", by_name["uso/mss/ipv6"]["text"])
        self.assertEqual(told["passed"] + told["skipped"], len(told["cases"]))

    def test_of_2_5(self):
        told = self.check(NEW, "uso", "lso/s*", "checksum/[f-p]*", "receive", "change/oid", "power/[lqw]*", "fault/calls",
                          "filter/[gk]*", "rss/[kp]*", "rsc/[an]*/ipv4", "uro/size/ipv6", "queue/[cs]*")
        self.assertGreater(told["passed"], 25)

    def test_what_has_not_been_seen_is_said(self):
        told = self.check(NEW, "rsc/duplicate-ack/ipv4")
        self.assertIn("every DuplicateAckCount was 0", told["cases"][0]["text"])
        told = self.check(NEW + ["--set", "RscDuplicateAcks=1"], "rsc/duplicate-ack/ipv4")
        self.assertNotIn("text", told["cases"][0])

    def test_a_device_of_software_has_no_resources(self):
        told = self.check(PAIR, "fault/resources")
        self.assertIn("no resources", told["cases"][0]["text"])

    def test_with_a_wire_of_software(self):
        told = self.check(PAIR, "--shard", "2/5")
        self.assertGreater(told["passed"], 12)

    def test_another_seed_makes_other_packets_and_they_pass_too(self):
        told = self.check(NEW, "--seed", "0xC0FFEE", "*/seeded/*")
        self.assertEqual((told["seed"], told["passed"]), (0xC0FFEE, 8))

    def test_what_nobody_can_see_is_skipped(self):
        told = self.check([DRIVERS + "/hello/hello.so"], "lso/flags")
        self.assertEqual(told["skipped"], 2)
        self.assertIn("--peer", told["cases"][0]["text"])


class Reports(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = folder.name + "/report.xml"

    def test_junit_says_what_the_lines_say(self):
        done = run(*OLD, "--junit", self.file, "lso/flags", "uso/mss")
        suite = ElementTree.parse(self.file).getroot().find("testsuite")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual((suite.get("tests"), suite.get("failures"), suite.get("skipped")), ("4", "0", "2"))
        self.assertEqual([c.get("name") for c in suite.iter("testcase")],
                         ["lso/flags/ipv4", "lso/flags/ipv6", "uso/mss/ipv4", "uso/mss/ipv6"])
        self.assertIn("2 passed, 0 failed, 2 skipped", done.stdout)
        self.assertEqual(len(done.stdout.splitlines()), 5, done.stdout)

    def test_shards_have_each_case_once(self):
        names = []
        for shard in range(1, 4):
            _, told = report(DRIVERS + "/hello/hello.so", "--shard", f"{shard}/3")
            names += [c["name"] for c in told["cases"]]
        listed = [c["name"] for c in json.loads(run("--list", "--json").stdout)]
        self.assertEqual(sorted(names), sorted(listed))
        self.assertEqual(len(set(listed)), len(listed))

    def test_after_ctrl_c_the_reports_have_what_ran(self):
        with subprocess.Popen([NETCX, "test", *NEW, "--jobs", "1", "--junit", self.file],
                              stdout=subprocess.PIPE, text=True) as running:
            line = running.stdout.readline()
            running.send_signal(signal.SIGINT)
            rest = running.stdout.read()
            self.assertEqual(running.wait(), 130)
        self.assertTrue(line.startswith("ok"), line)
        self.assertIn(" not run", rest)
        suite = ElementTree.parse(self.file).getroot().find("testsuite")
        ran = [c.get("name") for c in suite.iter("testcase")]
        self.assertIn(line.split()[1], ran)
        self.assertEqual(str(len(ran)), suite.get("tests"))
        self.assertNotIn("checksum/protocols/ipv6", ran)

    def test_the_same_signal_again_does_not_take_the_reports(self):
        """timeout(1) signals its child, and then the group that the child is in."""
        with subprocess.Popen([NETCX, "test", *NEW, "--jobs", "1", "--junit", self.file, "lso"],
                              stdout=subprocess.PIPE, text=True) as running:
            line = running.stdout.readline()
            while running.poll() is None:
                running.send_signal(signal.SIGINT)
                time.sleep(0.001)
            self.assertIn(" not run", running.stdout.read())
        self.assertEqual(running.returncode, 130)
        suite = ElementTree.parse(self.file).getroot().find("testsuite")
        self.assertIn(line.split()[1], [c.get("name") for c in suite.iter("testcase")])

    def test_the_list_says_all_of_a_case(self):
        text = run("--list").stdout
        for case in json.loads(run("--list", "--json").stdout):
            for key in ("name", "rule", "source", "windows"):
                self.assertIn(case[key], text)


class Wrong(unittest.TestCase):
    def refused(self, code, says, *arguments):
        done = run(*arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertIn(says, done.stderr)
        self.assertEqual(done.stdout, "")

    def test_usage(self):
        self.refused(2, "which driver?")
        self.refused(2, "lso/flag: no case is called so; --list", *OLD, "lso/flag")
        self.refused(2, "--shard 4/3: of 3 shards the first is 1/3", *OLD, "--shard", "4/3")
        self.refused(2, "--shard 0/3: of 3", *OLD, "--shard", "0/3")
        self.refused(2, "--shard 2: I/N", *OLD, "--shard", "2")
        self.refused(2, "this one has none", *OLD, "--shard", "3/3", "lso/flags")
        self.refused(2, "--seed x", *OLD, "--seed", "x")
        self.refused(2, "--patience 0", *OLD, "--patience", "0")
        self.refused(2, "--limit 0", *OLD, "--limit", "0")
        self.refused(2, "KEYWORD=VALUE", *PAIR, "--peer", "Station")
        self.refused(2, "--peer is for a driver without hardware", *OLD, "--peer", "Station=2")
        self.refused(2, "--list takes no driver", "--list", OLD[0])
        self.refused(1, "/nowhere.so: No such file", "/nowhere.so")

    def test_a_report_that_cannot_be_written_is_said_before_the_run(self):
        self.refused(1, "--junit /nowhere/report.xml: No such file", *OLD, "--junit", "/nowhere/report.xml")
        self.refused(2, "--junit and --html: both are to be /tmp/x", *OLD, "--junit", "/tmp/x", "--html", "/tmp/x")

    def test_a_run_of_skipped_cases_says_that_nothing_was_tested(self):
        done = run(OLD[0], "lso/flags")
        self.assertEqual(done.returncode, 0)
        self.assertIn("Nothing was tested", done.stdout)

    def test_a_driver_that_does_not_load_fails_each_case(self):
        done, told = report("/dev/null", "lso/flags", "--device", "rtl8168")
        self.assertEqual(done.returncode, 1)
        self.assertEqual({c["rule"] for c in told["cases"]}, {"DriverStarts"})
        self.assertIn("/dev/null", told["cases"][0]["text"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
