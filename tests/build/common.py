# SPDX-License-Identifier: MIT
"""What the tests of netcx build share: a project's text, a scratch folder, the command."""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NETCX = os.environ.get("NETCX", os.path.join(TOP, "build", "netcx"))
HABITS = os.path.join(TOP, "tests", "drivers", "habits")
HELLO = os.path.join(TOP, "drivers", "hello-1.3")
# A sanitized netcx has a runtime in it already; drivers with another one cannot be loaded.
SANITIZER = os.environ.get("NETCX_SANITIZE", "none")
SANITIZED = SANITIZER != "none"

DRIVER = """
#include <ntddk.h>
#include <wdf.h>
#include <netadaptercx.h>
%s
DRIVER_INITIALIZE DriverEntry;
NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	WDF_DRIVER_CONFIG config;
	%s
	WDF_DRIVER_CONFIG_INIT(&config, NULL);
	return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config, NULL);
}
"""

PROJECT = """<?xml version="1.0" encoding="utf-8"?>
<Project xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
<PropertyGroup>%s</PropertyGroup>
<ItemGroup>%s</ItemGroup>
</Project>
"""


class Build(unittest.TestCase):
    # What is tested is seldom the version: one is named, which a project in this folder could not change.
    properties = ("-p", "NETADAPTER_VERSION_MAJOR=1", "-p", "NETADAPTER_VERSION_MINOR=3")

    def setUp(self):
        self.scratch = tempfile.mkdtemp(prefix="netcx-test-build-")
        self.addCleanup(shutil.rmtree, self.scratch, True)
        self.temporary = os.path.join(self.scratch, "tmp")
        os.mkdir(self.temporary)
        self.environment = dict(os.environ, TMPDIR=self.temporary, LC_ALL="C.UTF-8")
        self.environment.pop("NETCX_INCLUDE_ROOT", None)

    def path(self, *parts):
        return os.path.join(self.scratch, *parts)

    def put(self, name, text, mode="w"):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, mode, **({} if "b" in mode else {"encoding": "utf-8"})) as file:
            file.write(text)
        return path

    def build(self, *arguments, code=0, cwd=None, program=NETCX):
        done = subprocess.run([program, "build", "-j", "2", *self.properties, *arguments], capture_output=True,
                              text=True, timeout=120, env=self.environment,
                              cwd=cwd or self.scratch, check=False)
        if code is not None:
            self.assertEqual(done.returncode, code, done.stderr)
        # Nothing temporary stays, however it ended.
        self.assertEqual(os.listdir(self.temporary), [])
        return done

    def fails(self, *arguments, says, code=1, **options):
        """One message that names what is wrong."""
        done = self.build(*arguments, code=code, **options)
        self.assertIn(says, done.stderr)
        self.assertEqual(done.stdout, "")
        return done

    def in_one_file(self, driver, code):
        """What a user has who writes events and errors into one file."""
        with open(self.path("said"), "w+b") as said:
            done = subprocess.run([NETCX, "run", driver, "--stack", "null"], stdout=said, stderr=said, timeout=60,
                                  env=self.environment, check=False)
            said.seek(0)
            text = said.read().decode()
        self.assertEqual(done.returncode, code, text)
        return text

    def run_driver(self, driver, *arguments, code=0, stop="DeviceStarted"):
        """Its events, until the named one has come; then it is stopped."""
        process = subprocess.Popen([NETCX, "run", driver, "--stack", "null", "--log", "json",
                                    "--trace", "verbose", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True, env=self.environment)
        events = []
        for line in process.stdout:
            events.append(json.loads(line))
            if events[-1]["name"] == stop:
                process.send_signal(signal.SIGTERM)
        errors = process.stderr.read()
        process.stdout.close()
        process.stderr.close()
        self.assertEqual(process.wait(30), code, errors)
        return events, errors

    def fake_clang(self, body):
        path = self.put("fake/clang", "#!/bin/sh\n" + body)
        os.chmod(path, 0o755)
        return path


def main():
    if not shutil.which("clang"):
        print("skipped: no clang")
        sys.exit(77)
    unittest.main(verbosity=2)
