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
#ifndef HOST_CONTROL_H
#define HOST_CONTROL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "host/loop.h"

#define CONTROL_LINE_MAX 16384
#define CONTROL_CLIENTS  64

/*
 * control_directory() - where sockets are; @create makes it
 * Return: 0, or -errno when there is none that is ours alone (@path names the last one tried).
 */
int control_directory(char *path, size_t size, bool create);

struct events;
struct control_client;

/* What the host does with a request. */
struct control_ops {
	/*
	 * Return: the reply (owned by the caller), or NULL when it comes later by control_reply()
	 * with @client. "events" never arrives here.
	 */
	json_t *(*request)(void *context, uint64_t client, json_t *request);
	void *context;
};

/* Owned by the host; the main thread's alone, but for @path, which is written once. */
struct control {
	struct loop *loop;
	struct events *events;
	struct control_ops ops;
	struct loop_source listener;
	struct control_client *clients;
	unsigned client_count;
	uint64_t next_id;
	char path[108]; /* of the socket; "" when there is none */
};

/* control_open() - make the socket. Return: 0 or -errno, with one sentence in @error. */
int control_open(struct control *control, struct loop *loop, struct events *events,
		 const struct control_ops *ops, char *error, size_t size);
/* control_close() - tell followers what is left to tell, end all connections, remove the socket. */
void control_close(struct control *control);

/* control_reply() - the late reply to a client's request; @reply is taken over. */
void control_reply(struct control *control, uint64_t client, json_t *reply);

/* control_feed() - there are new events. */
void control_feed(struct control *control);

/* control_unlink() - remove the socket's file; any thread, also in the process' last moment. */
void control_unlink(const struct control *control);

/* control_error() - {"error": ...} */
json_t *control_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * control_adopt() - serve a connected stream socket as a client; for what comes in by the listener,
 * and for tests. @fd is taken over. NULL: no memory, and @fd stays the caller's.
 */
struct control_client *control_adopt(struct control *control, int fd);

#endif
