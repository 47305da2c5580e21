/* SPDX-License-Identifier: MIT */
/*
 * The control socket: how the commands that look at a running host or change it reach it: `netcx
 * show`, `events`, `offload`, `set`, `restart`, `remove`, `sleep`, `wake`, `link`, `trace`,
 * `capture` and `oid`.
 *
 * Where: $XDG_RUNTIME_DIR/netcx/PID.sock, or /tmp/netcx-UID/PID.sock when that directory is not
 * set or not ours; a stream socket of mode 0600 in a directory of mode 0700. A socket whose process
 * is gone is removed by whoever comes across it.
 *
 * What: lines of JSON (RFC 8259, UTF-8), one object each, at most CONTROL_LINE_MAX bytes. Each
 * request gets one reply, in order; while the adapters come up, all but "show" and "trace" wait
 * for that, 6 seconds at most. A reply is {"ok":true,...} or {"error":"one sentence"}. What is
 * no JSON object, has no known "op" or is too long gets an error, and the next line is read.
 *
 * {"op":"show"}
 *   {"ok":true,"pid":N,"version":"...","adapters":[ADAPTER,...]}
 * {"op":"show","adapter":"Ethernet"}   the same with this one alone
 *   ADAPTER: {"name","driver":{"name","path","netadaptercx","framework","version","description",
 *   "service","hardware_ids":[...]},"device","state",
 *   "status" (of a failure),"failure" (a sentence: it is out of the
 * run),"link":{"up","tx_bps","rx_bps"},"mtu","mac","permanent_mac",
 *   "stack":{"name","mtu","offloads":{"checksum","tso4","tso6","uso"},"coalesce"},
 *   "wire":{"name"},
 *   "offloads":{"hardware":SET,"default":SET,"active":SET},
 *   "queues":[{"kind":"tx","id":0,"packets":N,"fragments":N,"held":N,"cpu_ns":N,"counters":{...}}],
 *   "time_ns","host_cpu_ns","keywords":{...},
 *   "parameters":[PARAMETER,...],"settings":"/path/of/its.conf","counters":{...},
 *   of a queue "packets" and "fragments" are the sizes of its rings, "held" is what of the first
 *   the driver has now, "cpu_ns" the time of its thread; "time_ns" is CLOCK_MONOTONIC, for rates
 *   "woken":{"reason","pattern_id","original_size","saved_size"}} of the last sleep, if the device
 *   ended it: "reason" is bitmap pattern, magic packet, packet filter match, EAPOL packet, media
 *   connect, media disconnect, or device; the others belong to a packet's
 *   PARAMETER, from the INF: {"name","description","type","default","optional"}, and of a number
 *   "minimum","maximum","step","base", of an enum "options":[{"value":0,"text":"Disabled"},...]
 *   SET: {"checksum":{"ipv4","tcp","udp"},"lso":{"ipv4","ipv6","maximum_offload_size",
 *   "minimum_segment_count"}}
 *   For a driver of 2.1 and later "offloads" has also "offered":SET (what may be on: hardware, and
 *   software in its place), "driver":SET (the part of "active" that is not software's) and
 *   "paused"; "checksum" in a SET is transmit's, and each has also
 *   "tx_checksum":SUM,"rx_checksum":SUM,"uso":{"ipv4","ipv6","maximum_offload_size",
 *   "minimum_segment_count"},"rsc":{"ipv4","ipv6","tcp_timestamps","udp"},
 *   "ieee8021q":{"priority","vlan"},"headers":{"tx_checksum":KINDS,"gso":KINDS}
 *   SUM: {"ipv4","tcp_v4","tcp_v6","udp_v4","udp_v6"}
 *   KINDS: {"ipv4_options","ipv6_extensions","tcp_options","layer4_header_offset_limit"}, and of
 *   "tx_checksum" "layer3_header_offset_limit"; a limit of 0 is none
 *   "state" is one of loading, starting, running, restarting, asleep, stopping, stopped, failed,
 *   removed.
 * {"op":"offload","adapter":"Ethernet","lso_v4":"on","lso_v6":"same","checksum_ipv4":"off",
 *  "checksum_tcp":...,"checksum_udp":...}
 *   Also "uso_v4", "uso_v6", "rsc_v4", "rsc_v6", and by direction and family, which drivers of 1.3
 *   and 2.0 do not know: "tx_checksum_ipv4", "tx_checksum_tcp_v4", "tx_checksum_tcp_v6",
 *   "tx_checksum_udp_v4", "tx_checksum_udp_v6", and the same with "rx". They go before those that
 *   mean several.
 *   "coalesce": do received frames go up as super-packets? That is ours: where nothing else is
 *   named, the driver is not told.
 *   Becomes OID_TCP_OFFLOAD_PARAMETERS. "adapter" may be left out when there is one; each setting
 *   is "on", "off" or "same" and may be left out. The reply comes when the driver has been told:
 *   {"ok":true,"adapter":"...","coalesce":true,"active":SET}
 * {"op":"set","adapter":"...","keyword":"*JumboPacket","value":"9014"}
 *   Without "value", or with null: back to the default. Checked against the INF; counts from the
 *   next start on. What the INF does not know is refused without "force":true.
 * {"ok":true,"adapter","keyword","value","file"}; "file" is where it is kept.
 * {"op":"restart","rebalance":false}  {"op":"remove","surprise":false}
 * {"op":"link","up":false}   the cable of the hardware, out or in
 * {"op":"sleep","idle":false,"wake":false,"connect":false,"disconnect":false,"eapol":false,
 *  "filter":false,"patterns":["ffffffffffffxxxxxxxxxxxx0806"],"arp":["10.0.0.5,10.0.0.1"],
 *  "ns":["fe80::1"]}
 *   "wake" is the magic packet; the lists as control/wake_text.h has them.
 * {"op":"wake","triggered":false}
 *   What happens to a device. Members may be left out. {"ok":true,"adapter","state"}
 * {"op":"oid","type":"query","oid":"OID_GEN_STATISTICS","length":152}
 *   "type" is query, set or method; "oid" a name or a number; "data" the input, two hexadecimal
 *   digits a byte; "length" the output's room, default what the OID needs. The reply comes when
 *   the driver completes it: {"ok":true,"adapter","type","oid","number","success","status",
 *   "status_number","bytes_read","bytes_written","bytes_needed","data","value"}; "value" is the
 *   output decoded, where that is known.
 * {"op":"trace"}  or  {"op":"trace","provider":"...","level":"info","flags":"A,B"}
 *   The drivers' trace providers, and what is listened to of them. "level" is off, critical, error,
 *   warning, info or verbose; default takes back what was asked for, so that a provider is on
 *   while somebody follows the events. "provider" is a name or a GUID; "flags" are names, or
 *   numbers (of TraceLogging: keywords), and all when it is left out. {"ok":true,"providers":
 *   [{"name","guid","kind":"wpp" or "tracelogging","level","flags":[...],"listened":[...]},...]};
 *   "listened" are the flags that were asked for, none of them: all.
 * {"op":"capture","adapter":"...","at":["stack","ring","wire"],"snaplen":N,"buffer":BYTES}
 *   The adapter's packets, from now until the connection ends. {"ok":true,"adapter","driver",
 *   "device","points":[{"name","description"},...]}, and with it (SCM_RIGHTS) the descriptor of the
 *   memory that they are copied into; frame/watch.h says how it is read. Without "at": all points
 *   that there are. "buffer" is the size of the ring in it, a power of two. One client at a time.
 * {"op":"events"}  or  {"op":"events","history":true}
 *   {"ok":true}, then one event a line (events.h) until the connection ends; "history" begins
 *   with those that are kept. A follower that is too slow gets {"kind":"dropped","count":N}.
 */
#ifndef CONTROL_PROTOCOL_H
#define CONTROL_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>

#define CONTROL_LINE_MAX 16384

/*
 * control_directory() - where sockets are; @create makes it
 * Return: 0, or -errno when there is none that is ours alone (@path names the last one tried).
 */
int control_directory(char *path, size_t size, bool create);

#endif
