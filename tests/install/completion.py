#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
Completion as a person has it: keys into bash on a terminal, and what stands on the line then.

    completion.py FILE NETCX DRIVER

FILE is sourced first; NETCX is the command's folder, DRIVER one to run.
"""
import os
import pathlib
import pty
import re
import select
import subprocess
import sys
import tempfile
import time
import unittest

FILE, FOLDER, DRIVER = sys.argv[1:4]
END, PROMPT = b"<end>", b"<prompt>"


class Terminal:
    def __init__(self, environment):
        self.pid, self.fd = pty.fork()
        if not self.pid:
            os.execvpe("bash", ["bash", "--norc", "--noprofile", "-i"], environment)
        for line in ("bind 'set bell-style none'; bind 'set enable-bracketed-paste off'", "bind '\"\\C-o\": \"<end>\"'", ". " + FILE):
            self.read_to(PROMPT)
            self.type(line.encode() + b"\n")
        self.read_to(PROMPT)

    def type(self, keys):
        os.write(self.fd, keys)

    def read_to(self, text):
        got, until = b"", time.monotonic() + 15
        while text not in got:
            if not select.select([self.fd], [], [], max(0, until - time.monotonic()))[0]:
                raise AssertionError("bash did not say %r: %r" % (text, got))
            got += os.read(self.fd, 4096)
        return got

    def line(self, typed):
        """What stands on the line after Tab, which Ctrl-O marks the end of."""
        self.type(typed.encode() + b"\t\x0f")
        # A line that completion has changed is drawn again, with backspaces.
        drawn, shown = self.read_to(END), []
        for character in re.sub(rb".*<prompt>|\x07|\x1b\[[0-9;]*[A-Za-z]", b"", drawn.split(b"\n")[-1]).decode():
            if character == "\b":
                shown.pop()
            else:
                shown.append(character)
        self.type(b"\x1b#")         # makes a comment of it
        self.read_to(PROMPT)        # what is typed before it may be lost
        return "".join(shown)


class Completion(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="netcx-test-completion-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        (cls.folder / "my nic.so").touch()
        (cls.folder / "my nic.inf").touch()
        environment = {**os.environ, "PATH": FOLDER + ":" + os.environ["PATH"], "PS1": PROMPT.decode(), "TERM": "dumb", "INPUTRC": "/dev/null",
                       "XDG_RUNTIME_DIR": str(cls.folder), "XDG_CONFIG_HOME": str(cls.folder), "COLUMNS": "400", "HISTFILE": ""}
        cls.host = subprocess.Popen([FOLDER + "/netcx", "run", DRIVER, "--name", "My nic"], env=environment,
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        cls.addClassCleanup(cls.host.wait)
        cls.addClassCleanup(cls.host.kill)
        subprocess.run([FOLDER + "/netcx", "wait"], check=True, timeout=60, env=environment)
        cls.terminal = Terminal(environment)

    def becomes(self, typed, expected):
        self.assertEqual(self.terminal.line(typed), expected + END.decode())

    def test_commands_and_options(self):
        self.becomes("netcx expl", "netcx explain ")
        self.becomes("netcx run --coll", "netcx run --coll")
        self.becomes("netcx explain --js", "netcx explain --json ")

    def test_adapters(self):
        self.becomes("netcx show M", r"netcx show My\ nic ")
        self.becomes("netcx wait 'My", "netcx wait 'My nic' ")

    def test_keywords(self):
        self.becomes("netcx set *LsoV1", r"netcx set \*LsoV1IPv4 ")
        self.becomes("netcx set '*LsoV1", "netcx set '*LsoV1IPv4' ")
        self.becomes(r"netcx explain \*JumboP", r"netcx explain \*JumboPacket ")

    def test_devices(self):
        self.becomes("netcx run x.so --device rtl8168-e", "netcx run x.so --device rtl8168-ext ")
        self.becomes("netcx run x.so --device=rtl8168-e", "netcx run x.so --device=rtl8168-ext ")
        self.becomes("netcx run x.so --stack pc", "netcx run x.so --stack pcap:")

    def test_drivers(self):
        self.becomes("netcx run %s/my" % self.folder, r"netcx run %s/my\ nic.so " % self.folder)
        self.becomes("netcx run x.so --inf %s/m" % self.folder, r"netcx run x.so --inf %s/my\ nic.inf " % self.folder)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
