#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
netcx explain: what it knows, against headers and verifier, and what it answers.

    explain.py NETCX
"""

import json
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/headers"))
import checks  # noqa: E402
import ddi  # noqa: E402

NETCX = sys.argv.pop(1)
BOOKS = {"1.3": ("src/cx/api/1.3/verifier.c", "rules"), "2.0": ("src/cx/api/2/verifier.c", "rules_2004")}
BOOKS.update({f"2.{minor}": ("src/cx/api/2/verifier.c", "rules_21h2") for minor in range(1, 6)})


def run(*words):
    done = subprocess.run([NETCX, "explain", *words], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def facts():
    return json.loads(run("--list", "--json")[1])


def of_kind(kind):
    return {fact["name"]: fact for fact in FACTS if fact["kind"] == kind}


class Facts(unittest.TestCase):
    def test_each_rule_has_its_numbers(self):
        rules = of_kind("rule")
        books = {version: checks.rule_book(ROOT, *place) for version, place in BOOKS.items()}
        self.assertEqual(len(books["1.3"]), 52)
        for name in checks.rule_names(ROOT).values():
            numbers = {version: book.index(name) for version, book in books.items() if name in book}
            self.assertEqual(rules[name]["numbers"], numbers, name)

    def test_rules_without_a_number_are_reported_somewhere(self):
        source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src/cx").rglob("*.c"))
        for name, rule in of_kind("rule").items():
            if not rule["numbers"]:
                self.assertIn(f'"{name}"', source)

    def test_each_function_names_the_rules_that_it_checks(self):
        derived = checks.rules_of_functions(ROOT)
        known = {name: set(fact.get("rules", [])) for name, fact in of_kind("function").items()}
        self.assertGreater(len(derived), 150)
        # The preview function's own check of the IRQL comes after one that is never met.
        derived["NetAdapterDispatchPreprocessedNetRequest"].discard("IrqlNotLessOrEqualDispatch")
        for name, rules in derived.items():
            if not name.startswith("NetRequest"):
                self.assertEqual(known[name], rules, name)

    def test_the_irql_is_that_of_the_rules(self):
        for name, fact in of_kind("function").items():
            if "IrqlIsNotPassive" in fact.get("rules", []):
                self.assertEqual(fact["irql"], "PASSIVE_LEVEL", name)
            if "IrqlNotLessOrEqualDispatch" in fact.get("rules", []):
                self.assertEqual(fact["irql"], "<= DISPATCH_LEVEL", name)

    def test_functions_and_callbacks_are_those_of_the_headers(self):
        versions = {}
        headers = {"1.3": ("1.3", 1, 3, ddi.HEADERS_1_3)}
        extensions = [f"net/{name}" for name in ddi.EXTENSIONS]
        for minor in range(6):
            headers[f"2.{minor}"] = ("2", 2, minor, ["netadaptercx", *extensions])
        preview = ["preview/netadaptercx", *(f"preview/{name}" for name in ddi.PREVIEWS), *extensions]
        headers["2.0-preview"] = ("2", 2, 0, preview)
        for version, place in headers.items():
            for name, kind in ddi.names_of(ddi.preprocessed(ROOT, *place)).items():
                if kind != "inline":
                    versions.setdefault((kind, name), set()).add(version)
        for have in versions.values():
            if "2.0" in have:
                have.discard("2.0-preview")
        known = {("function", name): set(fact["versions"].split()) for name, fact in of_kind("function").items()}
        known.update({("callback", fact["type"]): set(fact["versions"].split())
                      for fact in of_kind("callback").values()})
        self.assertEqual(known, versions)

    def test_members_of_callbacks_are_those_of_the_headers(self):
        text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "include").rglob("*.h"))
        for fact in of_kind("callback").values():
            for name in fact.get("also", []):
                self.assertTrue(re.search(rf"\b{name}\b", text), name)

    def test_values_are_those_of_the_headers(self):
        """And all OIDs that netcx knows and all NTSTATUS values of the headers are there."""
        lines = ["#include <ntddk.h>", "#include <wdf.h>", "#include <netadaptercx.h>", "#include <ndis.h>"]
        for kind in ("OID", "NTSTATUS", "indication"):
            for name, fact in of_kind(kind).items():
                if "value" in fact:
                    lines.append(f'_Static_assert((ULONG)({name}) == {fact["value"]}u, "{name}");')
        done = subprocess.run(["gcc", "-fsyntax-only", "-x", "c", "-std=gnu17", "-fshort-wchar", "-fms-extensions",
                               "-D_KERNEL_MODE", f"-I{ROOT}/include/wdk", f"-I{ROOT}/include/netadaptercx/2", "-"],
                              input="\n".join(lines), capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(set(of_kind("OID")), set(re.findall(r"\bOID\((OID_\w+)", read("src/ndis/oid_names.c"))))
        headers = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "include/wdk").rglob("*.h"))
        self.assertEqual(set(of_kind("NTSTATUS")),
                         set(re.findall(r"#define (STATUS_\w+)\s+(?:\\\s*)?\(\(NTSTATUS\)0x", headers)))

    def test_keywords_take_what_netcx_takes(self):
        table = read("src/inf/keyword_table.c")
        options = {name: ", ".join(" ".join(pair) for pair in re.findall(r'\{ (\d+), "([^"]*)" \}', body))
                   for name, body in re.findall(r"keyword_option (\w+)\[\] = \{(.*?)\};", table, re.S)}
        values = {name: options[of] for name, of in re.findall(r'ENUM\("([^"]+)", (\w+)\)', table)}
        for name, low, high in re.findall(r'NUMBER\("([^"]+)", (\d+), (\d+)\)', table):
            values[name] = f"{low} to {high}"
        values["NetworkAddress"] = "an address of 12 hexadecimal digits"
        keywords = of_kind("keyword")
        self.assertEqual({name: fact["values"] for name, fact in keywords.items()}, values)
        source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src/cx").rglob("*.c"))
        read_here = set(re.findall(r'"(\*\w+)"', source)) | {"NetworkAddress"}
        self.assertEqual({name for name, fact in keywords.items() if re.match(r"[12]\.", fact["read_by"])}, read_here)

    def test_bug_checks_that_netcx_reports_are_there(self):
        known = {(fact["value"], name) for name, fact in of_kind("bug check").items()}
        reported = set()
        for path in (ROOT / "src").rglob("*.c"):
            text = path.read_text(encoding="utf-8")
            for number, name in re.findall(r'\(\s*(0x[0-9A-F]+), [^;"]{1,60}, "([A-Z][A-Z_]{7,})"', text):
                reported.add((int(number, 16), name))
            reported.update((int(number, 16), None) for number in re.findall(r"\.bugcheck = (0x[0-9A-F]+)", text))
        self.assertGreater(len(reported), 15)
        for number, name in reported - {(0x300, "THREAD")}:  # Application Verifier's stops are no bug checks
            self.assertIn(number, {value for value, _ in known}, name)
            if name:
                self.assertIn((number, name), known)

    def test_sentences_are_sentences(self):
        for fact in FACTS:
            for text in [fact["what"], *fact.get("causes", []), *fact.get("where", [])]:
                self.assertNotRegex(text, r"  |\s$|\bTODO\b|\?$", fact["name"])


class Answers(unittest.TestCase):
    def explain(self, *words):
        code, text, error = run("--json", *words)
        self.assertEqual((code, error), (0, ""))
        return json.loads(text)

    def names(self, *words):
        return [fact["name"] for fact in self.explain(*words)["facts"]]

    def test_a_bug_check_is_read_in_every_version(self):
        answer = self.explain("0x19e", "51", "0", "1")
        self.assertEqual([(r["base"], r["number"], r["from"], r["to"], r["rule"]) for r in answer["readings"]],
                         [(16, 81, "1.3", "2.0", None), (16, 81, "2.1", "2.5", "InvalidDeviceQueueEventCallbacks"),
                          (10, 51, "1.3", "1.3", "InvalidLsoCapabilities"),
                          (10, 51, "2.0", "2.0", "InvalidRingImmutableDriverTxPacket"),
                          (10, 51, "2.1", "2.5", "InvalidRingImmutableFrameworkElement")])
        self.assertEqual(answer["parameters"], [0x51, 0, 1])

    def test_a_version_leaves_one_reading(self):
        answer = self.explain("0x19e", "0x33", "0", "1", "--api", "1.3")
        self.assertEqual([r["rule"] for r in answer["readings"]], ["InvalidLsoCapabilities"])
        code, text, _ = run("0x19e", "0x33", "0", "1", "--api", "1.3")
        self.assertEqual(code, 0)
        self.assertIn("MaximumOffloadSize is 0", text)
        self.assertNotIn("MinimumSegmentCount is 0", text)

    def test_a_debuggers_line_can_be_pasted(self):
        for line in ("BugCheck 19E, {33, 0, 1, 0}", "0x0000019e (0x0000000000000033,0x0,0x1,0x0)",
                     "BUGCODE_NETADAPTER_DRIVER 00000000`00000033 0 1 0"):
            self.assertIn("InvalidLsoCapabilities", self.names(line), line)
        self.assertEqual(self.names("violation 99"), ["InvalidRSSConfiguration"])
        self.assertEqual(self.names("7e", "c0000005", "1"), ["SYSTEM_THREAD_EXCEPTION_NOT_HANDLED"])

    def test_names_are_found_in_any_spelling(self):
        for given, name in (("EvtNetAdapterOffloadSetGso", "EvtNetAdapterOffloadSetGso"),
                            ("EVT_NET_ADAPTER_OFFLOAD_SET_GSO", "EvtNetAdapterOffloadSetGso"),
                            ("PFN_NET_ADAPTER_OFFLOAD_SET_GSO", "EvtNetAdapterOffloadSetGso"),
                            ("EvtAdapterOffloadSetGso", "EvtNetAdapterOffloadSetGso"),
                            ("netadapterstart", "NetAdapterStart"), ("*LsoV2IPv4", "*LsoV2IPv4"),
                            ("lsov2ipv4", "*LsoV2IPv4"), ("TCP_OFFLOAD_PARAMETERS", "OID_TCP_OFFLOAD_PARAMETERS"),
                            ("pending", "STATUS_PENDING"), ("0xC0000010", "STATUS_INVALID_DEVICE_REQUEST"),
                            ("-1073741808", "STATUS_INVALID_DEVICE_REQUEST"),
                            ("3221225488", "STATUS_INVALID_DEVICE_REQUEST"), ("0x20106", "OID_GEN_STATISTICS"),
                            ("0x40020006", "NDIS_STATUS_TASK_OFFLOAD_CURRENT_CONFIG"),
                            ("WDF_VIOLATION", "WDF_VIOLATION")):
            self.assertEqual(self.names("--", given), [name], given)

    def test_each_known_name_is_found(self):
        """A sample: all of them would be a process each."""
        for fact in FACTS[::40]:
            self.assertEqual(self.names(fact["name"]), [fact["name"]])

    def test_typos_are_forgiven(self):
        for given, name in (("InvalidLsoCapabilites", "InvalidLsoCapabilities"), ("NetAdaptrStart", "NetAdapterStart"),
                            ("STATUS_DELETE_PENDIGN", "STATUS_DELETE_PENDING")):
            answer = self.explain(given)
            self.assertEqual([fact["name"] for fact in answer["facts"]], [name])
            self.assertFalse(answer["exact"])
        code, text, error = run("NetOffloadIsLsoIPv5Enabled")
        self.assertEqual((code, text), (1, ""))
        self.assertIn("NetOffloadIsLsoIPv4Enabled", error)
        self.assertIn("NetOffloadIsLsoIPv6Enabled", error)
        code, text, _ = run("NetOffloadIsLsoIPv5Enabled", "--json")
        self.assertEqual((code, json.loads(text)["facts"]), (1, []))
        self.assertIn("NetOffloadIsLsoIPv4Enabled", json.loads(text)["near"])

    def test_what_nobody_knows_is_said_to_be_so(self):
        for words in (["qqqqqqqq"], ["0xdeadbeef"], ["0x19f", "1"]):
            code, text, error = run(*words)
            self.assertEqual((code, text), (1, ""), words)
            self.assertIn("known", error)

    def test_wrong_usage(self):
        for words, part in (([], "what?"), (["--api", "2.6", "1"], "2.0 to 2.5"), (["--list", "1"], "--list"),
                            (["NetAdapterStart", "NetAdapterStop"], "one name"), (["0x19e", "xyz"], "parameter 1"),
                            (["12zz"], "neither"), (["0x19e", "1", "2", "3", "4", "5"], "at most four"),
                            (["x" * 400], "one name"), ([" ,"], "one name"), (["--bogus"], "no such option")):
            code, text, error = run(*words)
            self.assertEqual((code, text), (2, ""), words)
            self.assertIn(part, error)


FACTS = facts()
unittest.main()
