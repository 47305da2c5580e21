#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
docs/segments.svg: what a run of ours made of one TCP send.

    picture.py NETCX DRIVER OUTPUT.svg

The driver gets a capture with one super-packet; what its card puts on the wire is drawn, to scale.
"""

import pathlib
import struct
import subprocess
import sys
import tempfile

WIDTH, LEFT, SCALE = 900, 20, 860 / 20054
COLOURS = {"header": "#b5541c", "payload": "#3d6fa5", "text": "#222", "quiet": "#666"}


def super_packet(payload):
    """TCP over IPv4 from 10.0.0.1, as a stack leaves it to the card."""
    return bytes.fromhex("0200000000020200000000010800") + struct.pack(
        "!BBHHHBBHII", 0x45, 0, 40 + payload, 0x1000, 0x4000, 64, 6, 0, 0x0A000001, 0x0A000002) + struct.pack(
        "!HHIIBBHHH", 50000, 80, 1, 1, 0x50, 0x18, 65535, 0, 0) + bytes(payload)


def write(path, frame):
    path.write_bytes(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1) +
                     struct.pack("<IIII", 1, 0, len(frame), len(frame)) + frame)


def frames(path):
    data, at = path.read_bytes(), 24
    order = "<" if data[:4] == b"\xd4\xc3\xb2\xa1" or data[:4] == b"\x4d\x3c\xb2\xa1" else ">"
    while at < len(data):
        length = struct.unpack_from(order + "I", data, at + 8)[0]
        yield data[at + 16:at + 16 + length]
        at += 16 + length


def bar(x, y, headers, length, scale):
    split = max(headers * scale, 3)
    return (f'<rect x="{x:.1f}" y="{y}" width="{split:.1f}" height="26" fill="{COLOURS["header"]}"/>'
            f'<rect x="{x + split:.1f}" y="{y}" width="{length * scale - split:.1f}" height="26" '
            f'fill="{COLOURS["payload"]}"/>')


def text(x, y, words, colour="text", size=14):
    return f'<text x="{x:.1f}" y="{y}" font-size="{size}" fill="{COLOURS[colour]}">{words}</text>'


def fields(frame):
    _, total, identification = struct.unpack_from("!HHH", frame, 14)
    sequence = struct.unpack_from("!I", frame, 38)[0]
    flags = "".join(letter for bit, letter in ((1, "F"), (8, "P"), (16, "A")) if frame[47] & bit)
    return total, identification, sequence, flags


def draw(sent, received):
    gap = 6
    scale = (860 - gap * (len(received) - 1)) / sum(map(len, received))
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="292" viewBox="0 0 {WIDTH} 292" '
           'font-family="DejaVu Sans, Helvetica, Arial, sans-serif">', f'<rect width="{WIDTH}" height="292" fill="#fff"/>',
           text(LEFT, 30, "what the stack sends"), text(LEFT + 500, 30, f"one packet of {len(sent):,} bytes", "quiet"),
           bar(LEFT, 40, 54, len(sent), 860 / len(sent)),
           text(LEFT, 106, "what the driver's card puts on the wire"),
           text(LEFT + 500, 106, f"{len(received)} frames, {len(received[0]):,} bytes at most", "quiet")]
    x = LEFT
    for frame in received:
        out.append(bar(x, 116, 54, len(frame), scale))
        x += len(frame) * scale + gap
    rows = [0, 1, len(received) - 1]
    out += [text(LEFT + offset, 178, words, "quiet", 13) for offset, words in
            ((0, "frame"), (110, "IP total length"), (270, "IP identification"), (430, "TCP sequence"), (580, "flags"))]
    for line, i in enumerate(rows):
        total, identification, sequence, flags = fields(received[i])
        y = 202 + 24 * line
        out += [text(LEFT + offset, y, words, size=13) for offset, words in
                ((0, i + 1), (110, total), (270, f"0x{identification:04X}"), (430, sequence), (580, flags))]
    out += [f'<rect x="{LEFT + 680}" y="190" width="14" height="14" fill="{COLOURS["header"]}"/>',
            text(LEFT + 702, 202, "headers, 54 bytes", size=13),
            f'<rect x="{LEFT + 680}" y="214" width="14" height="14" fill="{COLOURS["payload"]}"/>',
            text(LEFT + 702, 226, "payload", size=13),
            text(LEFT, 280, "netcx run rtl8168.so --device rtl8168 --stack pcap:in.pcap --wire pcap:out.pcap", "quiet", 12), "</svg>"]
    return "\n".join(out) + "\n"


def main():
    netcx, driver, output = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        top = pathlib.Path(folder)
        sent = super_packet(20000)
        write(top / "in.pcap", sent)
        subprocess.run([netcx, "run", driver, "--device", "rtl8168", "--no-settings", "--stack", f"pcap:{top}/in.pcap",
                        "--wire", f"pcap:{top}/out.pcap"], check=True, capture_output=True)
        pathlib.Path(output).write_text(draw(sent, list(frames(top / "out.pcap"))), encoding="utf-8")


main()
