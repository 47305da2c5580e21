/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target: any bytes on the control socket. What comes back is one line of JSON per line that
 * is not blank, each an object with "ok" or "error", or an event.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control/events.h"
#include "host/host.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(char *text, size_t length)
{
	char *line = text, *end;

	while (length && (end = memchr(line, '\n', length))) {
		json_t *reply = json_loadb(line, (size_t)(end - line), 0, NULL);

		if (!json_is_object(reply) ||
		    !(json_object_get(reply, "ok") || json_object_get(reply, "error") ||
		      json_object_get(reply, "kind")))
			abort();
		json_decref(reply);
		length -= (size_t)(end + 1 - line);
		line = end + 1;
	}
	if (length)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct netcx_host *host;
	static char text[1 << 20];
	const struct control_ops ops = { .request = host_request };
	struct control control = { .loop = NULL, .listener = { .fd = -1 } };
	struct netcx_error error;
	size_t length = 0;
	ssize_t n;
	int fds[2];

	/* An empty host: what a request does to an adapter is tests/cli's. */
	if (!host)
		host = netcx_host_create(&(struct netcx_host_config){ 0 }, &error);
	if (!host || socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) < 0)
		abort();
	control.loop = &host->loop;
	control.events = &host->events;
	control.ops = ops;
	control.ops.context = host;
	if (!control_adopt(&control, fds[1]))
		abort();
	EVENTS_PUT(&host->events, NT_EVENT_LOG, "", "Fuzz", NT_UINT("size", size));

	for (size_t sent = 0; sent < size || control.clients;) {
		n = sent < size ? send(fds[0], data + sent, size - sent, MSG_NOSIGNAL) : 0;
		if (n > 0)
			sent += (size_t)n;
		if (sent == size)
			shutdown(fds[0], SHUT_WR);
		while (loop_once(&host->loop, 0))
			;
		n = recv(fds[0], text + length, sizeof(text) - length, 0);
		if (n > 0)
			length += (size_t)n;
		/* A follower stays: its part is over when all is said. */
		if (n <= 0 && sent == size)
			break;
		if (length == sizeof(text))
			break;
	}
	if (length < sizeof(text))
		check(text, length);
	close(fds[0]);
	control_close(&control);
	return 0;
}
