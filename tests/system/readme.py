#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
The blocks of the README, as they stand there, in namespaces of their own.

What is changed: a run that stands in a terminal of its own goes into the background and is waited for, what follows events is
ended, iperf3 takes a second; a line with a placeholder (NAME), or with a file of an earlier run, is left out.
"""

import os
import pathlib
import re
import struct
import subprocess
import tempfile
import unittest

from common import BUILD, TOP

ROOT = pathlib.Path(TOP)
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
INSIDE = "set -eu; mount -t tmpfs none /run; mkdir -p /run/netns; ip link set lo up; cd \"$1\"; . ./block"


def blocks():
    """Those that are indented, by what they have in them."""
    return [re.sub(r"^    ", "", block, flags=re.M) for block in re.findall(r"(?:^    .*\n|^\n(?=    ))+", TEXT, re.M)]


def block(with_text):
    found = [one for one in blocks() if with_text in one]
    if len(found) != 1:
        raise AssertionError(f"{len(found)} blocks of the README have {with_text}")
    return found[0]


def prepared(text):
    """A script of a block, of lines that go on after a backslash."""
    lines = []
    for line in re.sub(r"\\\n\s*", "", text).split("\n"):
        line = line.split("  #")[0].rstrip()
        if "NAME" in line or "netcx plot run.json" in line:
            continue
        if line.startswith("build/netcx run") and "pcap:" not in line and not line.endswith("&"):
            line += " > run.log 2>&1 &\nbuild/netcx wait"
        elif line.startswith("build/netcx events"):
            line = f"timeout 1 {line} || [ $? = 124 ]"
        elif line.startswith("build/netcx top"):
            line = f"timeout 2 {line} --json || [ $? = 124 ]"
        elif "| wireshark" in line:
            line = f"timeout -s INT 1 {line.split(' |')[0]} | wc -c"
        elif line.startswith("iperf3 -s"):
            line += "\nuntil ss -Hltn sport = :5201 | grep -q .; do sleep .05; done"
        elif "iperf3 -c" in line:
            line += " -t 1"
        lines.append(line)
    return "\n".join(lines) + "\n"


def super_packet():
    """A capture with 20,000 bytes of TCP in one packet."""
    frame = bytes.fromhex("0200000000020200000000010800") + struct.pack(
        "!BBHHHBBHII", 0x45, 0, 20040, 1, 0x4000, 64, 6, 0, 0x0A000001, 0x0A000002) + struct.pack(
        "!HHIIBBHHH", 1000, 2000, 1, 1, 0x50, 0x18, 65535, 0, 0) + bytes(20000)
    return struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1) + struct.pack(
        "<IIII", 1, 0, len(frame), len(frame)) + frame


class Readme(unittest.TestCase):
    def run_block(self, *texts, behind=""):
        with tempfile.TemporaryDirectory() as folder:
            top = pathlib.Path(folder)
            for name in ("drivers", "include", "examples"):
                (top / name).symlink_to(ROOT / name)
            (top / "build").symlink_to(BUILD)
            (top / "in.pcap").write_bytes(super_packet())
            end = "\nkill -INT $(jobs -p) 2>/dev/null || true; wait\n" if any("run" in text for text in texts) else ""
            (top / "block").write_text("".join(map(prepared, texts)) + behind + end, encoding="utf-8")
            environment = {**os.environ, "XDG_RUNTIME_DIR": folder, "XDG_CONFIG_HOME": folder}
            # Its processes are a namespace, which ends with unshare, which ends with this test, also when that is killed.
            done = subprocess.run(["setpriv", "--pdeathsig", "KILL", "unshare", "-r", "-n", "-m", "--pid", "--fork",
                                   "--kill-child", "--mount-proc", "bash", "-c", INSIDE, "bash", folder], text=True,
                                  capture_output=True, timeout=100, env=environment, check=False)
            log = (top / "run.log").read_text() if (top / "run.log").exists() else ""
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr + log)
            return done.stdout + log, done.stderr

    def test_by_hand_and_traffic(self):
        said, _ = self.run_block(block("ip netns add stack"), block("iperf3 -s -1 -D"))
        self.assertIn("Gbits/sec", said.replace("Mbits", "Gbits"))
        self.assertIn("EvtNetAdapterOffloadSet", said)

    def test_a_capture_without_a_privilege(self):
        self.run_block(block("pcap:in.pcap --wire pcap:out.pcap"), behind="[ $(wc -c < out.pcap) -gt 20600 ]\n")

    def test_two_adapters_over_one_cable(self):
        text = block("--adapter left").replace("build/netcx restart left", "build/netcx restart left | grep 'left: running'")
        said, _ = self.run_block("ip netns add stack\nip netns add far\n", text)
        self.assertIn("left: running", said)

    def test_the_picture_is_what_a_run_gives(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["python3", ROOT / "docs/picture.py", f"{BUILD}/netcx", f"{BUILD}/drivers/rtl8168/rtl8168.so",
                            f"{folder}/picture.svg"], check=True)
            self.assertEqual(pathlib.Path(folder, "picture.svg").read_text(encoding="utf-8"),
                             (ROOT / "docs/segments.svg").read_text(encoding="utf-8"))

    def test_explain(self):
        said, _ = self.run_block(block("netcx explain 0x19e"))
        self.assertIn("rule InvalidLsoCapabilities", said)

    def test_hello_in_five_minutes(self):
        text = block("-o mine/hello.so")
        output, errors = self.run_block(text)
        promised = re.search(r"tso off +# (hello: .*)", text).group(1)
        said = re.findall(r"DbgPrint +(hello: LSO .*)", output)
        self.assertEqual(errors, "")
        self.assertEqual(len(said), 2, output)
        self.assertEqual(said[1], promised)

    def test_captures_are_cut_and_joined(self):
        self.run_block(block("netcx segment sent.pcap").replace("sent.pcap", "in.pcap"), behind="test -s received.pcap\n")


if __name__ == "__main__":
    unittest.main(verbosity=2)
