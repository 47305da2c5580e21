# SPDX-License-Identifier: MIT
"""
Faulty variants about what is received and the contract of queues, of drivers and of the RTL8168's model: mutants.py has
the rest, and says what a row is. The model's are those of a card: the driver above it is the good one.
"""
from mutants import also_below, mutants

# ---- the driver for 2.5 ----

mutants(
    "rtl8168-2.5", "rxqueue.c",
    ("hash is what was hashed", "hash->HashValue = [[(UINT32)Address]];", "(UINT32)(Address >> 32)", "rss/published/ipv4",
     "HashValue"),
    ("hash with ports said to be of addresses",
     "return [[NetPacketHashProtocolTypeIPv4 | NetPacketHashProtocolTypeTcp]];", "NetPacketHashProtocolTypeIPv4",
     "rss/published/tcp-ipv4", "HashValue"),
    ("segments counted one too few", "rsc->TCP.CoalescedSegmentCount = [[RT_RX_SEGMENTS(Coalesced)]];",
     "(UINT16)(RT_RX_SEGMENTS(Coalesced) - (RT_RX_SEGMENTS(Coalesced) > 1))", "rsc/content/ipv4", "RscCount"),
    ("coalesced packets called ordinary", "if ([[(Offload & RT_RX_COALESCED) == 0]])", "TRUE", "rsc/content/ipv6",
     "RscContent"),
    ("size of datagrams not told", "rsc->TCP.DuplicateAckCount = [[RT_RX_SIZE(Coalesced)]];", "0", "uro/content/ipv4",
     "RscCount"),
    ("repeated acknowledgments not told", "rsc->TCP.DuplicateAckCount = [[RT_RX_SIZE(Coalesced)]];",
     "RT_RX_SEGMENTS(Coalesced) == 1 ? 0 : RT_RX_SIZE(Coalesced)", "rsc/duplicate-ack/ipv4", "RscContent"),
    ("time of coalesced segments not told", "->TCP.RscTcpTimestampDelta = [[RT_RX_TIMESTAMP(Coalesced)]];", "0",
     "rsc/timestamp/ipv4", "RscCount"),
    ("last fragment of a coalesced packet forgotten", "packet->FragmentCount = [[Count]];", "(USHORT)(Count - (Count > 1))",
     "rsc/content/ipv4", "RscContent"),
    ("check sequence left in coalesced packets", "if ([[i + 1 == Count]])", "i == 0", "uro/content/ipv6", "RscContent"),
    ("ring wrap off by one", "Rx->FirstDescriptor = [[(Rx->FirstDescriptor + count) & (Rx->Ring.Count - 1)]];",
     "(Rx->FirstDescriptor + count) % (Rx->Ring.Count - 1)", "queue/ring/receive", "FramesArrive"),
    ("cancel forgets one packet", "for (; [[packets->BeginIndex != packets->EndIndex]];",
     "packets->BeginIndex != packets->EndIndex && "
     "NetRingIncrementIndex(packets, packets->BeginIndex) != packets->EndIndex", "queue/cancel/receive", "BuffersComeBack"),
    ("a packet returned twice", "packets->BeginIndex = NetRingIncrementIndex(packets, packets->BeginIndex);",
     "packets->BeginIndex = NetRingAdvanceIndex(packets, packets->BeginIndex, 2);", "receive/content/ipv4",
     "InvalidRingUnmodifiedRxPacket"),
    ("notification asked for once only", "RtInterruptArm(rx->Adapter, RtInterruptOfRxQueue(rx->Id));",
     "{ static LONG asked[RT_RX_QUEUES]; if (asked[rx->Id]++ == 0) RtInterruptArm(rx->Adapter, RtInterruptOfRxQueue(rx->Id)); }",
     "queue/notification/receive", "NotificationIsKept"),
)
mutants(
    "rtl8168-2.5", "receivescaling.c",
    ("ports not hashed", "BOOLEAN tcp = [[(ProtocolType & NetAdapterReceiveScalingProtocolTypeTcp) != 0]];", "FALSE",
     "rss/published/tcp-ipv6", "HashValue"),
    ("IPv6 not hashed", "if ([[ProtocolType & NetAdapterReceiveScalingProtocolTypeIPv6]])", "FALSE", "rss/published/ipv6",
     "HashQueue"),
    ("entries exchanged", "RtRssSetEntry(adapter, [[entry->Index]],", "entry->Index ^ 1", "rss/spread/ipv4", "HashQueue"),
    ("indirection ignored", "RtRssApplyTable(adapter);", ";", "rss/spread/ipv6", "HashQueue"),
)
mutants(
    "rtl8168-2.5", "receivefilter.c",
    ("the last group forgotten", "for (i = 0; i < [[count]]; i++)", "count - (count > 0)", "filter/groups", "FilterIsKept"),
    ("list without its filter", "RtFilterSetPacketFilter(adapter, [[NetReceiveFilterGetPacketFilter(Handle)]]);",
     "NetReceiveFilterGetPacketFilter(Handle) & ~NetPacketFilterFlagAllMulticast", "filter/all-multicast", "FilterIsKept"),
    ("not brought to the card", "RtFilterApply(adapter);",
     "{ static LONG told; if (told++ < 3) RtFilterApply(adapter); }", "filter/promiscuous", "FilterIsKept"),
)
mutants(
    "rtl8168-2.5", "interrupt.c",
    ("the last queue is not notified", "i < [[RT_RX_QUEUES]]; i++) {\n\t\tif ((interrupts & RtInterruptOfRxQueue(i)) &&",
     "RT_RX_QUEUES - 1", "queue/notification/receive", "NotificationIsKept"),
    ("one queue's interrupt masks the others'", "ULONG mask = adapter->InterruptMask & ~[[RtInterruptOfQueues(status)]];",
     "(ULONG)(status ? ~RT_INT_LINKCHG : 0)", "queue/notification/receive", "NotificationIsKept"),
)

# ---- the driver for 1.3 ----

mutants(
    "rtl8168-1.3", "rxqueue.c",
    ("cancel forgets all", "NetRingBufferReturnAllPackets(rx->Datapath);", ";", "queue/cancel/receive", "BuffersComeBack"),
    ("UDP called right when it is wrong", "checksum->Layer4 = [[(Offload & RT_RX_UDPF)]]", "FALSE", "receive/verdict/udp-ipv4",
     "ChecksumVerdict"),
    ("TCP called right when it is wrong", "checksum->Layer4 = [[(Offload & RT_RX_TCPF)]]", "FALSE", "receive/verdict/tcp-ipv4",
     "ChecksumVerdict"),
    ("check sequence left in the frame", "fragment->ValidLength = [[length - RT_RX_CRC_LENGTH]];", "length",
     "receive/content/ipv6", "FramesArrive"),
    ("ring wrap off by one", "Rx->FirstDescriptor = [[RtRingNext(&Rx->Ring, Rx->FirstDescriptor)]];",
     "(Rx->FirstDescriptor + 1) % (Rx->Ring.Count - 1)", "queue/ring/receive", "FramesArrive"),
)
mutants(
    "rtl8168-1.3", "rss.c",
    ("key's words exchanged", "RtlCopyMemory(&word, [[Key + i]], sizeof(word));", "Key + (i ^ 4)", "rss/published/ipv4",
     "HashQueue"),
    ("two queues instead of four", "*high = [[Queue & 2]] ?", "FALSE", "rss/spread/ipv4", "HashQueue"),
    ("entry's bit in the wrong place", "ULONG bit = 1u << (Entry % [[32]]);", "31", "rss/table/ipv6", "HashQueue"),
)
mutants(
    "rtl8168-1.3", "filter.c",
    ("all multicast is the list", "hash = [[Adapter->PacketFilter & NDIS_PACKET_TYPE_ALL_MULTICAST]] ?", "FALSE",
     "filter/all-multicast", "FilterIsKept"),
    ("what is directed always comes", "if ([[PacketFilter & NDIS_PACKET_TYPE_DIRECTED]])", "TRUE", "filter/closed",
     "FilterIsKept"),
    ("filters only open", "Adapter->PacketFilter = PacketFilter;", "Adapter->PacketFilter |= PacketFilter;",
     "filter/promiscuous", "FilterIsKept"),
    ("groups are only added", "RtlCopyMemory(Adapter->MulticastHash, Hash, RT_MULTICAST_HASH);",
     "for (int i = 0; i < RT_MULTICAST_HASH; i++) Adapter->MulticastHash[i] |= Hash[i];", "filter/groups", "FilterIsKept"),
)

# ---- the driver without hardware ----

mutants(
    "virtual", "deliver.c",
    ("segments counted without the short one", "VirtSlotSetRsc(&slot, Packet, [[(payload + Packet->Mss - 1) / Packet->Mss]]);",
     "payload / Packet->Mss", "rsc/content/ipv4", "RscCount"),
)
mutants(
    "virtual", "coalesce.c",
    ("TCP's coalescing never off", "if ([[(Port->Offloads & rsc) == 0]] ||", "FALSE", "rsc/off/oid/ipv6", "SwitchedOffIsOff"),
    ("UDP's coalescing never off", "NetPacketLayer4TypeUdp && [[(Port->Offloads & VIRT_RSC_UDP)]] &&", "TRUE",
     "uro/off/keyword/ipv4", "SwitchedOffIsOff"),
)
mutants(
    "virtual", "slot.c",
    ("what was not summed is called right", "checksum->Layer4 = [[Layer4 && (offloads & offload)]] ?", "(offloads & offload)",
     "receive/verdict/tcp-ipv6", "ChecksumVerdict"),
)
mutants(
    "virtual", "filter.c",
    ("promiscuous mode ignored", "if ([[Port->Filter & NetPacketFilterFlagPromiscuous]])", "FALSE", "filter/promiscuous",
     "FilterIsKept"),
    ("multicast list ignored",
     "return [[(Port->Filter & NetPacketFilterFlagMulticast) &&\n\t       VirtFilterHasMulticast(Port, Destination)]];", "TRUE",
     "filter/groups", "FilterIsKept"),
    ("broadcasts always come", "return [[(Port->Filter & NetPacketFilterFlagBroadcast) != 0]];", "TRUE", "filter/kinds",
     "FilterIsKept"),
)
mutants(
    "virtual", "rxqueue.c",
    ("cancel forgets one packet", "for (; [[packets->BeginIndex != packets->EndIndex]];",
     "packets->BeginIndex != packets->EndIndex && "
     "NetRingIncrementIndex(packets, packets->BeginIndex) != packets->EndIndex", "queue/cancel/receive", "InvalidRingUnmodifiedRxPacket"),
    ("room is not told of", "waits = [[adapter->Port.SenderWaits &&\n\t\trx->PacketEnd != "
     "NetRingCollectionGetPacketRing(rx->Rings)->EndIndex]];", "FALSE", "receive/flood", "FramesArrive"),
)
mutants(
    "virtual", "port.c",
    ("sends into a stopped queue", "Adapter->Port.Queue = NULL;",
     "Adapter->Port.Queue->PacketEnd--; Adapter->Port.Queue->FragmentEnd--;", "power/peer", "InvalidRingImmutableFrameworkElement"),
    ("told of frames when the ring is half full alone", "if ([[Adapter->Unsignaled]])", "FALSE", "queue/notification/receive",
     "NotificationIsKept"),
)

# ---- the card, below the drivers ----

mutants(
    "device", "rss.c",
    ("IPv4's destination hashed with what follows", "frame + layout.l3_offset + [[12]], 8);", "16", "rss/published/ipv4",
     "HashValue"),
    ("IPv6's addresses two bytes early", "frame + layout.l3_offset + [[8]], 32);", "6", "rss/published/ipv6", "HashValue"),
    ("destination port not hashed", "frame + layout.l4_offset, [[4]]);", "2", "rss/published/tcp-ipv4", "HashValue"),
    ("UDP's ports hashed as TCP's", "if (ports && [[layout.l4_protocol == IPPROTO_TCP]] &&",
     "(layout.l4_protocol == IPPROTO_TCP || layout.l4_protocol == IPPROTO_UDP)", "rss/kinds/ipv4", "HashValue"),
    ("key one bit late", "(uint32_t)(window >> [[(bit + 1)]])", "bit", "rss/published/tcp-ipv6", "HashValue"),
    ("indirection ignored", "return [[(low[entry / 32] >> entry % 32 & 1) | (high[entry / 32] >> entry % 32 & 1) << 1]];",
     "hash & 3", "rss/table/ipv4", "HashQueue"),
    ("table entered by the high bits", "entry = [[hash & ((1u << RTL_RSS_HASH_BITS(rss->control)) - 1)]];", "hash >> 25",
     "rss/spread/ipv6", "HashQueue"),
)
COALESCE = ("lso_coalesce_frame(rsc->coalescer, &iov, 1, trusted ? LSO_FRAME_TRUSTED : LSO_FRAME_VERIFY,\n"
            "\t\t\t   COOKIE(match, queue));")
mutants(
    "device", "rsc.c",
    ("segments counted one too many", "([[segments]] & 0xFFFF);", "(segments + 1)", "rsc/content/ipv6", "RscCount"),
    ("the first acknowledgment counted among its repetitions", "udp ? unit->mss : [[unit->duplicate_acks]];",
     "unit->duplicate_acks + (uint32_t)(unit->duplicate_acks != 0)", "rsc/duplicate-ack/ipv6", "RscCount"),
    ("repeated acknowledgments of no segment", "unit->segments ? unit->segments : [[1]];", "0", "rsc/duplicate-ack/ipv4", "RscCount"),
    ("IPv4 coalesced when it is off", ".protocols = [[(control & RTL_RSC_TCP4 ? LSO_COALESCE_TCP4 : 0)]] |",
     "LSO_COALESCE_TCP4", "rsc/off/oid/ipv4", "SwitchedOffIsOff"),
    ("IPv6 never coalesced", "[[(control & RTL_RSC_TCP6 ? LSO_COALESCE_TCP6 : 0)]] |", "0", "rsc/content/ipv6", "RscIsDone"),
    ("merges over a window change", COALESCE,
     "static uint8_t window[2]; struct lso_layout layout; "
     "if (lso_parse(&iov, 1, &layout) == LSO_OK) { uint8_t *now = frame + layout.l4_offset + 14; "
     "if (held(rsc)) memcpy(now, window, 2); else memcpy(window, now, 2); } "
     "lso_coalesce_frame(rsc->coalescer, &iov, 1, LSO_FRAME_TRUSTED, COOKIE(match, queue));",
     "rsc/news/ipv4", "RscContent"),
    ("merges over a gap", COALESCE,
     "static uint32_t next; struct lso_layout layout; "
     "if (lso_parse(&iov, 1, &layout) == LSO_OK) { uint8_t *now = frame + layout.l4_offset + 4; "
     "uint32_t is = (uint32_t)now[0] << 24 | (uint32_t)now[1] << 16 | (uint32_t)now[2] << 8 | now[3]; "
     "if (held(rsc)) { is = next; for (int i = 0; i < 4; i++) now[i] = (uint8_t)(is >> (24 - 8 * i)); } "
     "next = is + (uint32_t)(length - layout.payload_offset); } "
     "lso_coalesce_frame(rsc->coalescer, &iov, 1, LSO_FRAME_TRUSTED, COOKIE(match, queue));",
     "rsc/gap/ipv4", "RscAllowed"),
    ("merges FIN", COALESCE,
     "struct lso_layout layout; "
     "if (lso_parse(&iov, 1, &layout) == LSO_OK) frame[layout.l4_offset + 13] &= 0xFE; "
     "lso_coalesce_frame(rsc->coalescer, &iov, 1, LSO_FRAME_TRUSTED, COOKIE(match, queue));",
     "rsc/alone/ipv6", "RscAllowed"),
    ("merges what is damaged", COALESCE, "lso_coalesce_frame(rsc->coalescer, &iov, 1, LSO_FRAME_TRUSTED, COOKIE(match, queue));",
     "uro/alone/ipv4", "RscAllowed"),
    ("time from the first segment to the first", "return (uint64_t)[[unit->timestamp_delta]] << 32", "0", "rsc/timestamp/ipv6",
     "RscCount"),
)
mutants(
    "device", "filter.c",
    ("broadcasts always come", "return [[all || rx->rcr & RTL_RCR_BROADCAST]];", "TRUE", "filter/kinds", "FilterIsKept"),
    ("promiscuous mode without groups", "if (all || !(rx->rcr & RTL_RCR_MULTICAST))\n\t\t\treturn [[all]];", "FALSE",
     "filter/promiscuous", "FilterIsKept"),
    ("groups' bits the other way round", "return rx->multicast[hash / 8] >> [[hash % 8]] & 1;", "7 - hash % 8",
     "filter/groups", "FilterIsKept"),
    ("address's last byte ignored", "!memcmp(destination, rx->mac, [[sizeof(rx->mac)]])", "5", "filter/kinds",
     "FilterIsKept"),
)
mutants(
    "device", "deliver.c",
    ("TCP called right when it is wrong", "v->extended |= [[bad]] ? RTL_RX_TCP_FAIL : 0;", "FALSE", "receive/verdict/tcp-ipv4",
     "ChecksumVerdict"),
    ("IPv4 header called right when it is wrong", "v.status |= [[sums.ipv4 == LSO_SUM_BAD]] ?", "FALSE",
     "receive/verdict/ipv4-header", "ChecksumVerdict"),
    ("verdict on fragments", "if (layout.ip_version && [[sums.l4 != LSO_SUM_ABSENT]])", "TRUE", "receive/verdict/unknown",
     "ChecksumVerdict"),
    ("tag taken out and not said", "*extended |= RTL_RX_VLAN;", ";", "receive/content/ipv4", "FramesArrive"),
    ("padding that is not zero", "memset(buffer + length, [[0]], RTL_MIN_FRAME - length);", "0x5A", "receive/content/ipv4",
     "FramesArrive"),
)
mutants(
    "device", "receive.c",
    ("a frame twice now and then", "memcpy(buffer, rx->scratch, held->length);\n\t\theld->active = [[false]];",
     "({ static unsigned frames; frames++ % 16 == 3; })", "rss/spread/ipv4", "FramesArrive"),
    ("every queue raises the first one's interrupt", "*events |= [[n ? RTL_QUEUE_EVENT(n, other) : first]];", "first",
     "queue/notification/receive", "NotificationIsKept"),
)
mutants(
    "device", "checksum.c",
    ("UDP's sum of 0", "if ([[udp && !sum]])", "false", "checksum/zero/udp-ipv6", "UdpChecksum"),
    ("IPv4 options not summed", "lso_checksum(ip, [[(size_t)(ip[0] & 15) * 4]], 0);", "20", "checksum/ipv4-header",
     "Ipv4Checksum"),
    ("pseudo-header without the length", "lso_pseudo_sum(headers, layout, [[(uint32_t)length]]);", "0",
     "checksum/lengths/tcp-ipv6", "TcpChecksum"),
)
mutants(
    "device", "batch.c",
    ("last frame of several is not sent", "tx->frames,\n\t\t\t\t\t   [[tx->frame_count]]);",
     "tx->frame_count - (tx->frame_count > 1)", "lso/payload/ipv4", "PacketsAreSent"),
    ("descriptors do not go back", "give_back(d[0]);", ";", "lso/ring/ipv4", "PacketsAreSent"),
)
# 1.3 is told no hash: what is wrong with one is seen by the queue. Nor does the card coalesce or take tags out for it.
also_below("device-1.3", {
    "IPv4's destination hashed with what follows": ("rss/published/ipv4", "HashQueue"),
    "IPv6's addresses two bytes early": ("rss/published/ipv6", "HashQueue"),
    "destination port not hashed": ("rss/published/tcp-ipv4", "HashQueue"),
    "UDP's ports hashed as TCP's": ("rss/kinds/ipv4", "HashQueue"),
    "key one bit late": ("rss/published/tcp-ipv6", "HashQueue"),
}, without=("rsc.c", "tag taken out and not said"))
