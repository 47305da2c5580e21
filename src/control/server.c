/* SPDX-License-Identifier: MIT */
#include "control/server.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "control/connection.h"

#define BIND_TRIES 8
/* Without descriptors or memory: how long new clients wait before they are looked at again. */
#define PAUSE_MS 100

json_t *control_error(const char *format, ...)
{
	char text[512];
	va_list list;

	va_start(list, format);
	vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	/* A text cut inside a character, or quoting a client's bytes, may be no UTF-8. */
	for (char *c = text; *c; c++) {
		if ((unsigned char)*c >= 0x80 || (unsigned char)*c < 0x20)
			*c = '?';
	}
	return json_pack("{s:s}", "error", text);
}

/*
 * The client stays in the socket's queue, so that the listener is readable all the time: it is left
 * alone for a while, else the loop would turn without end. The timer has its descriptor already.
 */
static void pause_listener(struct control *control)
{
	const struct itimerspec once = { .it_value = clock_timespec(PAUSE_MS * NS_PER_MS) };

	if (timerfd_settime(control->pause.fd, 0, &once, NULL) == 0)
		loop_modify(control->loop, &control->listener, 0);
}

static void pause_over(struct loop_source *source, uint32_t events)
{
	struct control *control = source->context;
	uint64_t count;

	(void)events;
	if (read(source->fd, &count, sizeof(count)) == sizeof(count))
		loop_modify(control->loop, &control->listener, EPOLLIN);
}

static void accept_ready(struct loop_source *source, uint32_t events)
{
	static const char full[] = "{\"error\":\"too many connections\"}\n";
	struct control *control = source->context;
	int fd = accept4(source->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)events;
	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
			pause_listener(control);
		return;
	}
	if (control->client_count >= CONTROL_CLIENTS || !control_adopt(control, fd)) {
		send(fd, full, sizeof(full) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
		close(fd);
	}
}

/* Sockets of hosts that died without a word. */
static void remove_stale(const char *directory)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;
	char path[512];

	while (dir && (entry = readdir(dir))) {
		char *end;
		long pid = strtol(entry->d_name, &end, 10);

		if (pid <= 0 || strcmp(end, ".sock") != 0)
			continue;
		if (kill((pid_t)pid, 0) == 0 || errno != ESRCH)
			continue;
		snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name);
		unlink(path);
	}
	if (dir)
		closedir(dir);
}

static void close_listener(struct control *control)
{
	if (control->listener.fd >= 0)
		close(control->listener.fd);
	if (control->pause.fd >= 0)
		close(control->pause.fd);
	control->listener.fd = control->pause.fd = -1;
}

static int fail(struct control *control, int number, const char *what, struct error *error)
{
	error_set(error, "no control socket: %s: %s", what, strerror(number));
	close_listener(control);
	control->path[0] = '\0';
	return -number;
}

/* The directory keeps others out; the mask makes the file say the same from the start. */
static int bind_private(int fd, const struct sockaddr_un *address)
{
	mode_t mask = umask(0177);
	int result = bind(fd, (const struct sockaddr *)address, sizeof(*address));

	umask(mask);
	return result;
}

int control_open(struct control *control, struct loop *loop, struct events *events,
		 const struct control_ops *ops, struct error *error)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char directory[80];
	int result;

	*control = (struct control){ .loop = loop, .events = events, .ops = *ops };
	control->listener = (struct loop_source){ .fd = -1, accept_ready, control };
	control->pause = (struct loop_source){ .fd = -1, pause_over, control };

	control->listener.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (control->listener.fd < 0)
		return fail(control, errno, "socket", error);
	control->pause.fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (control->pause.fd < 0)
		return fail(control, errno, "timerfd", error);
	/* Another host that ends takes the empty directory with it: then once more. */
	for (int tries = 0;; tries++) {
		result = control_directory(directory, sizeof(directory), true);
		if (result < 0)
			return fail(control, -result, directory, error);
		remove_stale(directory);
		snprintf(control->path, sizeof(control->path), "%s/%ld.sock", directory,
			 (long)getpid());
		memcpy(address.sun_path, control->path, sizeof(address.sun_path));
		unlink(control->path);
		if (bind_private(control->listener.fd, &address) == 0)
			break;
		if (errno != ENOENT || tries == BIND_TRIES)
			return fail(control, errno, address.sun_path, error);
	}
	if (listen(control->listener.fd, 16) < 0 ||
	    loop_add(loop, &control->listener, EPOLLIN) < 0 ||
	    loop_add(loop, &control->pause, EPOLLIN) < 0) {
		result = errno;
		unlink(control->path);
		return fail(control, result, address.sun_path, error);
	}
	return 0;
}

void control_unlink(const struct control *control)
{
	char directory[sizeof(control->path)];

	if (!control->path[0])
		return;
	unlink(control->path);
	/* The last one out takes the directory along; while others' sockets are in it, it stays. */
	memcpy(directory, control->path, sizeof(directory));
	*strrchr(directory, '/') = '\0';
	rmdir(directory);
}

void control_close(struct control *control)
{
	if (control->listener.fd >= 0) {
		loop_remove(control->loop, &control->listener);
		loop_remove(control->loop, &control->pause);
		close_listener(control);
	}
	control_unlink(control);
	control_feed(control);
	while (control->clients)
		control_client_close(control->clients);
	control->path[0] = '\0';
}

void control_reply(struct control *control, uint64_t client, json_t *reply)
{
	for (struct control_client *c = control->clients; c; c = c->next) {
		if (c->id != client)
			continue;
		control_client_answer(c, reply);
		return;
	}
	json_decref(reply);
}

void control_attach(struct control *control, uint64_t client, int fd)
{
	for (struct control_client *c = control->clients; c; c = c->next) {
		if (c->id != client)
			continue;
		control_client_drop(c);
		c->attached = fd;
		return;
	}
	close(fd);
}

void control_feed(struct control *control)
{
	struct control_client *next;

	for (struct control_client *c = control->clients; c; c = next) {
		next = c->next;
		control_client_feed(c);
	}
}
