#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The page of netcx test --html in a real browser: what its script has made of it, how it looks, that nothing escapes."""
import html
import html.parser
import json
import os
import pathlib
import re
import shutil
import struct
import subprocess
import tempfile
import unittest
import zlib

NETCX, ROOT, MUTANTS = os.environ["NETCX"], os.environ["NETCX_ROOT"], os.environ["NETCX_MUTANTS"]
PAIR = ["--set", "Station=1", "--peer", "Station=2"]
HOSTILE = "<img src=x onerror=\"document.title='taken'\">'\"&</pre></details><script>document.title='taken'</script>\u202e"
BAD, DARK_BACK = (0xC6, 0x23, 0x1B), (0x14, 0x17, 0x1B)


class Page(html.parser.HTMLParser):
    """What a browser has made of the page: its elements with their attributes, and text by element."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.text, self.open = [], "", []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        self.open.append(tag)

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if not {"style", "script", "title"} & set(self.open):
            self.text += data

    def count(self, tag, **attributes):
        return sum(t == tag and all(a.get(k.rstrip("_").replace("_", "-")) == v for k, v in attributes.items())
                   for t, a in self.elements)

    def those(self, tag):
        return [a for t, a in self.elements if t == tag]


def picture(path):
    """Width and rows of RGB of a PNG of 8 bits a channel."""
    data, at, packed = path.read_bytes(), 8, b""
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack_from(">IIBB", data, at + 8)
        elif kind == b"IDAT":
            packed += data[at + 8:at + 8 + size]
        at += size + 12
    assert depth == 8 and colour in (2, 6), (depth, colour)
    n = 3 if colour == 2 else 4
    raw, rows, before = zlib.decompress(packed), [], bytes(width * n)
    for y in range(height):
        begin = y * (width * n + 1)
        row = bytearray(raw[begin + 1:begin + 1 + width * n])
        for i in range(len(row)) if raw[begin] else ():
            left, up = row[i - n] if i >= n else 0, before[i]
            corner = before[i - n] if i >= n else 0
            guess = left + up - corner
            nearest = min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))[2]
            row[i] = (row[i] + (left, up, (left + up) // 2, nearest)[raw[begin] - 1]) & 255
        rows.append(bytes(row))
        before = rows[-1]
    return [[tuple(row[i:i + 3]) for i in range(0, len(row), n)] for row in rows]


class Browser(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.chromium = shutil.which("chromium")
        if not cls.chromium:
            raise unittest.SkipTest("chromium is not installed")
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)

    def run_cases(self, driver, *arguments, mutant=0, code=0):
        page = self.folder / "page.html"
        done = subprocess.run([NETCX, "test", driver, *arguments, "--json", "--html", page], capture_output=True,
                              text=True, timeout=120, env=dict(os.environ, NETCX_MUTANT=str(mutant)))
        self.assertEqual((done.returncode, done.stderr), (code, ""))
        return page, json.loads(done.stdout)

    def browse(self, page, *arguments):
        done = subprocess.run(
            [self.chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars",
             "--virtual-time-budget=2000", f"--user-data-dir={self.folder}/profile", *arguments, page.as_uri()],
            capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def look(self, page, *arguments):
        shot = self.folder / "page.png"
        self.browse(page, "--window-size=600,500", f"--screenshot={shot}", *arguments)
        return picture(shot)

    def test_a_failure_as_a_reader_sees_it(self):
        page, told = self.run_cases(MUTANTS + "/virtual.so", *PAIR, "lso/flags", "lso/beyond", "checksum/ipv4-header",
                               mutant=7, code=1)
        dom = Page(self.browse(page, "--dump-dom"))
        cases = [a for a in dom.those("details") if a.get("class") == "case"]

        # Each case once, with its verdict; those that failed are open.
        self.assertEqual([(a["id"], a["data-verdict"]) for a in cases],
                         [(c["name"], c["verdict"]) for c in told["cases"]])
        self.assertEqual([a["id"] for a in cases if "open" in a], ["lso/flags/ipv4", "lso/flags/ipv6"])
        for verdict in ("passed", "failed", "skipped"):
            self.assertEqual(dom.count("span", class_="verdict " + verdict), told[verdict])
        self.assertIn("2 of 5 cases failed", dom.text)
        # The script has run, by the digest of the page's own policy.
        self.assertIn("5 of 5 cases", dom.text)
        # Bytes that differ are marked on both sides: a flag and two of a checksum at most.
        marks = sum(x != y for c in told["cases"] if c["verdict"] == "failed"
                    for x, y in zip(bytes.fromhex(c["expected"]), bytes.fromhex(c["actual"])))
        self.assertEqual(dom.count("b"), 2 * marks)
        self.assertEqual(dom.count("tr", class_="differs"), sum(len(c.get("fields", [])) for c in told["cases"]))
        for words in ("TCP flags", "IPv6 payload length", "EvtNetAdapterOffloadSetGso", "was not built with --coverage"):
            self.assertIn(words, dom.text)
        # All can be reached by the keyboard: nothing but links, buttons, fields and summaries does anything.
        self.assertEqual(dom.count("summary"), len(dom.those("details")))
        self.assertFalse([a for _, a in dom.elements if any(name.startswith("on") for name in a)])
        self.assertFalse([a for _, a in dom.elements if "src" in a or a.get("href", "#")[0] != "#"])

        light = self.look(page)
        self.assertEqual(light[5][5], (255, 255, 255))
        self.assertGreater(sum(row.count(BAD) for row in light), 500)
        self.assertEqual(self.look(page, "--blink-settings=preferredColorScheme=0")[5][5], DARK_BACK)

    def test_what_a_driver_says_does_not_become_markup(self):
        case = {"name": "lso/" + HOSTILE, "verdict": "failed", "seconds": 1, "packets": 1, "rule": HOSTILE, "text": HOSTILE,
                "demand": HOSTILE, "source": HOSTILE, "windows": HOSTILE, "report": HOSTILE, "expected": "00", "actual": "01",
                "fields": [{"name": HOSTILE[:30], "offset": 0, "length": 1, "expected": "<b>", "actual": "<i>"}],
                "events": [{"time_ms": 1, "kind": "callback", "name": HOSTILE, "adapter": HOSTILE, HOSTILE: HOSTILE}]}
        report = {"driver": HOSTILE, "device": HOSTILE, "netcx": HOSTILE, "seed": 1, "cases": [case]}
        (self.folder / "report.json").write_text(json.dumps(report))
        page = self.folder / "hostile.html"
        done = subprocess.run([NETCX, "test", "--merge", self.folder / "report.json", "--html", page], capture_output=True,
                              text=True, timeout=60)
        self.assertEqual(done.returncode, 1, done.stderr)
        text = self.browse(page, "--dump-dom")
        dom = Page(text)
        self.assertEqual((dom.count("img"), dom.count("script"), dom.count("details", class_="case")), (0, 1, 1))
        self.assertNotIn("<title>taken", text)
        self.assertNotIn("\u202e", text)
        self.assertIn(HOSTILE[:-1] + "\\u202E", dom.text)

    def test_coverage_is_that_of_the_compiler(self):
        for compiler, tool in (("gcc", "gcov"), ("clang", "llvm-cov")):
            if not (shutil.which(compiler) and shutil.which(tool)):
                continue
            with self.subTest(compiler):
                source = ROOT + "/drivers/virtual"
                driver = self.folder / (compiler + ".so")
                subprocess.run([compiler, "-shared", "-fPIC", "-g", "--coverage", "-fshort-wchar", "-fms-extensions", "-w",
                                "-D_KERNEL_MODE", "-I", ROOT + "/include/wdk", "-I", ROOT + "/include/netadaptercx/2", "-I",
                                source + "/km", "-o", driver, *pathlib.Path(source).glob("*.c")], check=True,
                               cwd=self.folder)
                shutil.copy(source + "/virtual.inf", driver.with_suffix(".inf"))
                page, _ = self.run_cases(driver, *PAIR, "lso/flags/ipv6")
                self.assertIn("segment.c", [a.split(">")[-1] for a in re.findall(r"<th scope=row>[\w.]+", page.read_text())])
                runs = {line: count for count, line in
                        re.findall(r"<td class=n>([^<]*)</td><td><code>\s*([^<]*)</code>", page.read_text())}
                self.assertGreater(int(runs["sequence += Done;"]), 10)
                self.assertEqual(runs[html.escape("VirtStore16(&Slot->Data[Slot->Layer4 + VIRT_UDP_LENGTH], layer4);")],
                                 "not run")


if __name__ == "__main__":
    unittest.main(verbosity=2)
