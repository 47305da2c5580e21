/* SPDX-License-Identifier: MIT */
/*
 * The control socket: how `netcx show`, `offload` and `events` reach a running host.
 *
 * Where: $XDG_RUNTIME_DIR/netcx/PID.sock, or /tmp/netcx-UID/PID.sock when that directory is not
 * set or not ours; a stream socket of mode 0600 in a directory of mode 0700. A socket whose process
 * is gone is removed by whoever comes across it.
 *
 * What: lines of JSON (RFC 8259, UTF-8), one object each, at most CONTROL_LINE_MAX bytes. Each
 * request gets one reply, in order. A reply is {"ok":true,...} or {"error":"one sentence"}. What is
 * no JSON object, has no known "op" or is too long gets an error, and the next line is read.
 *
 * {"op":"show"}
 *   {"ok":true,"pid":N,"version":"...","adapters":[ADAPTER,...]}
 * {"op":"show","adapter":"Ethernet"}   the same with this one alone
 *   ADAPTER: {"name","driver":{"name","path","netadaptercx","version"},"device","state",
 *   "status" (of a failure),"link":{"up","tx_bps","rx_bps"},"mtu","mac","permanent_mac",
 *   "stack":{"name","mtu","offloads":{"checksum","tso4","tso6"}},"wire":{"name"},
 *   "offloads":{"hardware":SET,"default":SET,"active":SET},
 *   "queues":[{"kind":"tx","id":0,"packets":N,"fragments":N}],"keywords":{...},"counters":{...}}
 *   SET: {"checksum":{"ipv4","tcp","udp"},"lso":{"ipv4","ipv6","maximum_offload_size",
 *   "minimum_segment_count"}}
 *   "state" is one of loading, starting, running, restarting, stopping, stopped, failed.
 * {"op":"offload","adapter":"Ethernet","lso_v4":"on","lso_v6":"same","checksum_ipv4":"off",
 *  "checksum_tcp":...,"checksum_udp":...}
 *   Becomes OID_TCP_OFFLOAD_PARAMETERS. "adapter" may be left out when there is one; each setting
 *   is "on", "off" or "same" and may be left out. The reply comes when the driver has been told:
 *   {"ok":true,"adapter":"...","active":SET}
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
