#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""netcx build: which NetAdapterCx a project is for, and which of its configurations is built."""
import os
import re
import subprocess

from common import DRIVER, HELLO, NETCX, PROJECT, SANITIZED, TOP, Build, main

ASKED = ("<NETADAPTER_VERSION_MAJOR>%d</NETADAPTER_VERSION_MAJOR>"
         "<NETADAPTER_VERSION_MINOR>%d</NETADAPTER_VERSION_MINOR>")
SOURCE = "<ClCompile Include='a.c'/>"
FACTS = """
C_ASSERT(NETADAPTER_VERSION_MAJOR == %d && NETADAPTER_VERSION_MINOR == %d);
C_ASSERT(KMDF_VERSION_MAJOR == 1 && KMDF_VERSION_MINOR == %d);
"""


class Versions(Build):
    properties = ()  # nothing is asked for on the command line

    def project(self, properties, source, items=SOURCE):
        self.put("drv/a.c", source)
        self.put("drv/p.vcxproj", PROJECT % (properties, items))

    def test_each_version(self):
        """With the KMDF of its kit when the project names none."""
        for major, minor, kmdf in ((1, 3, 27), (2, 0, 31), (2, 1, 31), (2, 2, 33), (2, 3, 33), (2, 4, 33),
                                   (2, 5, 33)):
            with self.subTest(major=major, minor=minor):
                self.project(ASKED % (major, minor), DRIVER % (FACTS % (major, minor, kmdf), "return STATUS_RETRY;"))
                self.assertEqual(self.build("drv").stderr, "")
                if not SANITIZED:
                    _, errors = self.run_driver(self.path("out", "p.so"), code=1)
                    self.assertIn("DriverEntry failed: STATUS_RETRY", errors)
                self.put("plain/a.c", DRIVER % (FACTS % (major, minor, kmdf), ""))
                self.build("plain", "-p", f"NETADAPTER_VERSION_MAJOR={major}", "-p",
                           f"NETADAPTER_VERSION_MINOR={minor}")

    def test_versions_that_are_not_there(self):
        for major, minor in ((1, 2), (1, 4), (2, 6), (3, 0)):
            self.project(ASKED % (major, minor), DRIVER % ("", ""))
            done = self.fails("drv", says=f"NetAdapterCx {major}.{minor} is asked for; this netcx has "
                              "1.3, 2.0, 2.1, 2.2, 2.3, 2.4, 2.5\n")
            self.assertEqual(done.stderr.count("\n"), 1)

    def test_wrong_versions(self):
        """Each is said by the name of the property, on one line."""
        minimum = "<NETADAPTER_MINIMUM_VERSION_REQUIRED>%s</NETADAPTER_MINIMUM_VERSION_REQUIRED>"
        for properties, says in (
                ("<NETADAPTER_VERSION_MAJOR>2</NETADAPTER_VERSION_MAJOR>", "only the first is set"),
                ("<NETADAPTER_VERSION_MINOR>3</NETADAPTER_VERSION_MINOR>", "only the second is set"),
                (ASKED.replace("%d", "two"), "are numbers"),
                (ASKED % (0, 5), "NETADAPTER_VERSION_MAJOR is 0"),
                (ASKED % (2, 5) + minimum % 3, "NETADAPTER_MINIMUM_VERSION_REQUIRED is 3; it is a minor version, "
                 "from 4 to NETADAPTER_VERSION_MINOR"),
                (ASKED % (2, 4) + minimum % 5, "NETADAPTER_MINIMUM_VERSION_REQUIRED is 5"),
                (ASKED % (2, 3) + minimum % 4, "NetAdapterCx 2.3 has no minimum version: 2.4 is the first"),
                (ASKED % (1, 3) + minimum % 4, "NetAdapterCx 1.3 has no minimum version"),
                (minimum % 2, "NETADAPTER_MINIMUM_VERSION_REQUIRED is 2"),
                (ASKED % (2, 5) + minimum % "four", "are numbers")):
            self.project(properties, DRIVER % ("", ""))
            done = self.fails("drv", says=says)
            self.assertIn("p.vcxproj: ", done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)

    def test_minimum_version(self):
        source = DRIVER % ("C_ASSERT(NET_MINIMUM_VERSION_REQUIRED == 4 && NET_VERSION_MINOR == 5);\n",
                           "if (!NET_IS_FUNCTION_AVAILABLE(NetOffloadIsUdpRscEnabled)) return 1;\n\t"
                           "if (NET_STRUCTURE_SIZE(NET_PACKET_QUEUE_CONFIG) != 56) return 1;")
        minimum = "<NETADAPTER_MINIMUM_VERSION_REQUIRED>%s</NETADAPTER_MINIMUM_VERSION_REQUIRED>"
        self.project(ASKED % (2, 5) + minimum % 4, source.replace("NetOffloadIsUdpRscEnabled",
                                                                   "NET_PACKET_QUEUE_CONFIG_INIT"))
        self.build("drv")
        # One project of Microsoft's leaves it empty.
        self.project(ASKED % (2, 5) + minimum % "", DRIVER % ("C_ASSERT(NET_MINIMUM_VERSION_REQUIRED == 5);\n", ""))
        self.build("drv")
        # It narrows what is chosen, too.
        self.project(minimum % 4, DRIVER % ("void F(NETOFFLOAD O);\nvoid F(NETOFFLOAD O) { NetOffloadIsLsoIPv4Enabled(O); }",
                                            ""))
        self.assertIn("NetAdapterCx 2.5: ", self.build("drv", code=None).stderr)

    def test_the_newest_is_taken(self):
        self.project("", DRIVER % (FACTS % (2, 5, 33), ""))
        done = self.build("drv")
        self.assertEqual(done.stderr, "netcx: build: NetAdapterCx 2.5: no version is named, and the newest is taken "
                         "(NETADAPTER_VERSION_MAJOR and NETADAPTER_VERSION_MINOR)\n")
        self.put("plain/a.c", DRIVER % (FACTS % (2, 5, 33), ""))
        self.assertIn("NetAdapterCx 2.5: ", self.build("plain").stderr)

    def test_sources_of_an_older_version(self):
        """What only an older version has is named, with its line; comments and texts are none."""
        use = "void F(NETOFFLOAD O, NETADAPTER A);\nvoid F(NETOFFLOAD O, NETADAPTER A) { %s }\n"
        for body, version, why in (
                ("NetOffloadIsChecksumTcpEnabled(O); (void)A;", "2.0", "NetOffloadIsChecksumTcpEnabled (a.c:6)"),
                ("NetOffloadIsUdpRscEnabled(O); (void)A;", "2.5", "the newest"),
                ("(void)O; (void)A; // NetOffloadIsChecksumTcpEnabled\n(void)\"NetRingBufferReturnAllPackets\";",
                 "2.5", "the newest")):
            self.project("", DRIVER % (use % body, ""))
            done = self.build("drv", code=None)
            self.assertIn(f"netcx: build: NetAdapterCx {version}: no version is named, and {why}", done.stderr)
        done = self.build(HELLO)
        self.assertRegex(done.stderr, r"NetAdapterCx 1\.3: no version is named, and \w+ \(hello\.c:\d+\) is not in 2\.0\n")

    def test_definitions_say_it(self):
        source = "<ClCompile Include='%s'><PreprocessorDefinitions>%s</PreprocessorDefinitions></ClCompile>"
        define = "NETADAPTER_VERSION_MAJOR=%d;NETADAPTER_VERSION_MINOR=%d"
        self.put("drv/b.c", "int unit;\n")
        self.project("", DRIVER % (FACTS % (2, 1, 31), ""), source % ("b.c", "") + source % ("a.c", define % (2, 1)))
        self.assertEqual(self.build("drv").stderr, "netcx: build: NetAdapterCx 2.1, as a.c defines it\n")
        for properties, other in (("", define % (1, 3)), (ASKED % (1, 3), ""), (ASKED % (2, 5), "")):
            self.project(properties, DRIVER % ("", ""), source % ("a.c", define % (2, 1)) + source % ("b.c", other))
            self.fails("drv", says="all of its files are for one version")

    def test_a_folder_of_the_kit_says_it(self):
        folders = "$(KM_IncludePath)\\netcx\\KMDF\\adapter\\%s;$(KIT_SHARED_INC_PATH)\\netcx\\shared\\1.0"
        source = "<ClCompile Include='a.c'><AdditionalIncludeDirectories>%s</AdditionalIncludeDirectories></ClCompile>"
        self.project("", DRIVER % (FACTS % (2, 3, 33), ""), source % (folders % "2.3"))
        self.assertEqual(self.build("drv").stderr, "netcx: build: NetAdapterCx 2.3, as the kit's folder in the include "
                         "directories says\n")
        self.project("", DRIVER % ("", ""), source % (folders % "2.7"))
        self.fails("drv", says="NetAdapterCx 2.7 is asked for; this netcx has 1.3, 2.0")
        self.project(ASKED % (2, 2), DRIVER % (FACTS % (2, 2, 33), ""), source % (folders % "2.3"))
        self.assertEqual(self.build("drv").stderr, "")

    def test_a_header_of_the_project_counts(self):
        """Through #include, in any letter case; one that is not included does not."""
        self.put("drv/Uses.h", "static BOOLEAN On(NETOFFLOAD O) { return NetOffloadIsRscIPv4Enabled(O); }\n")
        self.put("drv/other.h", "NetRingBufferReturnAllPackets\n")
        self.project("", "#include <ntddk.h>\n#include <wdf.h>\n#include <preview/netadaptercx.h>\n"
                     "#include <preview/netadapteroffload.h>\n#include \"uses.H\"\n"
                     "BOOLEAN F(NETOFFLOAD O);\nBOOLEAN F(NETOFFLOAD O) { return On(O); }\n" + DRIVER % ("", ""))
        done = self.build("drv", code=None)
        self.assertIn("NetAdapterCx 2.0: no version is named, and NetOffloadIsRscIPv4Enabled (Uses.h:1) is not in 2.1\n",
                      done.stderr)

    def test_names_of_several_versions_at_once(self):
        """No version has them all: the newest, and the compiler's errors name the others."""
        self.project("", DRIVER % ("void F(NETOFFLOAD O);\nvoid F(NETOFFLOAD O) { NET_ADAPTER_TX_DEMUX D; (void)D; (void)O; "
                                   "NetRingBufferReturnAllPackets(0); }\n", ""))
        done = self.fails("drv", says="NetAdapterCx 2.5: no version is named")
        self.assertRegex(done.stderr, r"\n  NetRingBufferReturnAllPackets +drv/a\.c:6: of NetAdapterCx 1\.3\n")
        self.assertNotIn("please tell us", done.stderr)

    def test_names_that_are_elsewhere(self):
        """Not ours to add: of another version, or of a header that is not included."""
        offload = "void F(NETOFFLOAD O);\nvoid F(NETOFFLOAD O) { %s(O); }\n"
        for version, text, says in (
                ((2, 0), offload % "NetOffloadIsRscIPv4Enabled", "declared in preview/netadapteroffload.h, which has "
                 "to be included"),
                ((2, 0), "NETREQUEST Request;\n", "declared in preview/netrequest.h"),
                ((2, 1), offload % "NetOffloadIsRscIPv4Enabled", "of NetAdapterCx 2.0 (preview)"),
                ((2, 3), "NET_PACKET_GSO *Gso;\n", "declared in net/gso"),
                ((2, 4), offload % "NetOffloadIsUdpRscEnabled", "of NetAdapterCx 2.5\n"),
                ((2, 5), offload % "NetOffloadIsRscTimestampEnabled", "of NetAdapterCx 2.0 (preview)"),
                ((1, 3), "NET_RING *Ring;\n", "of NetAdapterCx 2.0, 2.1, 2.2, 2.3, 2.4, 2.5\n"),
                ((1, 3), offload.replace("NETOFFLOAD", "PVOID") % "NetOffloadIsLsoIPv4Enabled",
                 "of NetAdapterCx 2.0 (preview), 2.1, 2.2, 2.3, 2.4, 2.5\n")):
            with self.subTest(version=version, text=text):
                self.project(ASKED % version, DRIVER % (text, ""))
                done = self.build("drv", code=1)
                self.assertIn(says, done.stderr)
                self.assertNotIn("please tell us", done.stderr)

    def test_kit_macros_of_the_driver(self):
        for word in ("NETCX_ADAPTER_2", "NDIS650_MINIPORT=1", "NDIS_WDF=1"):
            self.project(ASKED % (2, 3), DRIVER % ("", ""), "<ClCompile Include='a.c'><PreprocessorDefinitions>"
                         f"{word}</PreprocessorDefinitions></ClCompile>")
            self.fails("drv", says="error: NETCX_ADAPTER_2 is what netadaptercx.h says" if "CX" in word else
                       "error: NDIS_MINIPORT_DRIVER, NDIS_WDF and NDISxxx_MINIPORT")


    def test_versions_are_those_that_run_has(self):
        self.project(ASKED % (99, 9), "")
        done = self.fails("drv", says="NetAdapterCx 99.9 is asked for; this netcx has ")
        built = re.search(r"this netcx has (.*)", done.stderr).group(1).split(", ")
        shown = subprocess.run([NETCX, "version"], capture_output=True, text=True, check=True)
        played = re.search(r"NetAdapterCx ([\d., to]+)", shown.stdout).group(1)
        numbers = re.findall(r"[\d.]+\d", played)
        self.assertEqual([v for v in built if v in numbers], numbers, shown.stdout)
        folders = {"2" if version.startswith("2.") else version for version in built}
        self.assertEqual(folders, set(os.listdir(os.path.join(TOP, "include", "netadaptercx"))) - {".clang-format"})


class Configurations(Build):
    def project(self, *names):
        items = "".join(f"<ProjectConfiguration Include='{name}'/>" for name in names)
        self.put("drv/a.c", DRIVER % ("#ifndef CONFIGURATION\n#error\n#endif\n", ""))
        self.put("drv/b.c", "#error this one is for others\n")
        self.put("drv/p.vcxproj", PROJECT % ("", items + (
            "<ClCompile Include='a.c'><PreprocessorDefinitions>CONFIGURATION=$(Configuration)</PreprocessorDefinitions>"
            f"</ClCompile><ClCompile Include='b.c' Condition=\"'$(Configuration)|$(Platform)'!='{self.wanted}'\"/>")))

    def test_the_nearest_is_taken(self):
        for names, self.wanted in ((("Debug|ARM64", "Release|ARM64"), "Release|ARM64"),
                                   (("Debug|Win32", "Debug|x64"), "Debug|x64"),
                                   (("Win10 Debug|x64", "Win10 Release|x64", "Win10 Release|Win32"), "Win10 Release|x64"),
                                   (("Release|Win32", "Debug|ARM64EC"), "Debug|ARM64EC"),
                                   (("Debug|x64", "Release|ARM64"), "Debug|x64"),
                                   (("Checked|x64", "Free|x64"), "Free|x64")):
            with self.subTest(names=names):
                self.project(*names)
                done = self.build("drv")
                self.assertEqual(done.stderr, f"netcx: build: p.vcxproj: no configuration Release|x64; it has "
                                 f"{', '.join(names)}, and {self.wanted} is taken (--configuration, --platform)\n")

    def test_one_that_is_asked_for_is_not_replaced(self):
        self.wanted = "Debug|ARM64"
        self.project("Debug|ARM64", "Release|ARM64")
        self.build("drv", "--configuration", "Debug")
        self.fails("drv", "--configuration", "Test", says="no configuration Test|x64; it has Debug|ARM64, Release|ARM64")
        self.fails("drv", "--platform", "x64", says="no configuration Release|x64; it has ")
        self.project("Debug|Win32", "Release|Win32")
        self.fails("drv", says="no configuration Release|x64; it has Debug|Win32, Release|Win32")


main()
