# SPDX-License-Identifier: MIT
"""Two hosts on one machine, for the demo, the benchmarks and the system tests.

A Lab makes two network namespaces with names of its own - "stack", whose TCP/IP stands above the
adapter, and "wire", the other end of the cable - and takes away everything it made, whatever ends
it. Several labs can run beside each other.
"""
import atexit
import ctypes
import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)

STACK4, WIRE4 = "10.77.0.1", "10.77.0.2"
STACK6, WIRE6 = "fd77::1", "fd77::2"


class LabError(Exception):
    """Something that the user has to know; its text is the whole message."""


def exit_on_signals():
    """What a signal ends takes its namespaces away on the way out, as anything else that ends does."""
    def leave(number, _frame):
        raise SystemExit(128 + number)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)


def _child_setup():
    # Children get their own session (a Ctrl-C is ours to handle) and die with us.
    os.setsid()
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Lab:
    def __init__(self, name="lab"):
        self.tag = "netcx-%s-%d" % (name, os.getpid())
        self.children = []
        self.namespaces = []
        self.lock = threading.Lock()
        self.closed = False
        self.record = None      # a file for the events of its netcx run, with statistics
        # Control sockets of this lab's netcx are found in it, and only its own.
        self.runtime = tempfile.mkdtemp(prefix=self.tag + "-")
        # A user's own settings of an adapter stay out of it.
        self.environment = dict(os.environ, XDG_RUNTIME_DIR=self.runtime,
                                XDG_CONFIG_HOME=self.runtime)
        atexit.register(self.close)

    # -- namespaces ---------------------------------------------------------------------------

    def make_namespaces(self, *which):
        for side in which or ("stack", "wire"):
            name = "%s-%s" % (self.tag, side)
            self.namespaces.append(name)
            self._ip("netns", "add", name)
            self.sh(side, "ip link set lo up")
            # Comparable numbers: not every kernel's default is cubic.
            self.sh(side, "sysctl -qw net.ipv4.tcp_congestion_control=cubic "
                          "net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0",
                    check=False)

    def ns(self, side):
        return "%s-%s" % (self.tag, side)

    def _ip(self, *arguments):
        done = subprocess.run(("ip",) + arguments, capture_output=True, text=True,
                              start_new_session=True)
        if done.returncode:
            raise LabError("ip %s: %s" % (" ".join(arguments), done.stderr.strip()))

    # -- processes ----------------------------------------------------------------------------

    def popen(self, side, command, **options):
        """Start a command (a list) in a namespace; side None: where we are."""
        if side:
            command = ["ip", "netns", "exec", self.ns(side)] + command
        options.setdefault("stdin", subprocess.DEVNULL)
        options.setdefault("env", self.environment)
        with self.lock:
            if self.closed:
                raise LabError("the lab is closed")
            child = subprocess.Popen(command, preexec_fn=_child_setup, **options)
            self.children.append(child)
        return child

    def sh(self, side, line, check=True, timeout=60):
        """Run a shell line in a namespace; its standard output."""
        child = self.popen(side, ["sh", "-c", line], stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, text=True)
        try:
            out, err = child.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            self.kill(child)
            raise LabError("'%s' took more than %d s" % (line, timeout))
        with self.lock:
            if child in self.children:
                self.children.remove(child)
        if check and child.returncode:
            raise LabError("'%s' in %s: exit code %d: %s" %
                           (line, side or "here", child.returncode, (err or out).strip()))
        return out

    def kill(self, child, number=signal.SIGKILL, wait=5):
        if child.poll() is None:
            try:
                os.kill(child.pid, number)
            except ProcessLookupError:
                pass
        try:
            child.wait(wait)
        except subprocess.TimeoutExpired:
            if number != signal.SIGKILL:
                self.kill(child)
        with self.lock:
            if child in self.children:
                self.children.remove(child)
        return child.returncode

    def close(self):
        """Take everything away. May be called again, from anywhere."""
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM,
                                                            signal.SIGHUP})
        try:
            with self.lock:
                self.closed = True
                children, self.children = self.children[::-1], []
            for child in children:
                if child.poll() is None:
                    child.terminate()
            end = time.monotonic() + 5
            for child in children:
                try:
                    child.wait(max(0.01, end - time.monotonic()))
                except subprocess.TimeoutExpired:
                    child.kill()
                    child.wait()
            while self.namespaces:
                name = self.namespaces.pop()
                pids = subprocess.run(["ip", "netns", "pids", name], capture_output=True,
                                      text=True, start_new_session=True).stdout.split()
                for pid in pids:
                    try:
                        os.kill(int(pid), signal.SIGKILL)
                    except ProcessLookupError:
                        pass
                subprocess.run(["ip", "netns", "del", name], capture_output=True,
                               start_new_session=True)
            shutil.rmtree(self.runtime, ignore_errors=True)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # -- the adapter --------------------------------------------------------------------------

    def addresses(self, stack="nic0", wire="wire0"):
        self.sh("stack", "ip addr add %s/24 dev %s; ip addr add %s/64 dev %s nodad; "
                         "ip link set %s up" % (STACK4, stack, STACK6, stack, stack))
        self.sh("wire", "ip addr add %s/24 dev %s; ip addr add %s/64 dev %s nodad; "
                        "ip link set %s up" % (WIRE4, wire, WIRE6, wire, wire))

    def wait_for_link(self, seconds=10, device="nic0"):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if "LOWER_UP" in self.sh("stack", "ip link show %s" % device, check=False):
                return
            time.sleep(0.02)
        raise LabError("%s has no carrier after %d s" % (device, seconds))

    # -- traffic ------------------------------------------------------------------------------

    def iperf_server(self, side="wire"):
        child = self.popen(side, ["iperf3", "-s"], stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
        end = time.monotonic() + 10
        while ":5201" not in self.sh(side, "ss -Hltn"):
            if child.poll() is not None or time.monotonic() > end:
                raise LabError("iperf3 -s does not come up")
            time.sleep(0.02)
        return child

    def iperf(self, address, seconds, reverse=False, side="stack", extra=()):
        """One run; iperf3's own JSON of its end."""
        command = ["iperf3", "-J", "-c", address, "-t", str(seconds)]
        command += ["-R"] if reverse else []
        child = self.popen(side, command + list(extra), stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, text=True)
        try:
            out, _ = child.communicate(timeout=seconds + 30)
        except subprocess.TimeoutExpired:
            self.kill(child)
            raise LabError("iperf3 to %s does not end" % address)
        with self.lock:
            if child in self.children:
                self.children.remove(child)
        try:
            report = json.loads(out)
        except ValueError:
            raise LabError("iperf3 to %s says nothing" % address)
        if report.get("error"):
            raise LabError("iperf3 to %s: %s" % (address, report["error"]))
        return report["end"]


def cpu_seconds(pid):
    """CPU time of a process with all its threads, in the scheduler's own nanoseconds."""
    total = 0
    for task in os.listdir("/proc/%d/task" % pid):
        try:
            with open("/proc/%d/task/%s/schedstat" % (pid, task), encoding="ascii") as stat:
                total += int(stat.read().split()[0])
        except FileNotFoundError:
            pass
    return total / 1e9
