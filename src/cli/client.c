/* SPDX-License-Identifier: MIT */
#include "cli/client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/stop.h"
#include "control/protocol.h"

int client_connect(struct client *client, long pid, unsigned seconds)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct timeval patience = { .tv_sec = seconds };
	char directory[80];
	int result = control_directory(directory, sizeof(directory), false);

	*client = (struct client){ .fd = -1, .received = -1, .pid = pid };
	if (result < 0)
		return result;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/%ld.sock", directory, pid);
	client->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (client->fd < 0)
		return -errno;
	setsockopt(client->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(client->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (connect(client->fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		result = -errno;
		client_close(client);
		return result;
	}
	return 0;
}

void client_close(struct client *client)
{
	if (client->fd >= 0)
		close(client->fd);
	if (client->received >= 0)
		close(client->received);
	free(client->buffer);
	*client = (struct client){ .fd = -1, .received = -1 };
}

static bool make_room(struct client *client)
{
	char *buffer;

	if (client->start) {
		memmove(client->buffer, client->buffer + client->start, client->length);
		client->start = 0;
	}
	if (client->length < client->room)
		return true;
	if (client->room >= CLIENT_LINE_MAX) {
		errno = EPROTO;
		return false;
	}
	client->room = client->room ? client->room * 2 : 16384;
	buffer = realloc(client->buffer, client->room);
	if (buffer)
		client->buffer = buffer;
	return buffer;
}

/* As recv(2); a descriptor that comes along is kept, the last one. */
static ssize_t receive(struct client *client, char *to, size_t size)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} rights = { 0 };
	struct iovec room = { to, size };
	struct msghdr message = { .msg_iov = &room,
				  .msg_iovlen = 1,
				  .msg_control = &rights,
				  .msg_controllen = sizeof(rights) };
	ssize_t n = recvmsg(client->fd, &message, MSG_CMSG_CLOEXEC);
	const struct cmsghdr *head = n > 0 ? CMSG_FIRSTHDR(&message) : NULL;

	if (!head || head->cmsg_type != SCM_RIGHTS || head->cmsg_len != CMSG_LEN(sizeof(int)))
		return n;
	if (client->received >= 0)
		close(client->received);
	memcpy(&client->received, CMSG_DATA(head), sizeof(int));
	return n;
}

const char *client_line(struct client *client)
{
	for (;;) {
		char *from = client->buffer ? client->buffer + client->start : NULL;
		char *end = client->length ? memchr(from, '\n', client->length) : NULL;
		ssize_t n;

		if (end) {
			*end = '\0';
			client->length -= (size_t)(end + 1 - from);
			client->start += (size_t)(end + 1 - from);
			return from;
		}
		if (!make_room(client))
			return NULL;
		n = receive(client, client->buffer + client->length, client->room - client->length);
		if (n < 0)
			return NULL;
		if (n == 0) {
			errno = 0;
			return NULL;
		}
		client->length += (size_t)n;
	}
}

/* A call that waits has failed: because of a signal, and not one that asks to end? */
static bool goes_on(void)
{
	return errno == EINTR && !stop_asked();
}

json_t *client_ask(struct client *client, json_t *request)
{
	char *text = request ? json_dumps(request, JSON_COMPACT) : NULL;
	const char *line;
	size_t length, sent = 0;
	json_t *reply;

	json_decref(request);
	if (!text) {
		errno = ENOMEM;
		return NULL;
	}
	length = strlen(text);
	text[length++] = '\n';
	while (sent < length) {
		ssize_t n = send(client->fd, text + sent, length - sent, MSG_NOSIGNAL);

		/* A host that has no place for us says so and closes before it reads. */
		if (n < 0 && (errno == EPIPE || errno == ECONNRESET))
			break;
		if (n < 0 && goes_on())
			continue;
		if (n < 0) {
			free(text);
			return NULL;
		}
		sent += (size_t)n;
	}
	free(text);
	do
		line = client_line(client);
	while (!line && goes_on());
	if (!line) {
		if (errno == 0)
			errno = ECONNRESET;
		return NULL;
	}
	reply = json_loads(line, 0, NULL);
	if (!json_is_object(reply)) {
		json_decref(reply);
		errno = EPROTO;
		return NULL;
	}
	return reply;
}

const char *json_text(const json_t *object, const char *member)
{
	const char *text = json_string_value(json_object_get(object, member));

	return text ? text : "";
}
