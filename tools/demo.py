# SPDX-License-Identifier: MIT
"""./run demo: our rtl8168 driver moves real TCP between two network namespaces, and `ethtool -K`
reaches its EvtNetAdapterOffloadSetLso, or with --api 2.5 its EvtNetAdapterOffloadSetGso; there
`netcx offload` reaches its EvtNetAdapterOffloadSetRsc as well. Shows what happens as it happens, and
a table at the end; with --json one object with all of it."""
import argparse
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checksums import bad_checksums  # noqa: E402
from lab import Lab, LabError, TOP, WIRE4, WIRE6, exit_on_signals  # noqa: E402

MTU = 1500
PHASE_SECONDS = 1.6
CAPTURE_FRAMES = 5000          # of each phase, for tcpdump; the kernel's own verdict covers all
FILE_BYTES = 48 * 1024 * 1024
# For each NetAdapterCx: our driver for it, the card it gets (one that is ahead of the chip where
# the framework is), and the last callback of a change of the offloads.
APIS = {
    "1.3": ("rtl8168/rtl8168.so", "rtl8168", "EvtNetAdapterOffloadSetLso"),
    "2.5": ("rtl8168/2.5/rtl8168.so", "rtl8168-ext", "EvtNetAdapterOffloadSetRsc"),
}
SHOWN_EVENTS = {
    "DriverEntry", "EvtDriverDeviceAdd", "EvtDevicePrepareHardware", "NetAdapterCreate",
    "NetAdapterStart", "EvtNetAdapterOffloadSetChecksum", "EvtNetAdapterOffloadSetLso",
    "EvtNetAdapterOffloadSetTxChecksum", "EvtNetAdapterOffloadSetRxChecksum",
    "EvtNetAdapterOffloadSetGso", "EvtNetAdapterOffloadSetRsc", "EvtSetReceiveFilter",
    "EvtDeviceD0Entry", "EvtAdapterCreateTxQueue", "EvtAdapterCreateRxQueue", "LinkUp",
    "LinkDown", "NDIS_STATUS_TASK_OFFLOAD_CURRENT_CONFIG", "EvtPacketQueueStart",
}


def fields_of(event):
    return {name: value for name, value in event.items()
            if name not in ("time_ms", "kind", "adapter", "name", "status_value")}


class Printer:
    """The live account; silent with --json."""

    def __init__(self, quiet):
        self.quiet = quiet
        self.lock = threading.Lock()

    def __call__(self, text=""):
        if not self.quiet:
            with self.lock:
                print(text, flush=True)

    def heading(self, text):
        self("\n\033[1m%s\033[0m" % text if sys.stdout.isatty() else "\n== %s ==" % text)


class Adapter:
    """`netcx run`, its events as they come, and `netcx show`."""

    def __init__(self, lab, say, build, api):
        driver, device, self.offloads_told = APIS[api]
        self.begin(lab, say, build, [
            os.path.join(build, "drivers", driver), "--device", device, "--stack", "tap:nic0",
            "--wire", "tap:wire0", "--netns", lab.ns("stack"), "--mtu", str(MTU)])

    def begin(self, lab, say, build, arguments):
        self.lab, self.say = lab, say
        self.netcx = os.path.join(build, "netcx")
        self.events, self.condition = [], threading.Condition()
        self.stderr = tempfile.TemporaryFile("w+")
        if lab.record:
            arguments = [*arguments, "--statistics", "0.1"]
        self.process = lab.popen("wire", [self.netcx, "run", *arguments, "--log", "json"],
                                 stdout=subprocess.PIPE, stderr=self.stderr, text=True)
        threading.Thread(target=self._follow, daemon=True).start()

    def _follow(self):
        record = open(self.lab.record, "w", encoding="utf-8") if self.lab.record else None
        for line in self.process.stdout:
            if record:
                record.write(line)
                record.flush()
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if "name" not in event:  # events were lost: this reader was too slow
                continue
            self._show(event)
            with self.condition:
                self.events.append(event)
                self.condition.notify_all()
        if record:
            record.close()
        with self.condition:
            self.events.append({"name": "(end)"})
            self.condition.notify_all()

    def _show(self, event):
        if event["name"] not in SHOWN_EVENTS:
            return
        fields = "  ".join("%s=%s" % (name, str(value).lower() if isinstance(value, bool)
                                      else value)
                           for name, value in fields_of(event).items())
        self.say("  %9.3f ms  %s%-40s %s" % (event["time_ms"], self.whose(event), event["name"], fields))

    def whose(self, _event):
        """In front of an event's name: with one adapter it is clear."""
        return ""

    def died(self):
        self.stderr.seek(0)
        return LabError("netcx run ended: %s" % (self.stderr.read().strip() or "no message"))

    def wait_for(self, name, start=0, seconds=15, adapter=None):
        """The first event of that name (and adapter) from index `start` on; its index."""
        end = time.monotonic() + seconds
        with self.condition:
            while True:
                for index in range(start, len(self.events)):
                    event = self.events[index]
                    if event["name"] == name and adapter in (None, event.get("adapter")):
                        return index
                    if self.events[index]["name"] == "(end)":
                        raise self.died()
                left = end - time.monotonic()
                if left <= 0 or not self.condition.wait(left):
                    raise LabError("no %s within %d s" % (name, seconds))

    def show(self):
        return json.loads(self.lab.sh(None, "%s show --json" % self.netcx))["adapters"][0]

    def callbacks(self):
        found = []
        with self.condition:
            for event in self.events:
                if event.get("kind") == "callback":
                    found.append({"name": event["name"], "time_ms": event["time_ms"],
                                  "adapter": event["adapter"], **fields_of(event)})
        return found


class Capture:
    """tcpdump of the first frames of a phase, which it judges afterwards, beside the next phase."""

    def __init__(self, lab, path):
        self.lab, self.path, self.bad = lab, path, None
        self.dump = lab.popen("wire", ["tcpdump", "-i", "wire0", "-n", "-U", "-B", "16384", "-c",
                                       str(CAPTURE_FRAMES), "-Z", "root", "-w", path, "tcp or udp"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.dump.stderr.readline()       # "listening on": it has begun
        self.judge = None

    def finish(self):
        self.lab.kill(self.dump, signal.SIGINT)
        # As nobody's friend: with -vv every checksum is looked at, of IP, TCP and UDP, and said to be right or wrong.
        self.verdicts = tempfile.TemporaryFile("w+")
        self.judge = self.lab.popen(None, ["nice", "tcpdump", "-n", "-t", "-vv", "-r", self.path], stdout=self.verdicts,
                                    stderr=subprocess.DEVNULL)

    def verdict(self):
        if self.judge.wait(60):
            raise LabError("tcpdump could not read the capture")
        with self.verdicts:
            self.verdicts.seek(0)
            return bad_checksums(self.verdicts)


class Oversize:
    """Counts every frame on the wire that is longer than the MTU allows (the kernel's filter does)."""

    def __init__(self, lab):
        self.count = 0
        self.process = lab.popen("wire", ["tcpdump", "-i", "wire0", "-n", "-l", "-q", "-t",
                                          "greater %d" % (MTU + 14 + 1)],
                                 stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        threading.Thread(target=self._follow, daemon=True).start()

    def _follow(self):
        for _ in self.process.stdout:
            self.count += 1


def kernel_counter(lab, side, *names):
    """Sum of counters of /proc/net/snmp, snmp6 and netstat in a namespace."""
    text = lab.sh(side, "cat /proc/net/snmp /proc/net/netstat")
    total = 0
    lines = text.splitlines()
    for keys, values in zip(lines[::2], lines[1::2]):
        for key, value in zip(keys.split()[1:], values.split()[1:]):
            total += int(value) if key in names else 0
    return total


class Phases:
    def __init__(self, lab, adapter, say, scratch):
        self.lab, self.adapter, self.say, self.scratch = lab, adapter, say, scratch
        self.oversize = Oversize(lab)
        self.list = []
        self.captures = []

    def snapshot(self):
        counters = self.adapter.show()["counters"]
        return {
            "time": time.monotonic(), "counters": counters,
            "retransmits": {side: kernel_counter(self.lab, side, "RetransSegs")
                            for side in ("stack", "wire")},
            "bad": sum(kernel_counter(self.lab, side, "InCsumErrors")
                       for side in ("stack", "wire")),
            "oversize": self.oversize.count,
        }

    def measure(self, name, family, direction, ethtool, run):
        """One phase: run() takes its time while TCP flows; what was counted meanwhile."""
        capture = Capture(self.lab, os.path.join(self.scratch, "%d.pcap" % len(self.list)))
        before = self.snapshot()
        run()
        after = self.snapshot()
        capture.finish()

        def grew(counter):
            return after["counters"][counter] - before["counters"][counter]

        out = direction == "out"
        seconds = after["time"] - before["time"]
        side = "stack" if out else "wire"
        lso, plain = grew("tx_lso_packets"), grew("tx_plain_packets")
        phase = {
            "name": name, "family": family, "direction": direction, "ethtool": ethtool,
            "gbps": round(8e-9 * grew("tx_bytes" if out else "rx_bytes") / seconds, 3),
            "lso_packets": lso, "plain_packets": plain,
            "mean_bytes": round(grew("tx_bytes") / (lso + plain)) if lso + plain else 0,
            "segments": grew("tx_lso_segments"),
            "wire_frames": grew("device_tx_frames") if out else grew("device_rx_frames"),
            "bad_checksums": after["bad"] - before["bad"],
            "oversize_frames": after["oversize"] - before["oversize"],
            "retransmits": after["retransmits"][side] - before["retransmits"][side],
            "coalesced_packets": grew("rx_coalesced"),
            "coalesced_segments": grew("rx_coalesced_segments"),
        }
        self.list.append(phase)
        self.captures.append(capture)
        self.say("  %-26s %6.2f Gbit/s   %7d LSO packets  %7d without   mean %6d bytes   "
                 "%8d segments" % (name, phase["gbps"], lso, plain, phase["mean_bytes"],
                                   phase["segments"]))
        if phase["coalesced_packets"]:
            self.say("  %-26s %7d packets made of %d received segments" %
                     ("", phase["coalesced_packets"], phase["coalesced_segments"]))
        return phase

    def judge(self):
        for phase, capture in zip(self.list, self.captures):
            phase["bad_checksums"] += capture.verdict()


def ethtool(lab, adapter, say, arguments):
    """Change a feature as an administrator does, and wait until the driver has heard of it."""
    start = len(adapter.events)
    say("  $ ethtool -K nic0 %s" % arguments)
    lab.sh("stack", "ethtool -K nic0 %s" % arguments)
    adapter.wait_for(adapter.offloads_told, start)
    adapter.wait_for("NDIS_STATUS_TASK_OFFLOAD_CURRENT_CONFIG", start)


def stream(lab, address, seconds):
    """TCP to the other side in the background; stop it by killing it."""
    for _ in range(10):
        flow = lab.popen("stack", ["iperf3", "-c", address, "-t", str(int(seconds)), "-J"],
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.3)
        # The server turns it away as long as it has not noticed the end of the stream before.
        if flow.poll() is None:
            return flow
    raise LabError("no stream to %s comes about" % address)


def traffic(lab, adapter, say, phases):
    lab.iperf_server()
    say.heading("TCP through the driver and over the wire, LSO on")
    for family, address in (("IPv4", WIRE4), ("IPv6", WIRE6)):
        phases.measure("%s in" % family, family, "in", "",
                       lambda a=address: lab.iperf(a, int(PHASE_SECONDS + 0.5), reverse=True))
    steps = (("LSO on", ""), ("tso off", "tso off"),
             ("only IPv6 LSO", "tx-tcp6-segmentation on"), ("all on again", "tso on"))
    for family, address in (("IPv4", WIRE4), ("IPv6", WIRE6)):
        say.heading("%s out; ethtool changes the offloads while TCP runs" % family)
        flow = stream(lab, address, 60)
        for name, arguments in steps:
            if arguments:
                ethtool(lab, adapter, say, arguments)
            phases.measure("%s out, %s" % (family, name), family, "out",
                           "ethtool -K nic0 %s" % arguments if arguments else "",
                           lambda: time.sleep(PHASE_SECONDS))
        if flow.poll() is not None:
            raise LabError("the %s stream broke off" % family)
        lab.kill(flow, signal.SIGTERM)


# Datagrams that the NIC is to make of what is handed to it in one go (UDP_SEGMENT), as QUIC does.
DATAGRAMS = """
import socket, sys, time
s = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_UDP, 103, 1200)
s.connect((sys.argv[1], 5301))
end = time.monotonic() + float(sys.argv[2])
while time.monotonic() < end:
    s.send(bytes(48000))
    time.sleep(0.001)
"""

SINK = """
import socket
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
s.bind(("::", 5301))
print("ready", flush=True)
while True:
    s.recv(65536)
"""


def datagrams(lab, adapter, say, phases):
    """UDP segmentation, where framework and TAP have it."""
    if "tx-udp-segmentation: on" not in lab.sh("stack", "ethtool -k nic0"):
        say("  this kernel's TAP has no UDP segmentation offload")
        return
    sink = lab.popen("wire", [sys.executable, "-c", SINK], stdout=subprocess.PIPE, text=True)
    sink.stdout.readline()
    say.heading("UDP out; ethtool changes UDP segmentation")
    steps = (("IPv4 UDP, USO on", "IPv4", WIRE4, ""),
             ("IPv4 UDP, USO off", "IPv4", WIRE4, "tx-udp-segmentation off"),
             ("IPv6 UDP, USO on again", "IPv6", WIRE6, "tx-udp-segmentation on"))
    for name, family, address, arguments in steps:
        if arguments:
            ethtool(lab, adapter, say, arguments)
        phases.measure(name, family, "out", "ethtool -K nic0 %s" % arguments if arguments else "",
                       lambda a=address: lab.popen(
                           "stack", [sys.executable, "-c", DATAGRAMS, a, str(PHASE_SECONDS)]).wait())
    lab.kill(sink)


RECEIVER = """
import hashlib, socket
s = socket.create_server(("::", 5300), family=socket.AF_INET6, dualstack_ipv6=True)
print("ready", flush=True)
c, _ = s.accept()
h = hashlib.sha256()
while True:
    d = c.recv(1 << 20)
    if not d:
        break
    h.update(d)
print(h.hexdigest(), flush=True)
"""

SENDER = """
import socket, sys
s = socket.create_connection((sys.argv[1], 5300), timeout=30)
with open(sys.argv[2], "rb") as f:
    s.sendfile(f)
s.shutdown(socket.SHUT_WR)
"""


def coalescing(lab, adapter, say, phases):
    """Receive segment coalescing, which a TAP has no ethtool feature for."""
    say.heading("TCP in; netcx changes receive segment coalescing")
    steps = (("IPv4 in, RSC on", "IPv4", WIRE4, ""),
             ("IPv4 in, RSC off", "IPv4", WIRE4, "--rsc-v4 off --rsc-v6 off"),
             ("IPv6 in, RSC on again", "IPv6", WIRE6, "--rsc-v4 on --rsc-v6 on"))
    for name, family, address, arguments in steps:
        if arguments:
            start = len(adapter.events)
            say("  $ netcx offload %s" % arguments)
            lab.sh(None, "%s offload %s" % (adapter.netcx, arguments))
            adapter.wait_for("EvtNetAdapterOffloadSetRsc", start)
        phases.measure(name, family, "in", "",
                       lambda a=address: lab.iperf(a, int(PHASE_SECONDS + 0.5), reverse=True))


def send_file(lab, say, scratch, size=FILE_BYTES):
    path = os.path.join(scratch, "file")
    digest = hashlib.sha256()
    with open(path, "wb") as out:
        for _ in range(size // (1 << 20)):
            block = os.urandom(1 << 20)
            digest.update(block)
            out.write(block)
    receiver = lab.popen("wire", [sys.executable, "-c", RECEIVER], stdout=subprocess.PIPE,
                         text=True)
    receiver.stdout.readline()
    sender = lab.popen("stack", [sys.executable, "-c", SENDER, WIRE4, path])
    out, _ = receiver.communicate(timeout=60)
    lab.kill(sender, signal.SIGTERM)
    equal = out.strip() == digest.hexdigest()
    say.heading("A file of %d MB, sent through" % (size >> 20))
    say("  sent      sha256 %s" % digest.hexdigest())
    say("  received  sha256 %s   %s" % (out.strip(), "equal" if equal else "DIFFERENT"))
    return equal


def offload_line(kind, state):
    def on(what):
        return "  ".join("%s %-5s" % (title, str(state[what][key]).lower()) for title, key in
                         (("IPv4", "ipv4"), ("TCP", "tcp"), ("UDP", "udp"), ("IPv6", "ipv6"))
                         if key in state[what])

    line = "  %-9s checksum %s  LSO %s  " % (kind, on("checksum"), on("lso"))
    if "uso" in state:
        line += "USO %s  " % on("uso")
    if "rsc" in state:
        line += "RSC %s  " % on("rsc")
    return line + "MaximumOffloadSize %d  MinimumSegmentCount %d" % (
        state["lso"]["maximum_offload_size"], state["lso"]["minimum_segment_count"])


def table(say, phases):
    say.heading("In short")
    say("  %-26s %8s %9s %9s %9s %9s %6s %6s %8s" % ("phase", "Gbit/s", "LSO pkts", "segments",
                                                      "RSC pkts", "frames", "bad", "> MTU", "retrans"))
    for p in phases:
        say("  %-26s %8.2f %9d %9d %9d %9d %6d %6d %8d" % (
            p["name"], p["gbps"], p["lso_packets"], p["segments"], p["coalesced_packets"],
            p["wire_frames"], p["bad_checksums"], p["oversize_frames"], p["retransmits"]))


def demo(lab, say, scratch, started, build, api):
    lab.make_namespaces()
    say.heading("The driver comes up")
    adapter = Adapter(lab, say, build, api)
    up = adapter.wait_for("NetAdapterStart")
    adapter.wait_for("EvtAdapterCreateRxQueue", up)
    lab.addresses()
    lab.wait_for_link()
    state = adapter.show()
    say.heading("Its offloads")
    for kind in ("hardware", "default", "active"):
        say(offload_line(kind, state["offloads"][kind]))
    phases = Phases(lab, adapter, say, scratch)
    traffic(lab, adapter, say, phases)
    if api != "1.3":
        datagrams(lab, adapter, say, phases)
        coalescing(lab, adapter, say, phases)
    equal = send_file(lab, say, scratch)
    phases.judge()
    table(say, phases.list)
    callbacks = adapter.callbacks()
    if lab.kill(adapter.process, signal.SIGTERM, 10) != 0:
        raise adapter.died()
    seconds = round(time.monotonic() - started, 1)
    clean = equal and not any(p["bad_checksums"] or p["oversize_frames"] for p in phases.list)
    say("\n  file equal on both sides: %s   %.1f s in all" % ("yes" if equal else "NO", seconds))
    return clean, {"callbacks": callbacks, "phases": phases.list, "sha256_equal": equal,
                   "seconds": seconds}


def main():
    parser = argparse.ArgumentParser(prog="./run demo", description=__doc__)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--api", choices=sorted(APIS), default="1.3",
                       help="the NetAdapterCx whose driver is shown; default 1.3")
    which.add_argument("--virtual", action="store_true",
                       help="two virtual adapters that are each other's wire, in the place of the card")
    parser.add_argument("--json", action="store_true", help="print one JSON object only")
    parser.add_argument("--plot", metavar="FILE", help="draw the run into FILE, as SVG")
    parser.add_argument("--build", default=os.path.join(TOP, "build"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    say = Printer(options.json)
    exit_on_signals()
    if os.geteuid():
        sys.exit("demo: network namespaces need root (CAP_NET_ADMIN, CAP_SYS_ADMIN)")
    started = time.monotonic()
    try:
        if options.plot:
            open(options.plot, "a", encoding="utf-8").close()     # can it be written? Said before all else
        with tempfile.TemporaryDirectory(prefix="netcx-demo-") as scratch, Lab("demo") as lab:
            lab.record = os.path.join(scratch, "events.json") if options.plot else None
            if options.virtual:
                from virtual_demo import virtual_demo
                clean, report = virtual_demo(lab, say, scratch, started, options.build)
            else:
                clean, report = demo(lab, say, scratch, started, options.build, options.api)
            if options.plot:
                subprocess.run([os.path.join(options.build, "netcx"), "plot", lab.record, "-o", options.plot], check=True)
                say("The run as a picture: %s" % options.plot)
    except (LabError, OSError, subprocess.SubprocessError) as error:
        sys.exit("demo: %s" % error)
    if options.json:
        print(json.dumps(report, indent=2))
    sys.exit(0 if clean else 1)


if __name__ == "__main__":
    main()
