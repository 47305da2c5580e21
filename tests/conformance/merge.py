#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""netcx test --merge: shards' reports become one, and what is missing, broken or there twice is named."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

NETCX, DRIVERS = os.environ["NETCX"], os.environ["NETCX_DRIVERS"]
DRIVER = [DRIVERS + "/rtl8168/rtl8168.so", "--device", "rtl8168"]
SHARDS = 3


def run(*arguments):
    return subprocess.run([NETCX, "test", *map(str, arguments)], capture_output=True, text=True, timeout=240)


class Merge(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        for shard in range(1, SHARDS + 1):
            done = run(*DRIVER, "--shard", f"{shard}/{SHARDS}", "--junit", cls.file(f"{shard}.xml"), "--json", "lso/flags",
                       "lso/odd", "uso/mss")
            assert done.returncode == 0, done.stderr
            cls.file(f"{shard}.json").write_text(done.stdout)

    @classmethod
    def file(cls, name):
        return cls.folder / name

    def shards(self, kind):
        return [self.file(f"{shard}.{kind}") for shard in range(1, SHARDS + 1)]

    def told(self, done, code=0, says=""):
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertIn(says, done.stderr)
        if not says:
            self.assertEqual(done.stderr, "")
        return json.loads(done.stdout)

    def fail(self, shard, name):
        """That shard's report, with a case of it that has failed."""
        report = json.loads(self.file(f"{shard}.json").read_text())
        case = report["cases"][0]
        case.update(verdict="failed", rule="TcpFlags", text="seen \u00e4\n<&\"", report="a line\nanother]]>", expected="0001",
                    actual="0002", demand="D", source="S", windows="W",
                    fields=[{"name": "TCP flags", "offset": 1, "length": 1, "expected": "0x01", "actual": "0x02"}])
        self.file(name).write_text(json.dumps(report))
        return case

    def test_a_note_of_what_passed_comes_along(self):
        done = run(DRIVERS + "/rtl8168/2.5/rtl8168.so", "--device", "rtl8168-ext", "--junit", self.file("note.xml"), "--json",
                   "rsc/duplicate-ack/ipv6")
        before = json.loads(done.stdout)["cases"]
        after = self.told(run("--merge", self.file("note.xml"), "--json"))["cases"]
        self.assertIn("every DuplicateAckCount was 0", before[0]["text"])
        self.assertEqual([(c["name"], c["verdict"], c["text"]) for c in after], [(c["name"], c["verdict"], c["text"]) for c in before])
        case = next(ElementTree.parse(self.file("note.xml")).iter("testcase"))
        self.assertEqual(case.find("system-out").text, before[0]["text"])

    def test_shards_of_either_kind_are_the_whole_run(self):
        whole = json.loads(run(*DRIVER, "--json", "lso/flags", "lso/odd", "uso/mss").stdout)
        for files in (self.shards("json"), self.shards("xml"), self.shards("xml")[:2] + self.shards("json")[2:]):
            told = self.told(run("--merge", *files, "--json"))
            self.assertEqual([(c["name"], c["verdict"]) for c in told["cases"]],
                             [(c["name"], c["verdict"]) for c in whole["cases"]])
            self.assertEqual((told["passed"], told["skipped"], told["driver"], told["device"], told["seed"]),
                             (4, 2, DRIVER[0], "rtl8168", 1))

    def test_a_failure_goes_through_both_formats_as_it_was(self):
        case = self.fail(2, "failed.json")
        joined = self.file("joined.xml")
        done = run("--merge", self.file("1.xml"), self.file("failed.json"), self.file("3.xml"), "--junit", joined)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"FAIL  {case['name']}", done.stdout)
        self.assertIn("3 passed, 1 failed, 2 skipped", done.stdout)
        suite = ElementTree.parse(joined).getroot().find("testsuite")
        self.assertEqual((suite.get("tests"), suite.get("failures")), ("6", "1"))
        again = self.told(run("--merge", joined, "--json"), 1)
        failed = [c for c in again["cases"] if c["verdict"] == "failed"]
        self.assertEqual([{k: v for k, v in c.items()} for c in failed], [case])

    def test_a_shard_that_is_missing_is_named(self):
        told = self.told(run("--merge", self.file("1.xml"), self.file("3.xml"), "--json"), 1, "shard 2/3 is missing")
        self.assertEqual(told["remarks"], ["shard 2/3 is missing"])
        joined = self.file("two.xml")
        run("--merge", self.file("1.xml"), self.file("3.xml"), "--junit", joined)
        self.told(run("--merge", joined, "--json"), 1, "two.xml: shard 2/3 is missing")

    def test_cases_in_common_are_named_and_count_once(self):
        case = self.fail(2, "worse.json")
        told = self.told(run("--merge", *self.shards("xml"), self.file("worse.json"), "--json"), 1,
                         "2.xml and " + str(self.file("worse.json")) + " have cases in common")
        self.assertEqual((len(told["cases"]), told["failed"]), (6, 1))
        self.assertEqual([c["name"] for c in told["cases"] if c["verdict"] == "failed"], [case["name"]])

    def test_what_is_broken_or_of_another_run_is_named_and_left_out(self):
        good = self.shards("xml")
        cut = self.file("cut.xml")
        cut.write_text(good[1].read_text()[:400])
        self.file("other.json").write_text(self.file("2.json").read_text().replace("rtl8168.so", "nic.so"))
        self.file("seed.json").write_text(self.file("2.json").read_text().replace('"seed": 1', '"seed": 2'))
        self.file("list.json").write_text("[1]")
        self.file("else.xml").write_text("<testsuites><testsuite name='unit'/></testsuites>")
        self.file("doctype.xml").write_text("<!DOCTYPE x [<!ENTITY a 'b'>]><testsuites/>")
        self.file("empty.xml").write_text("\n")
        self.file("verdict.json").write_text(self.file("2.json").read_text().replace('"passed",', '"fine",'))
        for name, says in (("cut.xml", "cut.xml is left out: line "), ("other.json", "its driver is nic.so, that of"),
                           ("seed.json", "its seed is 2, that of"), ("list.json", "it is no report of netcx test"),
                           ("else.xml", "it is no report of netcx test"), ("doctype.xml", "it is no report of netcx test: DOCTYPE x"),
                           ("empty.xml", "it is empty"),
                           ("verdict.json", "it has no verdict"), ("nowhere.xml", "No such file")):
            with self.subTest(name):
                told = self.told(run("--merge", good[0], self.file(name), good[2], "--json"), 1, says)
                self.assertEqual(told["passed"] + told["skipped"], 4)
                self.assertIn("shard 2/3 is missing", told["remarks"])

    def test_nothing_to_join_and_wrong_use(self):
        kept = self.file("kept.html")
        kept.write_text("before")
        for code, says, arguments in ((2, "--merge: which reports?", []), (2, "--seed is for a run", ["--seed", 1, "a.xml"]),
                                      (1, "there is no report to join", ["--html", kept, "/nowhere.xml"]),
                                      (1, "--html /nowhere/a.html: No such", ["--html", "/nowhere/a.html", self.file("1.xml")])):
            done = run("--merge", *arguments)
            self.assertEqual((done.returncode, done.stdout), (code, ""))
            self.assertIn(says, done.stderr)
        self.assertEqual(kept.read_text(), "before")


if __name__ == "__main__":
    unittest.main(verbosity=2)
