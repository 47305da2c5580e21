#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/ci.md: its files are YAML of the right shape, their scripts are the shell's, and what they run of netcx does it."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

import yaml

NETCX, ROOT, DRIVERS = os.environ["NETCX"], os.environ["NETCX_ROOT"], os.environ["NETCX_DRIVERS"]
GITHUB, GITLAB = [yaml.safe_load(text) for text in
                  re.findall(r"^```yaml\n(.*?)^```", pathlib.Path(ROOT, "docs/ci.md").read_text(), re.M | re.S)]


def help_of(*words):
    return subprocess.run([NETCX, *words, "--help"], capture_output=True, text=True, check=True).stdout


class Ci(unittest.TestCase):
    def scripts(self):
        """(platform, job, script) of all jobs."""
        for name, job in GITHUB["jobs"].items():
            for step in job["steps"]:
                self.assertEqual(len({"run", "uses"} & set(step)), 1, step)
                if "run" in step:
                    yield "github", name, step["run"]
        for name, job in GITLAB.items():
            if isinstance(job, dict):
                for key in ("before_script", "script"):
                    if key in job:
                        yield "gitlab", name, "\n".join(job[key])

    def test_jobs_are_of_the_right_shape(self):
        self.assertEqual(list(GITHUB["jobs"]), ["build", "test", "report"])
        shards = GITHUB["jobs"]["test"]["strategy"]["matrix"]["shard"]
        self.assertEqual(shards, list(range(1, GITHUB["env"]["SHARDS"] + 1)))
        for job in GITHUB["jobs"].values():
            self.assertTrue({"runs-on", "steps"} <= set(job))
            for needed in [job.get("needs", [])] if isinstance(job.get("needs"), str) else job.get("needs", []):
                self.assertIn(needed, GITHUB["jobs"])
        jobs = {name: job for name, job in GITLAB.items() if isinstance(job, dict) and "script" in job}
        self.assertEqual([job["stage"] for job in jobs.values()], GITLAB["stages"])
        for job in jobs.values():
            self.assertTrue(set(job.get("needs", [])) <= set(jobs))
            self.assertIn(job.get("extends", ".run"), GITLAB)

    def test_scripts_are_the_shells_and_name_options_that_there_are(self):
        for platform, job, script in self.scripts():
            with self.subTest(platform=platform, job=job):
                done = subprocess.run(["sh", "-n"], input=script, capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                for command, arguments in re.findall(r"build/netcx (\w+)((?:[^\n]|\\\n)*)", script):
                    for option in re.findall(r"(?<!\S)--?[a-z][a-z-]*", arguments):
                        self.assertRegex(help_of(command), rf"(^|\s){option}\b")

    def test_packages_are_those_that_netcx_is_built_of(self):
        script = "\n".join((pathlib.Path(ROOT, "run").read_text(), 'printf "%s\\n" "${build_packages[@]}"'))
        lists = re.findall(r"^(?:host|build)_packages=\(.*?\)$|^printf.*", script, re.M | re.S)
        wanted = subprocess.run(["bash"], input="\n".join(lists), capture_output=True, text=True, check=True).stdout.split()
        self.assertIn("libxml2-dev", wanted)
        self.assertIn("gcc", wanted)
        for platform, job, script in self.scripts():
            if job == "build" and "apt-get install" in script:
                self.assertLessEqual(set(wanted), set(script.replace("\\", " ").split()), platform)

    def shell(self, folder, script, **variables):
        for line in re.split(r"\n(?! )", re.sub(r"\\\n *", "", script).strip()):
            done = subprocess.run(["sh", "-ec", line], cwd=folder, capture_output=True, text=True, timeout=240,
                                  env=dict(os.environ, **{k: str(v) for k, v in variables.items()}))
            self.assertEqual(done.returncode, 0, (line, done.stderr))

    def test_what_they_run_of_netcx(self):
        cases = {"CASES": "lso/flags checksum/ipv4-header lso/odd", "DRIVER": "out/rtl8168.so"}
        steps = [s for s in self.scripts() if s[1] != "build" and "netcx test" in s[2]]
        self.assertEqual(len(steps), 4)
        for platform in ("github", "gitlab"):
            variables = dict(GITHUB["env"] if platform == "github" else GITLAB["variables"], **cases)
            with self.subTest(platform), tempfile.TemporaryDirectory() as name:
                folder = pathlib.Path(name)
                (folder / "out").mkdir()
                for kind in ("so", "inf"):
                    shutil.copy(f"{DRIVERS}/rtl8168/rtl8168.{kind}", folder / "out")
                (folder / "netcx/build").mkdir(parents=True)
                (folder / "netcx/build/netcx").symlink_to(NETCX)
                subprocess.run(["tar", "--create", "--gzip", "--file", "conformance.tar.gz", "out"], cwd=folder, check=True)
                test, report = [script for where, _, script in steps if where == platform]
                for shard in range(1, 5):
                    self.shell(folder, test, **variables, SHARD=shard, CI_NODE_INDEX=shard, CI_NODE_TOTAL=4)
                self.shell(folder, report, **variables)
                suite = ElementTree.parse(folder / "conformance.xml").getroot().find("testsuite")
                self.assertEqual((suite.get("tests"), suite.get("failures"), suite.get("skipped")), ("5", "0", "0"))
                self.assertIn("5</span>", (folder / "conformance.html").read_text())


if __name__ == "__main__":
    unittest.main(verbosity=2)
