#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""./run, in a tree of its own: what it builds and installs with are scripts that write down how they were called."""
import json
import os
import pathlib
import pty
import re
import shutil
import subprocess
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
TOOLS = ["bash", "cat", "chmod", "chown", "dirname", "env", "find", "grep", "mkdir", "mktemp", "python3", "readlink",
         "rm", "sed", "sleep", "sort", "stat", "tail", "tee", "tr"]
# What each script does beside writing down its call.
STUBS = {
    "id": 'echo "${STUB_UID:-0}"',
    "dpkg-query": '[ -z "${STUB_MISSING:-}" ] && echo "install ok installed"',
    "apt-get": '[ "$1" != update ] || { sleep ${STUB_LISTS:-0}; exit "${STUB_UPDATE:-0}"; }; [ "$1" = update ] || { echo "0 upgraded, 3 newly installed, 0 to remove and 0 not upgraded."; '
               'for p in a b c; do echo "Setting up $p (1)"; sleep ${STUB_SLOW:-0}; done; exit "${STUB_APT:-0}"; }',
    "unshare": 'exit "${STUB_UNSHARE:-0}"',
    "meson": '[ "$1" != setup ] || [ "$2" = --reconfigure ] || touch "$2/build.ninja"',
    "ninja": 'touch "$2/made"; for n in $(seq 30); do echo "[$n/30] Compiling x"; [ $((n % 10)) != 0 ] || sleep ${STUB_SLOW:-0}; '
             'done; exit "${STUB_NINJA:-0}"',
    "git": "exit 0",
}


class Entry(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="netcx-test-entry-")
        self.addCleanup(scratch.cleanup)
        base = pathlib.Path(scratch.name)
        base.chmod(0o755)
        self.tree, self.bin, self.tmp = base / "tree", base / "bin", base / "tmp"
        self.calls = base / "calls"
        for folder in (self.tree, self.bin, self.tmp, self.tree / "tools", self.tree / "fuzz", self.tree / "bench"):
            folder.mkdir()
        for path in ("run", "tools/progress.sh", "fuzz/meson.build"):
            shutil.copy(TOP / path, self.tree / path)
        for path in TOP.glob("tests/*/meson.build"):
            (self.tree / path.relative_to(TOP)).parent.mkdir(parents=True)
            shutil.copy(path, self.tree / path.relative_to(TOP))
        for name in ("seq", "touch", *TOOLS):
            (self.bin / name).symlink_to(shutil.which(name))
        for name, text in STUBS.items():
            self.script(self.bin / name, text)
        for path in ("tools/demo.py", "tests/run", "bench/e2e", "bench/lso", "bench/traces", "fuzz/run"):
            self.script(self.tree / path, 'echo "TMPDIR=$TMPDIR" >>"$STUB_CALLS"; echo left >"$TMPDIR/left"')
        (self.tree / "tools/demo.py").write_text(
            "import os, sys\nopen(os.environ['TMPDIR'] + '/left', 'w').write('x')\nprint('demo', *sys.argv[1:])\n"
            "if '--plot' in sys.argv:\n    open(sys.argv[-1], 'w').write('<svg/>')\n")

    def script(self, path, text):
        path.write_text('#!/bin/bash\necho "%s $*" >>"$STUB_CALLS"\n%s\n' % (path.name, text))
        path.chmod(0o755)

    def environment(self, **more):
        return {"PATH": str(self.bin), "TMPDIR": str(self.tmp), "STUB_CALLS": str(self.calls), "HOME": str(self.tmp),
                "NETCX_SILENCE": "1", **more}

    def run_it(self, *words, cwd=None, **more):
        done = subprocess.run([str(self.tree / "run"), *words], env=self.environment(**more), capture_output=True,
                              text=True, check=False, timeout=50, cwd=cwd)
        return done.returncode, done.stdout, done.stderr

    def called(self):
        text = self.calls.read_text(encoding="utf-8") if self.calls.exists() else ""
        return {line.split()[0] for line in text.splitlines()}

    def assert_nothing_done(self):
        self.assertFalse(self.called() & {"apt-get", "meson", "ninja", "sudo"}, self.called())
        self.assertEqual(list(self.tmp.iterdir()), [])

    def test_a_wrong_call_is_refused_before_anything_is_built(self):
        for words, part in ((["bench"], "which one"), (["bench", "nothing"], "no benchmark named 'nothing'"),
                            (["bench", "e2e", "--half", "both"], "send or receive"), (["bench", "lso", "--mss"], "value"),
                            (["bench", "lso", "--repeats=x"], "a number"), (["fuzz", "nothing"], "no target 'nothing'"),
                            (["fuzz", "vnet", "soon"], "seconds"), (["fuzz", "vnet", "1", "2"], "no more"),
                            (["test", "nothing"], "no suite 'nothing'"), (["demo", "--api", "2.2"], "1.3 or 2.5"),
                            (["demo", "--virtual", "--api", "1.3"], "goes without"), (["demo", "x"], "no such option"),
                            (["demo", "--plot=/nowhere/x.svg"], "/nowhere/x.svg cannot be written"), (["demo", "--plot"], "value"),
                            (["build", "netcx"], "an option"), (["format", "x"], "no such option"), (["package", "x"], "no such option"),
                            (["nothing"], "no command")):
            code, text, error = self.run_it(*words, STUB_MISSING="1")
            self.assertEqual((code, text), (2, ""), (words, error))
            self.assertIn(part, error, words)
            self.assert_nothing_done()

    def test_each_command_has_help(self):
        for command in ("demo", "build", "test", "bench", "package", "fuzz", "format"):
            for words in ((command, "--help"), (command, "x", "-h"), ("help", command)):
                code, text, error = self.run_it(*words)
                self.assertEqual((code, error), (0, ""))
                self.assertIn("usage: ./run %s" % command, text)
        self.assertIn("usage: ./run COMMAND", self.run_it("help")[1])
        self.assertIn("lso_segment", self.run_it("fuzz", "--help")[1])
        self.assert_nothing_done()

    def test_a_missing_privilege_is_told_before_anything_is_built(self):
        for words in (["demo"], ["test"], ["bench", "e2e"]):
            code, _, error = self.run_it(*words, STUB_UID="1000", STUB_MISSING="1")
            self.assertEqual(code, 1)
            self.assertIn("network namespaces: run it as root", error)
            code, _, error = self.run_it(*words, STUB_UNSHARE="1", STUB_MISSING="1")
            self.assertEqual(code, 1)
            self.assertIn("CAP_SYS_ADMIN", error)
            self.assert_nothing_done()

    def test_a_pipe_has_a_line_every_few_seconds(self):
        code, _, error = self.run_it("build", STUB_SLOW="0.7")
        self.assertEqual(code, 0, error)
        steps = re.findall(r"^run: compiling: (\d+) of 30(, about \d+ s left)?$", error, re.M)
        self.assertTrue(steps, error)
        self.assertTrue(all(left for done, left in steps if 10 < int(done) < 30), error)
        self.assertLess(len(steps), 6)
        self.assertNotIn("\r", error)
        self.assertIn("[30/30]", (self.tree / "build/ninja.log").read_text(encoding="utf-8"))

    def test_a_terminal_has_one_line_that_changes(self):
        parent, child = pty.openpty()
        done = subprocess.Popen([str(self.tree / "run"), "build"], env=self.environment(), stderr=child,
                                stdout=subprocess.DEVNULL)
        os.close(child)
        text = b""
        try:
            while chunk := os.read(parent, 4096):
                text += chunk
        except OSError:  # the other end is closed
            pass
        os.close(parent)
        self.assertEqual(done.wait(), 0)
        lines = text.decode().split("\r\n")
        changing = [line for line in lines if line.count("run: compiling:") >= 25]
        self.assertEqual(len(changing), 1, text)
        self.assertIn("left", changing[0])

    def test_packages_are_told_as_they_are_installed(self):
        code, _, error = self.run_it("build", STUB_MISSING="1", NETCX_SILENCE="0")
        self.assertEqual(code, 0, error)
        self.assertRegex(error, r"run: installing gcc .*libxml2-dev")
        self.assertRegex(error, r"run: packages: [12] of 3\n")
        code, _, error = self.run_it("build", STUB_MISSING="1", STUB_LISTS="2.5")
        self.assertEqual(code, 0, error)
        self.assertRegex(error, r"run: lists of packages: [12] s\n")
        code, _, error = self.run_it("build", STUB_MISSING="1", STUB_UPDATE="7")
        self.assertEqual(code, 1)
        self.assertIn("apt-get update", error)
        code, _, error = self.run_it("build", STUB_MISSING="1", STUB_APT="7")
        self.assertEqual(code, 1)
        self.assertIn("could not install: gcc", error)

    def test_a_build_that_fails_says_so(self):
        code, _, error = self.run_it("build", STUB_NINJA="1")
        self.assertEqual(code, 1)
        self.assertIn("[30/30] Compiling x", error)
        self.assertIn("the build failed", error)

    def test_options_of_a_build_that_is_there_are_set(self):
        self.assertEqual(self.run_it("build", "-Dx=y")[0], 0)
        self.assertEqual(self.run_it("build", "-Dx=z")[0], 0)
        calls = self.calls.read_text(encoding="utf-8")
        self.assertIn("meson setup build -Dprojects=enabled -Dtests=false -Dx=y", calls)
        self.assertIn("meson setup --reconfigure build -Dprojects=enabled -Dtests=false -Dx=z", calls)

    def test_the_demo_is_built_of_what_it_shows(self):
        for words, driver in (([], "rtl8168/rtl8168.so"), (["--api", "2.5"], "rtl8168/2.5/rtl8168.so"),
                              (["--virtual"], "virtual/virtual.so")):
            self.assertEqual(self.run_it("demo", *words, STUB_MISSING="1")[0], 0)
            calls = self.calls.read_text(encoding="utf-8")
            self.assertIn("ninja -C build netcx drivers/%s\n" % driver, calls)
        self.assertIn("meson setup build -Dprojects=disabled -Dtests=false\n", calls)
        for package in ("g++", "libxml2-dev", "libcmocka-dev", "tshark", "clang"):
            self.assertNotIn(" %s" % package, calls)
        self.assertEqual(self.run_it("build")[0], 0)
        self.assertIn("meson setup --reconfigure build -Dprojects=enabled", self.calls.read_text(encoding="utf-8"))

    def test_a_benchmark_is_built_of_what_it_runs(self):
        self.assertEqual(self.run_it("bench", "lso", "--quick")[0], 0)
        self.assertIn("ninja -C build-bench for-bench\n", self.calls.read_text(encoding="utf-8"))

    def test_the_picture_is_where_it_was_asked_for(self):
        elsewhere = self.tree.parent / "elsewhere"
        elsewhere.mkdir()
        for words in (["--plot", "a.svg"], ["--json", "--plot=a.svg"], ["--plot=%s/a.svg" % elsewhere]):
            code, text, error = self.run_it("demo", *words, cwd=elsewhere)
            self.assertEqual(code, 0, error)
            self.assertIn("--plot %s/a.svg" % elsewhere, text)
            (elsewhere / "a.svg").unlink()

    def test_nothing_is_left_behind(self):
        for words in (["demo", "--json"], ["test", "base"], ["bench", "lso"], ["fuzz", "vnet", "1"]):
            code, _, error = self.run_it(*words)
            self.assertEqual(code, 0, error)
            self.assertEqual(list(self.tmp.iterdir()), [], words)
        self.assertRegex(self.calls.read_text(encoding="utf-8"), r"TMPDIR=.*/tmp/netcx-")

    @unittest.skipIf(os.getuid(), "only root can give files away")
    def test_a_users_tree_stays_the_users(self):
        for path in [self.tree, *self.tree.rglob("*")]:
            os.chown(path, 12345, 12345)
        for more in ({}, {"STUB_NINJA": "1"}):
            self.run_it("build", **more)
            self.assertTrue((self.tree / "build/made").exists())
            self.assertEqual({path.lstat().st_uid for path in self.tree.rglob("*")}, {12345})

    def test_suites_are_those_that_there_are(self):
        tests = json.loads(subprocess.run(["meson", "introspect", os.environ["NETCX_BUILD"], "--tests"],
                                          capture_output=True, text=True, check=True).stdout)
        named = set(re.search(r"Suites: (.*)", self.run_it("test", "--help")[1])[1].split())
        self.assertLessEqual({suite.split(":")[-1] for test in tests for suite in test["suite"]}, named)


unittest.main()
