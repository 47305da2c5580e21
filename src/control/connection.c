/* SPDX-License-Identifier: MIT */
#include "control/connection.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control/events.h"

static void count_follower(struct control *control, int more)
{
	control->followers += (unsigned)more;
	if (control->ops.followers)
		control->ops.followers(control->ops.context, control->followers);
}

void control_client_drop(struct control_client *c)
{
	if (c->attached >= 0)
		close(c->attached);
	c->attached = -1;
}

void control_client_close(struct control_client *c)
{
	struct control *control = c->control;

	loop_remove(control->loop, &c->source);
	close(c->source.fd);
	if (c->prev)
		c->prev->next = c->next;
	else
		control->clients = c->next;
	if (c->next)
		c->next->prev = c->prev;
	control->client_count--;
	if (c->following)
		count_follower(control, -1);
	if (control->ops.closed)
		control->ops.closed(control->ops.context, c->id);
	control_client_drop(c);
	free(c->out);
	free(c);
}

static bool append(struct control_client *c, const char *bytes, size_t length)
{
	if (c->sent == c->length)
		c->sent = c->length = 0;
	if (length > c->room - c->length) {
		size_t room = (c->length + length) * 2;
		char *out = realloc(c->out, room);

		if (!out)
			return false;
		c->out = out;
		c->room = room;
	}
	memcpy(c->out + c->length, bytes, length);
	c->length += length;
	return true;
}

static bool append_json(struct control_client *c, json_t *json)
{
	char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
	bool ok = text && append(c, text, strlen(text)) && append(c, "\n", 1);

	free(text);
	json_decref(json);
	return ok;
}

/* As send(2), with the descriptor that is to go along. */
static ssize_t send_some(struct control_client *c)
{
	struct iovec bytes = { c->out + c->sent, c->length - c->sent };
	struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1 };
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} rights = { .head = { .cmsg_len = CMSG_LEN(sizeof(int)),
			       .cmsg_level = SOL_SOCKET,
			       .cmsg_type = SCM_RIGHTS } };
	ssize_t n;

	if (c->attached >= 0) {
		memcpy(CMSG_DATA(&rights.head), &c->attached, sizeof(int));
		message.msg_control = &rights;
		message.msg_controllen = sizeof(rights);
	}
	n = sendmsg(c->source.fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n > 0)
		control_client_drop(c);
	return n;
}

/* Sends what it takes now. Return: false when the connection is broken. */
static bool flush(struct control_client *c)
{
	while (c->sent < c->length) {
		ssize_t n = send_some(c);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN || errno == EWOULDBLOCK;
		c->sent += (size_t)n;
	}
	return true;
}

static bool full(const struct control_client *c)
{
	return c->length - c->sent >= CONTROL_OUT_HIGH;
}

/* Events to a follower as far as it reads. */
static bool pull_events(struct control_client *c)
{
	char line[EVENT_SIZE];
	size_t n;

	while (c->following && !c->waiting && !full(c)) {
		n = events_get(c->control->events, &c->cursor, line);
		if (n == 0)
			break;
		if (!append(c, line, n))
			return false;
	}
	return true;
}

static bool start_following(struct control_client *c, json_t *request)
{
	if (json_is_true(json_object_get(request, "history")))
		c->cursor = 0;
	else
		c->cursor = events_now(c->control->events);
	if (!c->following)
		count_follower(c->control, 1);
	c->following = true;
	return append_json(c, json_pack("{s:b}", "ok", 1));
}

static bool serve_line(struct control_client *c, const char *line, size_t length)
{
	json_error_t error;
	json_t *request, *reply;
	const char *op;
	bool ok;

	request = json_loadb(line, length, JSON_REJECT_DUPLICATES, &error);
	if (!json_is_object(request)) {
		reply = request ? control_error("a request is a JSON object")
				: control_error("no JSON: %s, column %d", error.text, error.column);
		json_decref(request);
		return append_json(c, reply);
	}
	op = json_string_value(json_object_get(request, "op"));
	if (op && strcmp(op, "events") == 0) {
		ok = start_following(c, request);
	} else {
		reply = c->control->ops.request(c->control->ops.context, c->id, request);
		c->waiting = !reply;
		ok = !reply || append_json(c, reply);
	}
	json_decref(request);
	return ok;
}

static bool blank(const char *line, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r')
			return false;
	}
	return true;
}

/* Takes whole lines from the input as long as replies can be given. */
static bool serve(struct control_client *c)
{
	char *end;

	while (!c->waiting && !full(c)) {
		size_t length;

		end = memchr(c->in, '\n', c->in_length);
		if (!end && c->in_length == sizeof(c->in)) {
			/* Its error comes now, once; the rest of the line is skipped. */
			if (!c->overlong &&
			    !append_json(c, control_error("a line longer than %d bytes",
							  CONTROL_LINE_MAX - 1)))
				return false;
			c->overlong = true;
			c->in_length = 0;
		}
		if (!end)
			return true;
		length = (size_t)(end - c->in);
		if (!c->overlong && !blank(c->in, length) && !serve_line(c, c->in, length))
			return false;
		c->overlong = false;
		c->in_length -= length + 1;
		memmove(c->in, end + 1, c->in_length);
	}
	return true;
}

/* Return: false when the connection is broken. */
static bool take(struct control_client *c)
{
	ssize_t n;

	if (c->in_length == sizeof(c->in))
		return true;
	n = recv(c->source.fd, c->in + c->in_length, sizeof(c->in) - c->in_length, MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
	if (n == 0)
		c->ended = true;
	c->in_length += (size_t)n;
	return true;
}

/* Serve, send, and tell the loop what to wait for. Closes the client when it is done. */
static void turn(struct control_client *c)
{
	uint32_t want = 0;
	bool some;

	do {
		if (!serve(c) || !pull_events(c)) {
			control_client_close(c);
			return;
		}
		some = c->sent < c->length;
		if (!flush(c)) {
			control_client_close(c);
			return;
		}
	} while (some && c->sent == c->length);
	if (c->ended && !c->waiting && !c->following && c->sent == c->length) {
		control_client_close(c);
		return;
	}
	if (c->sent < c->length)
		want |= EPOLLOUT;
	if (!c->ended && c->in_length < sizeof(c->in))
		want |= EPOLLIN;
	if (want != c->armed && loop_modify(c->control->loop, &c->source, want) == 0)
		c->armed = want;
}

static void client_ready(struct loop_source *source, uint32_t events)
{
	struct control_client *c = source->context;

	bool ok = !(events & EPOLLERR);

	if (ok && (events & (EPOLLIN | EPOLLHUP)))
		ok = take(c);
	/* Nobody is there for a reply; what was asked for is still done. */
	if (ok && (events & EPOLLHUP))
		ok = serve(c) && false;
	if (ok)
		turn(c);
	else
		control_client_close(c);
}

void control_client_answer(struct control_client *c, json_t *reply)
{
	c->waiting = false;
	if (append_json(c, reply))
		turn(c);
	else
		control_client_close(c);
}

void control_client_feed(struct control_client *c)
{
	if (c->following)
		turn(c);
}

struct control_client *control_adopt(struct control *control, int fd)
{
	struct control_client *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->control = control;
	c->attached = -1;
	c->source = (struct loop_source){ .fd = fd, client_ready, c };
	c->id = ++control->next_id;
	c->armed = EPOLLIN;
	if (loop_add(control->loop, &c->source, c->armed) < 0) {
		free(c);
		return NULL;
	}
	c->next = control->clients;
	if (c->next)
		c->next->prev = c;
	control->clients = c;
	control->client_count++;
	return c;
}
