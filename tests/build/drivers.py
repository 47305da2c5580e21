#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The drivers of 2.x in tests/drivers: one for each version, and one with the habits of drivers for 2.x."""
import json
import os
import re
import struct
import subprocess
import threading
import unittest

from common import NETCX, SANITIZED, TOP, Build, main

VERSIONS = os.path.join(TOP, "tests", "drivers", "versions")

# What each promises; which of it the version before does not have, as `netcx build` names it.
PROMISES = (
    (6, ("net/virtualaddress.h",)),
    (8, ("NETEXECUTIONCONTEXT", "NetOffloadIsTxChecksumIPv4Enabled")),
    (5, ()),
    (4, ("NetAdapterLightweightInitAllocate",)),
    (10, ("NetAdapterPauseOffloadCapabilities", "NetAdapterResumeOffloadCapabilities", "NetAdapterQueryWakeReason")),
    (4, ("NetOffloadIsUdpRscEnabled", "NET_PACKET_EXTENSION_RSC_VERSION_2")))


class Promises(Build):
    properties = ()  # the project says it

    def promises(self, driver, count, stack="null", code=0):
        """What it says holds and what fails, until all that it promises has been said."""
        process = subprocess.Popen([NETCX, "run", driver, "--stack", stack, "--log", "json"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.environment)
        late = threading.Timer(30, process.terminate)
        late.start()
        said, started = {"holds": set(), "fails": set()}, False
        for line in process.stdout:
            event = json.loads(line)
            started = started or event["name"] == "DeviceStarted"
            if event["name"] == "DbgPrint":
                holds, what = event["text"].split(": ", 1)
                said[holds].add(what)
            if late.is_alive() and started and sum(map(len, said.values())) >= count:
                late.cancel()
                late.join()
                process.terminate()
        _, errors = process.communicate()
        late.cancel()
        self.assertEqual(process.returncode, code, errors)
        return said["holds"], said["fails"], errors


class Only(Promises):
    """Each runs with its version of NetAdapterCx, and with none before it."""

    def driver(self, minor, *arguments, **options):
        return self.build(os.path.join(VERSIONS, f"2.{minor}"), *arguments, **options)

    def as_version(self, minor, major, asked):
        """The driver's project, asked for as another version, and without a minimum."""
        return self.driver(minor, "-p", f"NETADAPTER_VERSION_MAJOR={major}", "-p",
                           f"NETADAPTER_VERSION_MINOR={asked}", "-p", "NETADAPTER_MINIMUM_VERSION_REQUIRED=",
                           code=None)

    def run_only(self, minor, code=0):
        return self.promises(self.path("out", f"only2{minor}.so"), PROMISES[minor][0], code=code)

    def test_each_with_its_version(self):
        for minor, (promised, _) in enumerate(PROMISES):
            with self.subTest(version=f"2.{minor}"):
                done = self.driver(minor)
                self.assertEqual((done.stdout, done.stderr), (f"out/only2{minor}.so\n", ""))
                if not SANITIZED:
                    holds, fails, errors = self.run_only(minor)
                    self.assertEqual((len(holds), fails, errors), (promised, set(), ""), holds)

    def test_each_with_the_version_before(self):
        for minor, (_, lacks) in enumerate(PROMISES):
            if not lacks:
                continue
            with self.subTest(version=f"2.{minor}"):
                major, asked = (2, minor - 1) if minor else (1, 3)
                done = self.as_version(minor, major, asked)
                self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
                for name in lacks:
                    self.assertRegex(done.stderr, rf"\n  {name} +\S+:.*: of NetAdapterCx 2\.{minor}")
                if minor == 0:  # a header of NetAdapterCx is no gap of ours
                    self.assertNotIn("please tell us", done.stderr)

    @unittest.skipIf(SANITIZED, "the driver is not sanitized")
    def test_the_hash_extension_with_2_1(self):
        """Its header has no version, so the driver is compiled: it is not given the extension."""
        self.assertEqual(self.as_version(2, 2, 1).returncode, 0)
        holds, fails, errors = self.run_only(2, code=1)
        self.assertEqual((holds, fails), (set(), {"hash extension"}))
        self.assertIn("EvtAdapterCreateRxQueue failed: STATUS_NOT_SUPPORTED", errors)

    def test_2_0_with_2_1(self):
        """What is 2.0's alone ends with it."""
        done = self.as_version(0, 2, 1)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        for name in ("NetOffloadIsRscIPv4Enabled", "NetAdapterSetPacketFilterCapabilities"):
            self.assertRegex(done.stderr, rf"\n  {name} +\S+:.*: of NetAdapterCx 2\.0 \(preview\)")

    def test_each_with_the_versions_after(self):
        """From 2.1 on nothing ends."""
        for minor in range(1, 5):
            with self.subTest(version=f"2.{minor}"):
                done = self.as_version(minor, 2, 5)
                if minor == 4:  # it says which is its minimum
                    done = self.driver(minor, "-p", "NETADAPTER_VERSION_MINOR=5")
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                if not SANITIZED:
                    holds, fails, _ = self.run_only(minor)
                    self.assertEqual((len(holds), fails), (PROMISES[minor][0], set()), holds)

    def test_a_version_that_is_not_named(self):
        """The newest that has it all: only 2.0's names are gone by then."""
        unnamed = ("-p", "NETADAPTER_VERSION_MAJOR=", "-p", "NETADAPTER_VERSION_MINOR=")
        for minor, chosen in ((0, "2.0"), (1, "2.5"), (5, "2.5")):
            said = re.search(r"NetAdapterCx (\S+): no version is named", self.driver(minor, *unnamed).stderr)
            self.assertEqual(said.group(1), chosen)


def frame():
    """UDP from 10.0.0.1 to 10.0.0.2, without checksums."""
    datagram = struct.pack(">HHHH", 1000, 2000, 48, 0) + bytes(40)
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(datagram), 1, 0, 64, 17, 0, bytes((10, 0, 0, 1)),
                     bytes((10, 0, 0, 2)))
    return bytes.fromhex("02005e000008" "020000000001" "0800") + ip + datagram


class Habits(Promises):
    """Iterators, tables of extensions, classes in contexts, memory descriptor lists, pasted tokens that are none."""

    PROJECT = os.path.join(TOP, "tests", "drivers", "habits-2")

    def check(self):
        capture = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1)
        for second in range(3):
            capture += struct.pack("<IIII", 1, second, len(frame()), len(frame())) + frame()
        self.put("in.pcap", capture, mode="wb")
        holds, fails, errors = self.promises(self.path("out", "habits2.so"), 99, "pcap:" + self.path("in.pcap"))
        self.assertEqual((len(holds), fails, errors), (20, set(), ""), holds)

    def test_nearest_configuration(self):
        """Its one platform is another machine's, and its configurations have names of their own."""
        done = self.build(self.PROJECT)
        self.assertEqual(done.stderr, "netcx: build: habits2.vcxproj: no configuration Release|x64; it has "
                         "Win11 Debug|ARM64, Win11 Release|ARM64, and Win11 Release|ARM64 is taken "
                         "(--configuration, --platform)\n")
        if not SANITIZED:
            self.check()

    def test_debug_with_sanitizers(self):
        done = self.build(self.PROJECT, "--configuration", "Win11 Debug", "--sanitize", "address,undefined")
        self.assertIn("and Win11 Debug|ARM64 is taken", done.stderr)
        if not SANITIZED:
            self.check()


main()
