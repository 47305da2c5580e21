# SPDX-License-Identifier: MIT
"""
Faulty variants of our drivers: what a line becomes, and the case and rule of `netcx test` that find it. Those about
what is received, and of the card below, are in receive.py.

All variants of a driver are one shared object, which the environment's NETCX_MUTANT makes one of them: mutate.py puts
both texts into the source. A text without marks is statements; one with [[marks]] is an expression between them. It
stands once in its file, so that a driver that has changed is noticed at once.
"""
from collections import namedtuple

Mutant = namedtuple("Mutant", "number driver name file old new case rule")
ROWS = []


def also_below(driver, others, without):
    """The card's mutants below another driver: by the same cases and rules, or by those of a name in others."""
    for row in [r for r in ROWS if r.driver == "device" and r.file not in without and r.name not in without]:
        case, rule = others.get(row.name, (row.case, row.rule))
        ROWS.append(row._replace(driver=driver, case=case, rule=rule))


def mutants(driver, file, *rows):
    for name, old, new, case, rule in rows:
        ROWS.append(Mutant(len(ROWS) + 1, driver, name, file, old, new, case, rule))


mutants(
    "virtual", "segment.c",
    ("sequence number stays", "sequence += [[Done]];", "0", "lso/sequence/ipv4", "TcpSequence"),
    ("sequence number is one too far", "sequence += [[Done]];", "Done + (Done != 0)", "lso/sequence/ipv6", "TcpSequence"),
    ("FIN and PSH on every segment", "if ([[!Last]])", "FALSE", "lso/flags/ipv4", "TcpFlags"),
    ("FIN and PSH lost on the last", "if ([[!Last]])", "TRUE", "lso/flags/ipv6", "TcpFlags"),
    ("the last is known by its length",
     "[[VirtPacketHeaderLength(Packet) + Done + Payload == Packet->Length]]", "Payload < Packet->Mss",
     "lso/flags/ipv4", "TcpFlags"),
    ("CWR on all", "if ([[Done != 0]])", "FALSE", "lso/flags/ipv4", "TcpFlags"),
    ("CWR on none", "if ([[Done != 0]])", "TRUE", "lso/flags/ipv6", "TcpFlags"),
    ("ID constant", "id = (id & ~counts) | ((id + [[Number]]) & counts);", "0", "lso/identification/ipv4",
     "IpIdentification"),
    ("ID of TCP in 16 bits", "? [[VIRT_IPV4_ID_TCP]]", "VIRT_IPV4_ID_UDP", "lso/identification/ipv4", "IpIdentification"),
    ("ID of UDP in 15 bits", ": [[VIRT_IPV4_ID_UDP]]", "VIRT_IPV4_ID_TCP", "uso/identification/ipv4", "IpIdentification"),
    ("IPv6 payload length without extension headers", "[[size - VIRT_IPV6_HEADER + Length]]", "Length",
     "lso/ip-options/ipv6", "IpLength"),
    ("IPv6 payload length with the header", "[[size - VIRT_IPV6_HEADER + Length]]", "size + Length", "lso/mss/ipv6",
     "IpLength"),
    ("IPv4 total length without the header", "[[size + Length]]", "Length", "lso/mss/ipv4", "IpLength"),
    ("IPv4 header not summed", "VirtChecksumIpv4(header, size);", ";", "lso/mss/ipv4", "Ipv4Checksum"),
    ("IP fragments instead of segments", "VirtChecksumIpv4(header, size);",
     "VirtStore16(&header[6], 0x2000 | Number * (Packet->Mss / 8)); VirtChecksumIpv4(header, size);",
     "lso/mss/ipv4", "IpHeader"),
    ("TCP options dropped", "VirtStore16(&header[VIRT_TCP_SEQUENCE + 2], sequence);",
     "VirtStore16(&header[VIRT_TCP_SEQUENCE + 2], sequence); "
     "for (ULONG i = 20; Done && i < (ULONG)(header[12] >> 4) * 4; i++) header[i] = 1;", "lso/tcp-options/ipv6", "TcpOptions"),
    ("UDP length of the template kept", "VIRT_UDP_LENGTH], [[layer4]]);", "Packet->Length - Slot->Layer4",
     "uso/payload/ipv4", "UdpLength"),
    ("UDP checksum of 0", "if ([[udp && sum == 0]])", "FALSE", "uso/zero-checksum/ipv6", "UdpChecksum"),
    ("TCP checksum of 0 as all ones", "if ([[udp && sum == 0]])", "sum == 0", "lso/zero-checksum/ipv4", "TcpChecksum"),
    ("seed counted twice", "Slot->Layer4, [[More]]);", "More * 2", "lso/odd/ipv4", "TcpChecksum"),
    ("seed without the length", "Slot->Layer4, [[More]]);", "0", "lso/odd/ipv6", "TcpChecksum"),
)
mutants(
    "virtual", "checksum.c",
    ("odd byte forgotten", "Sum += [[Data[0]]];", "0", "lso/odd/ipv4", "TcpChecksum"),
    ("odd byte on the wrong side", "Sum += [[Data[0]]];", "(ULONG64)Data[0] << 8", "checksum/lengths/udp-ipv6", "UdpChecksum"),
    ("IPv4 options not summed", "VirtChecksum(Header, [[Length]], 0)", "20", "lso/ip-options/ipv4", "Ipv4Checksum"),
)
mutants(
    "virtual", "deliver.c",
    ("MSS off by one", "[[min(payload - *Done, Packet->Mss)]]", "min(payload - *Done, Packet->Mss - 1)", "lso/mss/ipv4",
     "SegmentSize"),
    ("MSS with the header", "[[min(payload - *Done, Packet->Mss)]]",
     "min(payload - *Done, Packet->Mss - Packet->Layout.Layer4HeaderLength)", "lso/payload/ipv6", "SegmentSize"),
    ("last segment forgotten", "while ([[*Done < payload]])", "*Done + Packet->Mss <= payload", "lso/payload/ipv4",
     "SegmentCount"),
    ("padding in the payload", "slot.Length += Payload;\n\tVirtSegmentSetHeaders(&slot, Packet, Done, Payload);",
     "for (; Payload < 6; Payload++) slot.Data[slot.Length + Payload] = 0; slot.Length += Payload; "
     "VirtSegmentSetHeaders(&slot, Packet, Done, Payload);", "lso/payload/ipv4", "IpLength"),
    ("payload of the segment before", "headers + [[Done]], Payload", "Done - (Done != 0)", "lso/payload/ipv4", "Payload"),
    ("IPv4 header of a plain packet not summed", "if ([[layer3]])", "FALSE", "checksum/ipv4-header", "Ipv4Checksum"),
    ("transport of a plain packet not summed", "if ([[layer4]])", "FALSE", "checksum/lengths/tcp-ipv4", "TcpChecksum"),
    ("summed without being asked", "if ([[layer4]])",
     "Packet->Mss == 0 && (Packet->Layout.Layer4Type == NetPacketLayer4TypeTcp || "
     "Packet->Layout.Layer4Type == NetPacketLayer4TypeUdp)", "checksum/left-alone/ipv6", "ChecksumsAreLeftAlone"),
)
mutants(
    "virtual", "slot.c",
    ("VLAN number lost", "tag->VlanIdentifier = [[Packet->Tag.TxTagging ? Packet->Tag.VlanIdentifier : 0]];", "0",
     "lso/vlan/ipv4", "LinkHeader"),
    ("priority lost", "tag->PriorityCodePoint = [[Packet->Tag.TxTagging ? Packet->Tag.PriorityCodePoint : 0]];", "0",
     "uso/vlan/ipv6", "LinkHeader"),
)
mutants(
    "virtual", "packet.c",
    ("Offset forgotten", "RtlCopyMemory(To, [[from + Offset]], count);", "from - fragment->Offset + Offset", "uso/placed/ipv4",
     "PacketsAreSent"),
)
mutants(
    "virtual", "txqueue.c",
    ("last fragment forgotten", "i < [[packet->FragmentCount]]", "(ULONG)packet->FragmentCount - (packet->FragmentCount > 1)",
     "lso/split/ipv4", "PacketsAreSent"),
    ("completes what has to wait", "if ([[!VirtTxSend(Tx, Peer, packets->BeginIndex)]])",
     "(VirtTxSend(Tx, Peer, packets->BeginIndex), FALSE)", "lso/room/ipv4", "PacketsAreSent"),
    ("forgets how far it was", "Tx->Done = 0;\n\treturn TRUE;", "return TRUE;", "uso/room/ipv6", "PacketsAreSent"),
    ("crashes", "To->Layout = packet->Layout;", "*(volatile UCHAR *)(ULONG_PTR)packet->FragmentCount = 1;", "lso/flags/ipv4", "DriverLives"),
    ("hangs", "To->Layout = packet->Layout;", "for (;;) {}", "lso/flags/ipv4", "CallbackReturns"),
    ("a call above its IRQL", "To->Layout = packet->Layout;",
     "{ KIRQL irql; KeRaiseIrql(DISPATCH_LEVEL, &irql); NetAdapterSetLinkLayerMtuSize(Tx->Adapter->NetAdapter, 1500); }",
     "lso/flags/ipv4", "IrqlIsNotPassive"),
    ("leaks pool", "To->Layout = packet->Layout;",
     "{ To->Layout = packet->Layout; (void)ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, 'kaeL'); }", "lso/flags/ipv6",
     "NothingIsLeft"),
)
mutants(
    "virtual", "port.c",
    ("notification lost", "NetExecutionContextNotify(Adapter->ExecutionContext);", ";", "receive/content/ipv4", "FramesArrive"),
)
mutants(
    "rtl8168-2.5", "txoffload.c",
    ("MSS shifted", "Offload->Offload = (USHORT)(Mss << RT_TX_MSS_SHIFT) | (udp ? RT_TX_GTSEN_UDP : 0);",
     "Offload->Offload = (USHORT)(Mss << (RT_TX_MSS_SHIFT - 1)) | (udp ? RT_TX_GTSEN_UDP : 0);", "lso/mss/ipv4",
     "SegmentSize"),
    ("MSS one too large", "Offload->Offload = (USHORT)(Mss << RT_TX_MSS_SHIFT) | (udp ? RT_TX_GTSEN_UDP : 0);",
     "Offload->Offload = (USHORT)((Mss + 1) << RT_TX_MSS_SHIFT) | (udp ? RT_TX_GTSEN_UDP : 0);", "lso/payload/ipv6",
     "SegmentSize"),
    ("USO bit forgotten", "Offload->Offload = (USHORT)(Mss << RT_TX_MSS_SHIFT) | (udp ? RT_TX_GTSEN_UDP : 0);",
     "Offload->Offload = (USHORT)(Mss << RT_TX_MSS_SHIFT);", "uso/mss/ipv4", "PacketsAreSent"),
    ("LSO bit of the wrong family", "Offload->Status = RT_TX_GTSENV4;", "Offload->Status = RT_TX_GTSENV6;", "lso/mss/ipv4",
     "PacketsAreSent"),
    ("transport header's place off by one", "Offload->Status |= (USHORT)([[layer4]] << RT_TX_GTSEN_TCPHO_SHIFT);",
     "(layer4 + 1)", "lso/mss/ipv6", "PacketsAreSent"),
    ("IPv4 header not summed", "bits |= RT_TX_IPCS;", ";", "checksum/ipv4-header", "Ipv4Checksum"),
    ("TCP not summed", "bits |= RT_TX_TCPCS;", ";", "checksum/lengths/tcp-ipv4", "TcpChecksum"),
    ("UDP summed as TCP", "bits |= RT_TX_UDPCS;", "bits |= RT_TX_TCPCS;", "checksum/lengths/udp-ipv4", "PacketsAreSent"),
    ("tag in the wrong byte order", "Offload->Vlan = [[RtlUshortByteSwap(tag)]];", "tag", "lso/vlan/ipv6", "LinkHeader"),
    ("tag not put in", "Offload->Offload |= RT_TX_TAGC;", ";", "uso/vlan/ipv4", "LinkHeader"),
)
mutants(
    "rtl8168-2.5", "txqueue.c",
    ("last fragment forgotten", "for (i = 0; i < [[Packet->FragmentCount]]; i++)",
     "(ULONG)Packet->FragmentCount - (Packet->FragmentCount > 1)", "lso/split/ipv4", "PacketsAreSent"),
    ("a byte of each fragment forgotten", "descriptor->Length = (USHORT)[[fragment->ValidLength]];",
     "(fragment->ValidLength - 1)", "checksum/left-alone/ipv4", "SegmentSize"),
    ("no doorbell", "RtTxPoll(Tx);", ";", "lso/flags/ipv4", "PacketsAreSent"),
    ("completes never", "if ([[ReadUShortAcquire(&first->Status) & RT_DESC_OWN]])", "TRUE", "lso/ring/ipv6",
     "PacketsAreSent"),
    ("fragments do not go back", "if ([[!packet->Ignore]])", "FALSE", "lso/ring/ipv4", "FragmentsNotReturned"),
    ("Offset forgotten", "->LogicalAddress +\n\t\t\t\t      [[fragment->Offset]];", "0", "lso/placed/ipv4", "PacketsAreSent"),
    ("wrong index of an extension", "NetExtensionGetFragmentLogicalAddress(&Tx->LogicalAddress, [[at]])", "i", "lso/ring/ipv6",
     "PacketsAreSent"),
    ("Offset of four bytes each", "->LogicalAddress +\n\t\t\t\t      [[fragment->Offset]];", "(fragment->Offset & ~(UINT64)3)", "lso/placed/ipv6",
     "PacketsAreSent"),
)
mutants(
    "rtl8168-1.3", "txoffload.c",
    ("MSS shifted", "Offload->Offload = (USHORT)(Mss << [[RT_TX_MSS_SHIFT]]);", "(RT_TX_MSS_SHIFT - 1)", "lso/mss/ipv6",
     "SegmentSize"),
    ("LSO bit of the wrong family", "Offload->Status = RT_TX_GTSENV6;", "Offload->Status = RT_TX_GTSENV4;", "lso/mss/ipv6",
     "PacketsAreSent"),
    ("transport header's place without the tag",
     "return [[Packet->Layout.Layer2HeaderLength + Packet->Layout.Layer3HeaderLength]];",
     "14 + Packet->Layout.Layer3HeaderLength", "lso/vlan/ipv4", "PacketsAreSent"),
    ("IPv4 header not summed", "bits |= RT_TX_IPCS;", ";", "checksum/ipv4-header", "Ipv4Checksum"),
    ("TCP and UDP exchanged", "bits |= RT_TX_UDPCS;", "bits |= RT_TX_TCPCS;", "checksum/lengths/udp-ipv6", "PacketsAreSent"),
)
mutants(
    "rtl8168-1.3", "txqueue.c",
    ("last fragment forgotten", "for (i = 0; i < [[Packet->FragmentCount]]; i++)",
     "(ULONG)Packet->FragmentCount - (Packet->FragmentCount > 1)", "lso/split/ipv6", "PacketsAreSent"),
    ("descriptors not counted back", "Tx->FreeDescriptors += context->DescriptorCount;", ";", "checksum/lengths/tcp-ipv4",
     "PacketsAreSent"),
    ("no doorbell", "RtWrite8(Tx->Adapter, RT_TPPOLL, RT_TPPOLL_NPQ);", ";", "lso/flags/ipv4", "PacketsAreSent"),
    ("Offset forgotten", "DmaLogicalAddress.QuadPart + [[fragment->Offset]];", "0", "checksum/placed/tcp-ipv4",
     "PacketsAreSent"),
    ("Capacity is sent", "descriptor->Length = (USHORT)[[fragment->ValidLength]];", "fragment->Capacity", "checksum/placed/udp-ipv6",
     "LinkHeader"),
)
mutants(
    "rtl8168-2.5", "rxqueue.c",
    ("TCP called right when it is wrong", "[[(Offload & RT_RX_TCPF)]]", "FALSE", "receive/verdict/tcp-ipv6", "ChecksumVerdict"),
    ("UDP called right when it is wrong", "[[(Offload & RT_RX_UDPF)]]", "FALSE", "receive/verdict/udp-ipv4", "ChecksumVerdict"),
    ("UDP called wrong when it is right", "[[(Offload & RT_RX_UDPF)]]", "!(Offload & RT_RX_UDPF)",
     "receive/verdict/udp-ipv6", "ChecksumVerdict"),
    ("IPv4 header called right when it is wrong", "[[(Status & RT_RX_IPF)]]", "FALSE", "receive/verdict/ipv4-header",
     "ChecksumVerdict"),
    ("check sequence left in the frame", "valid -= RT_RX_CRC_LENGTH;", ";", "receive/content/ipv4",
     "FramesArrive"),
    ("tag lost", "extension->VlanIdentifier = [[tag & RT_TAG_VLAN_MASK]];", "0", "receive/content/ipv6", "FramesArrive"),
    ("verdicts go on when they are off", "if ((Status & RT_RX_TCPPKT) && [[(active & RT_OFFLOAD_RX_TCP)]])", "TRUE",
     "change/verdict", "SwitchedOffIsOff"),
)
mutants(
    "rtl8168-2.5", "offload.c",
    ("goes by the other family", "if ([[NetOffloadIsLsoIPv4Enabled(Offload)]])", "NetOffloadIsLsoIPv6Enabled(Offload)",
     "change/oid", "PacketsAreSent"),
    ("on again is ignored", "[[(Adapter->ActiveOffloads & ~Which) | Active]]",
     "(Adapter->ActiveOffloads & ~Which) | (Adapter->NetAdapter && Adapter->ActiveOffloads & Which & Active) | "
     "(Adapter->ActiveOffloads ? 0 : Active)", "change/oid", "PacketsAreSent"),
    ("ignores the callback", "RtOffloadSet(RtGetAdapter(NetAdapter), RT_OFFLOAD_LARGE_SENDS, active);", ";", "lso/mss/ipv4",
     "PacketsAreSent"),
)
mutants(
    "rtl8168-1.3", "offload.c",
    ("goes by the other family", "if ([[ActiveCapabilities->IPv6]])", "ActiveCapabilities->IPv4", "change/oid",
     "PacketsAreSent"),
    ("ignores the callback", "RtOffloadSet(RtGetAdapter(NetAdapter), RT_OFFLOAD_LARGE_SENDS, active);", ";", "lso/mss/ipv6",
     "PacketsAreSent"),
)
mutants(
    "rtl8168-1.3", "filter.c",
    ("filter ignored", "if ([[PacketFilter & NDIS_PACKET_TYPE_PROMISCUOUS]])", "TRUE", "receive/filter", "FilterIsKept"),
    ("broadcasts forgotten", "configuration |= RT_RCR_AB;", ";", "receive/filter", "FilterIsKept"),
    ("multicast registers exchanged", "RtWrite32(Adapter, RT_MAR3, RtFilterHashRegister(hash));",
     "RtWrite32(Adapter, RT_MAR3, RtFilterHashRegister(hash + 4));", "receive/filter", "FilterIsKept"),
)

import receive  # noqa: E402, F401  pylint: disable=wrong-import-position,unused-import
import life  # noqa: E402, F401  pylint: disable=wrong-import-position,unused-import
