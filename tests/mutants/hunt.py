#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
Each mutant of mutants.py fails the case that is to find it, by the rule that it breaks; the good drivers pass those.

    hunt.py          that
    hunt.py --all    all cases against each mutant: which of them find it, and how long the first one took
"""
import concurrent.futures
import json
import os
import subprocess
import sys
import unittest

from mutants import ROWS

NETCX, FOLDER = os.environ["NETCX"], os.environ["NETCX_MUTANTS"]
ACKS = ["--set", "RscDuplicateAcks=1"]  # Windows wants none coalesced: else DuplicateAckCount is 0 always
DRIVERS = {
    "virtual": [FOLDER + "/virtual.so", "--set", "Station=1", "--peer", "Station=2"],
    "rtl8168-2.5": [FOLDER + "/rtl8168-2.5.so", "--device", "rtl8168-ext", *ACKS],
    "rtl8168-1.3": [FOLDER + "/rtl8168-1.3.so", "--device", "rtl8168"],
    "device": [FOLDER + "/rtl8168-2.5.so", "--device", "rtl8168-ext", *ACKS],
    "device-1.3": [FOLDER + "/rtl8168-1.3.so", "--device", "rtl8168"],
}
WORKERS = 10  # most of them wait for what never comes


def run(number, driver, *cases, patience="3", limit="60", jobs="1"):
    """What was told, and the failed cases of it. What a mutant never does is not waited for long."""
    netcx = FOLDER + "/netcx-device-mutants" if driver.startswith("device") else NETCX
    command = [netcx, "test", *DRIVERS[driver], "--json", "--jobs", jobs, "--patience", patience, "--limit", limit,
               *cases]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600,
                          env=dict(os.environ, NETCX_MUTANT=str(number)))
    told = json.loads(done.stdout)
    failed = [c for c in told["cases"] if c["verdict"] == "failed"]
    assert done.returncode == (1 if failed else 0), done
    return told, failed


def hunt(row):
    """A callback that does not return is named by the watchdog, which is a fifth of the limit: before any frame is missed."""
    return run(row.number, row.driver, row.case, limit="5" if row.rule == "CallbackReturns" else "60")


class Mutants(unittest.TestCase):
    def test_each_is_found_by_the_rule_it_breaks(self):
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            for row, (_, failed) in zip(ROWS, pool.map(hunt, ROWS)):
                with self.subTest(driver=row.driver, mutant=row.name, number=row.number):
                    self.assertEqual([c["name"] for c in failed], [row.case])
                    self.assertIn(failed[0]["rule"], row.rule.split("|"), failed[0].get("text"))

    def test_the_good_ones_pass_the_same_cases(self):
        for driver in DRIVERS:
            cases = sorted({r.case for r in ROWS if r.driver == driver})
            told, failed = run(0, driver, *cases, patience="10", jobs="4")
            self.assertEqual(failed, [])
            self.assertEqual(told["passed"], len(cases))


def hunt_all():
    found = 0
    for row in ROWS:
        _, failed = run(row.number, row.driver)
        found += bool(failed)
        first = failed[0] if failed else None
        print(f"{row.number:3} {row.driver:12} {row.name:46} " +
              (f"{len(failed):3} cases, first {first['name']} ({first['rule']}) {first['seconds']:.2f} s" if first else
               "SURVIVES"), flush=True)
    print(f"{found} of {len(ROWS)} found")
    return 0 if found == len(ROWS) else 1


if __name__ == "__main__":
    if "--all" in sys.argv:
        sys.exit(hunt_all())
    unittest.main(verbosity=2)
