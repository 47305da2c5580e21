#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`netcx plot`: the picture is decoded, and what it is to have is counted in it."""
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import unittest
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from common import NETCX, RTL8168, Host  # noqa: E402
from flows import handshake, pcap, tcp  # noqa: E402

SVG = "{http://www.w3.org/2000/svg}"


class Picture:
    def __init__(self, data):
        self.root = ElementTree.fromstring(data)
        self.width, self.height = (float(self.root.get(name)) for name in ("width", "height"))

    def of(self, kind, **wanted):
        """Elements that have a class among theirs."""
        return [e for e in self.root.iter() if kind in (e.get("class") or "").split()
                and all(e.get(name) == value for name, value in wanted.items())]

    def texts(self, kind):
        return [e.text for e in self.of(kind)]

    def points(self, number):
        """Of the line of that number, each part of it."""
        parts = self.of("line")[number].get("d").split("M")[1:]
        return [[tuple(map(float, p.split())) for p in part.replace("h0.1", "").split("L")] for part in parts]

    def titles(self, kind):
        return [e.find(SVG + "title").text for e in self.of(kind)]

    def inside(self):
        """Nothing lies outside of the picture."""
        for element in self.root.iter():
            for name, most in (("x", self.width), ("y", self.height)):
                assert 0 <= float(element.get(name, 0)) <= most, (element.attrib, most)
            for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", element.get("d") or ""):
                assert 0 <= float(x) <= self.width and 0 <= float(y) <= self.height, element.attrib


def statistics(time, adapter="a", **values):
    return {"time_ms": time, "kind": "log", "adapter": adapter, "name": "Statistics", "tx_ring": 256, "rx_ring": 512, **values}


def callback(time, name, adapter="a", **values):
    return {"time_ms": time, "kind": "callback", "adapter": adapter, "name": name, **values}


class Plot(Host):
    def plot(self, data, *arguments):
        done = subprocess.run([NETCX, "plot", "-", "-o", "-", *arguments], input=data, capture_output=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        picture = Picture(done.stdout)
        picture.inside()
        return picture

    def events(self, *events):
        return "".join(json.dumps(e) + "\n" for e in events).encode()

    def refuses(self, data, says, *arguments):
        done = subprocess.run([NETCX, "plot", "-", "-o", "-", *arguments], input=data, capture_output=True, text=False, timeout=60)
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertEqual(done.stderr.decode(), f"netcx: plot: standard input: {says}\n")

    def test_a_run(self):
        gigabit = 125000000
        run = [callback(100, "DriverEntry"), callback(400, "EvtNetAdapterOffloadSetGso", lso_ipv4=True, lso_ipv6=False),
               statistics(0)]
        run += [statistics(1000 * n, tx_bytes=gigabit * n, tx_packets=10 * n, tx_lso_packets=4 * n, tx_lso_segments=44 * n,
                           rx_bytes=gigabit * 2 * n, tx_held=64, rx_held=256) for n in range(1, 5)]
        run += [callback(3000, "EvtNetAdapterOffloadSetGso", lso_ipv4=False), statistics(5000, tx_bytes=gigabit * 4),
                {"kind": "dropped", "count": 3}, {"time_ms": 1, "kind": "lifecycle", "adapter": "a", "name": "LinkUp"}]
        p = self.plot(self.events(*run))
        self.assertEqual(p.texts("title"), ["Adapter a"])
        self.assertEqual(len(p.of("callback")), 3)
        self.assertEqual(len(p.of("offload")), 2)
        self.assertEqual(p.texts("number"), ["1", "2", "3"])
        self.assertEqual(p.titles("offload"), ["0.400000 s: EvtNetAdapterOffloadSetGso: lso_ipv4",
                                               "3.000000 s: EvtNetAdapterOffloadSetGso: all off"])
        self.assertIn("EvtNetAdapterOffloadSetGso: all off", p.texts("entry"))
        self.assertEqual([t.split(",")[0] for t in p.texts("panel")],
                         ["Throughput", "Size of what is sent", "Ring: what the driver has", "Callbacks"])
        self.assertEqual(p.texts("legend")[::-1][-2:], ["sent", "received"])

        self.assertEqual(len(p.of("line")), 6)
        sent, received = p.points(0)[0], p.points(1)[0]
        self.assertEqual((len(sent), len(received)), (5, 5))
        axis = {e.text: float(e.get("y")) - 4 for e in p.of("y")[:5]}
        for (_, y), value in zip(sent, [1, 1, 1, 1, 0]):
            self.assertAlmostEqual(y, axis["0"] + (axis["2"] - axis["0"]) / 2 * value, delta=0.2)
        for _, y in received[:4]:
            self.assertAlmostEqual(y, axis["2"], delta=0.2)
        # 0 to 5 s over the width; a rate stands in the middle of its second.
        left, right = (float(e.get("x")) for e in (p.of("x")[0], p.of("x")[5]))
        self.assertAlmostEqual(sent[0][0], left + (right - left) * 0.1, delta=0.2)
        # Without packets there is no average.
        self.assertEqual([len(part) for part in p.points(2)], [4])
        fills = p.points(4)[0]
        self.assertAlmostEqual(fills[0][1], fills[-1][1] - 170 * 0.25, delta=0.2)

    def test_which_adapter(self):
        run = [statistics(0, "a"), statistics(0, "b"), callback(10, "EvtA", "a"), callback(20, "EvtB", "b"),
               statistics(1000, "a"), statistics(1000, "b"), callback(1100, "EvtB", "b")]
        self.assertEqual(self.plot(self.events(*run)).titles("callback"), ["0.010000 s: EvtA"])
        p = self.plot(self.events(*run), "--adapter", "b")
        self.assertEqual((p.texts("title"), len(p.of("callback"))), (["Adapter b"], 2))
        self.refuses(self.events(*run), 'it has no two events Statistics of an adapter "c"', "--adapter", "c")

    def test_names_are_no_markup(self):
        p = self.plot(self.events(statistics(0, "<&\u0001\u00fc\ufffe>"), statistics(1, "<&\u0001\u00fc\ufffe>"),
                                  callback(1, "</svg>", "<&\u0001\u00fc\ufffe>")))
        self.assertEqual(p.texts("title"), ["Adapter <&?\u00fc?>"])
        self.assertIn("</svg>", p.texts("entry"))

    def test_many_of_all(self):
        p = self.plot(self.events(*[statistics(n, tx_bytes=n * n, tx_packets=n) for n in range(20000)],
                                  *[callback(n, "Evt%d" % n) for n in range(0, 20000, 10)]))
        self.assertLessEqual(sum(map(len, p.points(0))), 1300)
        self.assertEqual(len(p.of("callback")), 2000)
        self.assertLessEqual(len(p.of("number")), 24)
        self.assertGreater(len(p.of("number")), 8)

    def test_a_capture(self):
        frames = [tcp(4, 10)] * 30 + [tcp(4, 1460)] * 40 + [tcp(4, 64000)] * 7
        p = self.plot(pcap(frames))
        self.assertEqual([t.split(": ") for t in p.titles("bar")],
                         [["all packets", "30"], ["all packets", "40"], ["all packets", "7"]])
        self.assertEqual([t.split(",")[0] for t in p.texts("panel")], ["Throughput", "Sizes"])
        self.assertRegex(p.texts("title")[0], r"^77 packets in ")
        self.assertEqual((len(p.of("line")), len(p.of("callback"))), (1, 0))
        heights = [float(e.get("height")) for e in p.of("bar")]
        self.assertEqual(sorted(heights), [heights[2], heights[0], heights[1]])
        self.plot(pcap(frames[:1]))

    def test_a_capture_of_three_points(self):
        name = lambda text: struct.pack("<HH", 2, len(text)) + text.ljust((len(text) + 3) // 4 * 4, b"\0") + bytes(4)  # noqa: E731

        def block(kind, body):
            return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)
        data = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
        for text in (b"stack", b"ring", b"wire"):
            data += block(1, struct.pack("<HHI", 1, 0, 0) + name(text))
        for i, size in enumerate([100, 100, 100, 9000, 9000, 1500, 1500, 1500]):
            where = (0, 1, 2, 0, 1, 2, 2, 2)[i]
            data += block(6, struct.pack("<IIIII", where, 0, i * 1000, size, size) + bytes(size))
        p = self.plot(data)
        self.assertEqual(sorted(p.titles("bar")), ["ring: 1", "ring: 1", "stack: 1", "stack: 1", "wire: 1", "wire: 3"])
        self.assertEqual(len(p.of("line")), 3)

    def test_what_is_neither(self):
        self.refuses(self.events({"time_ms": 1, "kind": "callback"}),
                     "it has no two events Statistics: netcx run --log json --statistics 0.1 prints them")
        self.refuses(b'{"time_ms":1}\n{"time', "line 2: no JSON: premature end of input near '\"time', column 6")
        self.refuses(b'{"time_ms":1}\n[1]\n', "line 2: an object is expected, as an event is one")
        self.refuses(b'{"time_ms":"x","kind":"log"}\n', 'line 1: "time_ms" is not a number')
        self.refuses(pcap([]), "there is no packet in it")
        self.refuses(pcap([]), "--adapter is for a run's events, and this is none", "--adapter", "a")
        for data in (b"", b"GIF89a", b"\n\n", pcap([tcp(4, 10)])[:-1]):
            done = subprocess.run([NETCX, "plot", "-", "-o", "-"], input=data, capture_output=True, timeout=60)
            self.assertEqual((done.returncode, done.stdout), (1, b""))
            self.assertRegex(done.stderr.decode(), r"^netcx: plot: standard input: [^\n]+\n$")
        self.assertEqual(self.netcx("plot", "none", "-o", "x", code=1)[1], "netcx: plot: none: No such file or directory\n")
        for words, says in [((), "a run's events or a capture are expected"), (("a",), "-o FILE is missing"),
                            (("a", "b", "-o", "c"), "b: one file is expected")]:
            self.assertTrue(self.netcx("plot", *words, code=2)[1].startswith("netcx: plot: " + says))
        with open(self.path("in.pcap"), "wb") as file:
            file.write(pcap([tcp(4, 10)]))
        self.assertEqual(self.netcx("plot", "in.pcap", "-o", "/dev/full", code=1)[1],
                         "netcx: plot: /dev/full: No space left on device\n")

    def test_a_run_of_ours(self):
        with open(self.path("in.pcap"), "wb") as file:
            file.write(pcap(handshake(4, 1460, 1460)[:1] + [tcp(4, 64000, field="without")] * 200))
        out, _ = self.netcx("run", RTL8168, "--device", "rtl8168", "--stack", "pcap:in.pcap", "--wire", "null", "--no-settings",
                            "--log", "json", "--statistics", "0.01")
        events = [json.loads(line) for line in out.splitlines()]
        last = [e for e in events if e["name"] == "Statistics"][-1]
        self.assertEqual((last["tx_packets"], last["tx_lso_packets"]), (201, 200))
        self.assertEqual((last["tx_ring"], last["rx_ring"], last["adapter"]), (256, 512, "Ethernet"))
        p = self.plot(out)
        self.assertEqual(len(p.of("callback")), sum(e["kind"] == "callback" and e["adapter"] in ("Ethernet", "rtl8168")
                                                    for e in events if "kind" in e))
        self.assertIn("is expected", self.netcx("run", RTL8168, "--statistics", "0", code=2)[1].replace("are", "is"))
        if shutil.which("rsvg-convert"):
            with open(self.path("events.json"), "wb") as file:
                file.write(out)
            self.netcx("plot", "events.json", "-o", "run.svg")
            subprocess.run(["rsvg-convert", "run.svg", "-o", "run.png"], cwd=self.folder, check=True)
            with open(self.path("run.png"), "rb") as file:
                head = file.read(24)
            self.assertEqual(struct.unpack(">II", head[16:]), (960, int(p.height)))


if __name__ == "__main__":
    unittest.main(verbosity=2)
