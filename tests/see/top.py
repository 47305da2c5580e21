#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`netcx top` in a terminal and without one, `netcx show SECTION` and `--watch`."""
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from common import Host  # noqa: E402
from flows import handshake, tcp  # noqa: E402

SEQUENCE = re.compile(rb"\x1b\[(\??)([\d;]*)([A-Za-z])")


class Terminal:
    """What a program has painted, for the sequences that ours uses; any other is an error."""

    def __init__(self, child, master):
        self.child, self.master = child, master
        self.text, self.rows, self.row, self.column = b"", {}, 0, 0
        self.other_screen, self.seen = False, b""

    def control(self, private, numbers, final):
        if private:
            if numbers == b"1049":
                self.other_screen = final == b"h"
        elif final == b"H":
            parts = [int(n) for n in numbers.split(b";")] if numbers else [1, 1]
            self.row, self.column = parts[0] - 1, parts[1] - 1
        elif final == b"K":
            self.rows[self.row] = self.rows.get(self.row, "")[:self.column]
        elif final == b"J":
            self.rows = {n: text for n, text in self.rows.items() if n <= self.row}
        elif final != b"m":
            raise AssertionError((numbers, final))

    def take(self, data):
        self.seen += data
        self.text += data
        while self.text:
            if self.text.startswith(b"\x1b"):
                found = SEQUENCE.match(self.text)
                if not found:
                    return
                self.control(*found.groups())
                self.text = self.text[found.end():]
                continue
            char, self.text = self.text[:1], self.text[1:]
            if char == b"\r":
                self.column = 0
            elif char == b"\n":
                self.row += 1
            else:
                line = self.rows.get(self.row, "").ljust(self.column)
                self.rows[self.row] = line[:self.column] + char.decode("latin-1") + line[self.column + 1:]
                self.column += 1

    def screen(self):
        return "\n".join(self.rows.get(n, "").rstrip() for n in range(max(self.rows, default=0) + 1))

    def shows(self, what, seconds=60):
        until = time.monotonic() + seconds
        while not re.search(what, self.screen()):
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.master], [], [], left)[0]:
                raise AssertionError(f"{what} is not in\n{self.screen()}")
            try:
                self.take(os.read(self.master, 65536))
            except OSError:
                raise AssertionError(f"{what} did not come before the end in\n{self.screen()}") from None
        return self.screen()

    def type(self, keys):
        os.write(self.master, keys.encode())

    def resize(self, rows, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.child.send_signal(signal.SIGWINCH)

    def ends(self):
        while True:
            try:
                data = os.read(self.master, 65536)
            except OSError:
                data = b""
            if not data:
                return self.child.wait(timeout=20)
            self.take(data)


class Top(Host):
    def terminal(self, *arguments):
        master, slave = pty.openpty()
        self.addCleanup(os.close, master)
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 12, 100, 0, 0))
        self.before = termios.tcgetattr(slave)
        child = self.start(*arguments, stdin=slave, stdout=slave, stderr=slave)
        self.slave = slave
        return Terminal(child, master)

    def ends(self, terminal, code=0):
        self.assertEqual(termios.tcgetattr(self.slave), self.before)
        os.close(self.slave)
        self.assertEqual(terminal.ends(), code)
        self.assertFalse(terminal.other_screen)

    def test_in_a_terminal(self):
        self.host()
        terminal = self.terminal("top", "--delay", "0.3")
        screen = terminal.shows(r"Ethernet .*\n  tx 0 .*0/\d+.*\n  rx 0 ")
        self.assertTrue(terminal.other_screen)
        self.assertRegex(screen, r"^netcx top - \d\d:\d\d:\d\d, 1 adapter, every 0.3 s, by ADAPTER\n")
        self.send(handshake(4, 1460, 1460)[:1] + [tcp(4, 64000, field="without")] * 10)
        terminal.shows(r"  tx 0 +[1-9]\S* +[1-9]\S* +[1-9]\S+ ")
        terminal.shows(r"  tx 0 +0 +0 +0 ")

        terminal.type("h")
        terminal.shows(r"any key goes back(.|\n)*Columns")
        terminal.type("xB")
        terminal.shows("by GBIT\n")
        terminal.type(">R")
        terminal.shows("by RING reversed")
        terminal.type("i")
        terminal.shows("without idle queues(.|\n)*Ethernet[^\n]*$")
        terminal.type("d0.01\r")
        terminal.shows("0.01 is no delay from 0.1 to 3600")
        terminal.type("0.2\r")
        terminal.shows("every 0.2 s")
        terminal.resize(6, 40)
        terminal.shows(r"^netcx top [^\n]{1,30}(\n[^\n]{0,40})+$")
        self.assertLessEqual(len(terminal.screen().split("\n")), 6)
        terminal.type("q")
        self.wait_for(lambda: terminal.child.poll() is not None)
        self.ends(terminal)

    def test_a_signal_gives_the_terminal_back(self):
        self.host()
        terminal = self.terminal("top")
        terminal.shows("Ethernet")
        terminal.child.send_signal(signal.SIGTERM)
        self.wait_for(lambda: terminal.child.poll() is not None)
        self.ends(terminal)

    def test_a_new_size_loses_no_host(self):
        host = self.host()
        terminal = self.terminal("top", "--delay", "0.1")
        terminal.shows("Ethernet")
        host.send_signal(signal.SIGSTOP)
        for _ in range(8):  # the host is asked, and does not answer yet
            time.sleep(0.1)
            terminal.child.send_signal(signal.SIGWINCH)
        host.send_signal(signal.SIGCONT)
        terminal.shows("Ethernet +0 ")
        terminal.type("q")
        self.wait_for(lambda: terminal.child.poll() is not None)
        self.ends(terminal)
        self.assertNotIn(b"no adapter", terminal.seen)

    def test_json_by_the_second(self):
        host = self.host()
        child = self.start("top", "--json", "--delay", "0.2")
        line = json.loads(child.stdout.readline())
        self.assertAlmostEqual(line["time"], time.time(), delta=60)
        self.send(handshake(4, 1460, 1460)[:1] + [tcp(4, 64000, field="without")] * 10)
        total = {"packets": 0}
        while total["packets"] < 10.9:
            line = json.loads(child.stdout.readline())
            self.assertGreater(line["seconds"], 0.19)
            adapter, = line["adapters"]
            self.assertEqual((adapter["pid"], adapter["name"], adapter["state"], adapter["link_up"]),
                             (host.pid, "Ethernet", "running", True))
            self.assertEqual([(q["kind"], q["id"], q["size"]) for q in adapter["queues"]], [("tx", 0, 256), ("rx", 0, 512)])
            for name in ("packets", "super_packets", "segments", "gbit", "drops", "callbacks", "cpu"):
                total[name] = total.get(name, 0) + adapter["queues"][0][name] * line["seconds"]
        child.send_signal(signal.SIGINT)
        child.communicate(timeout=30)
        self.assertAlmostEqual(total["packets"], 11, delta=0.01)
        self.assertAlmostEqual(total["super_packets"], 10, delta=0.01)
        self.assertAlmostEqual(total["segments"], 441, delta=0.01)
        self.assertAlmostEqual(total["gbit"], (10 * 64054 + 58) * 8 / 1e9, delta=1e-6)
        self.assertEqual(total["drops"], 0)
        self.assertGreater(total["callbacks"], 0)
        self.assertGreater(total["cpu"], 0)

    def test_plain_lines_where_there_is_no_terminal(self):
        self.host()
        out, _ = self.netcx("top", "Ethernet", "--count", "2", "--delay", "0.1")
        self.assertNotIn(b"\x1b", out)
        lines = out.decode().split("\n")
        self.assertEqual([line.split()[:2] for line in lines[:4]][0], ["ADAPTER", "PACKETS"])
        self.assertEqual(lines[0], lines[5])
        self.assertTrue(lines[2].startswith("  tx 0 "))
        child = self.start("top", "--delay", "0.1")
        child.stdout.readline()
        child.send_signal(signal.SIGINT)
        child.communicate(timeout=30)
        self.assertEqual(child.returncode, 0)

    def test_usage(self):
        for words, says in [(("--delay", "0"), "--delay 0: seconds from 0.1 to 3600 are expected"),
                            (("--delay", "nan"), "--delay nan: seconds from 0.1"), (("--count", "-1"), "--count -1: a number"),
                            (("a", "b"), "b: one adapter is expected, not more")]:
            _, err = self.netcx("top", *words, code=2)
            self.assertTrue(err.startswith("netcx: top: " + says), err)
        self.assertIn("no adapter of this user's runs", self.netcx("top", "x", code=1)[1])

    def test_show_a_section(self):
        self.host()
        out = self.netcx("show", "link")[0].decode()
        self.assertRegex(out, r"^Ethernet: running \(pid \d+\)\n  stack +pcap:stack\n(.*\n)*  link ")
        self.assertNotIn("counters", out)
        out = self.netcx("show", "Ethernet", "counters")[0].decode()
        self.assertIn("tx_packets: 0\n", out)
        self.assertNotIn("  driver ", out)
        one, = json.loads(self.netcx("show", "queues", "--json")[0])["adapters"]
        self.assertEqual(sorted(one), ["name", "pid", "queues", "state"])
        tx, rx = one["queues"]
        self.assertEqual((tx["held"], tx["counters"]["packets"], rx["kind"]), (0, 0, "rx"))
        self.assertEqual(rx["held"], rx["packets"] - 1)
        self.assertIn("is expected", self.netcx("show", "Ethernet", "cable", code=2)[1])
        self.assertEqual(self.netcx("show", "--count", "1", code=2)[1], "netcx: show: --delay and --count go with --watch\n")

    def test_show_and_watch(self):
        self.host()
        lines = self.netcx("show", "queues", "--json", "--watch", "--count", "3", "--delay", "0.1")[0].splitlines()
        times = [json.loads(line)["adapters"][0]["queues"][1]["cpu_ns"] for line in lines]
        self.assertEqual(times, sorted(times))
        self.assertEqual(len(times), 3)
        terminal = self.terminal("show", "link", "--watch", "--delay", "0.1")
        terminal.shows("link +up")
        self.netcx("link", "down")
        terminal.shows("link +down")
        terminal.child.send_signal(signal.SIGINT)
        self.wait_for(lambda: terminal.child.poll() is not None)
        self.ends(terminal)

    def test_watching_a_host_that_does_not_answer(self):
        host = self.host()
        terminal = self.terminal("show", "link", "--watch", "--delay", "0.1")
        terminal.shows("link +up")
        host.send_signal(signal.SIGSTOP)
        time.sleep(0.5)
        terminal.child.send_signal(signal.SIGINT)
        self.wait_for(lambda: terminal.child.poll() is not None)
        host.send_signal(signal.SIGCONT)
        self.ends(terminal)
        self.assertNotIn(b"answer", terminal.seen)


if __name__ == "__main__":
    unittest.main(verbosity=2)
