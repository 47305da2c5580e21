/* SPDX-License-Identifier: MIT */
/* netcx capture */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/capture_write.h"
#include "cli/cli.h"
#include "cli/client.h"
#include "cli/stop.h"

static const char help[] =
	"Usage: netcx capture [ADAPTER] [--at POINT]... [OPTIONS] FILE|-\n"
	"\n"
	"Writes the packets of a running adapter as pcapng, an interface for each point where they\n"
	"are seen: the super-packet that the stack has sent, what the driver was given, and the\n"
	"frames on the wire stand in one file, in the order of time. With each packet come its\n"
	"direction, its queue, and as a comment what is known beside the bytes: the MSS of LSO, USO\n"
	"and GSO with the number of segments, the segments that RSC has made one of, the state of\n"
	"the checksum, an 802.1Q tag. Ends on SIGINT, with the adapter or with the host; it goes on\n"
	"when the adapter is restarted. One command at a time can capture an adapter.\n"
	"\n"
	"  ADAPTER      an adapter's name, the name of its TAP, or the pid of its host; may be left\n"
	"               out when there is one\n"
	"  FILE         where to; - is standard output\n"
	"  --at POINT   stack: between the stack and the adapter; ring: as the driver gets packets\n"
	"               and gives them; wire: between the hardware and the cable. May be repeated;\n"
	"               default: all that the adapter has\n"
	"  --count N    end after N packets\n"
	"  --time S     end after S seconds\n"
	"  --snaplen N  keep N bytes of a packet (default: all of it)\n"
	"  --buffer MB  what is kept for a slow reader, a power of two (default 32). What does not\n"
	"               fit is lost to the capture, never to the adapter, and counted: at the end\n"
	"               and in the file's statistics\n"
	"  --json       print the sums at the end as JSON, on standard output; not with -\n"
	"  --quiet      print no line on standard error but errors\n"
	"\n"
	"Exit codes: 0 captured, 1 no such adapter, it is captured already, or FILE takes no more, 2\n"
	"wrong usage.\n"
	"\n"
	"Examples:\n"
	"  netcx capture - | wireshark -k -i -\n"
	"  netcx capture nic0 --at stack --at wire sent.pcapng\n"
	"  netcx capture --at wire --count 100 - | tshark -r -\n";

enum { OPT_AT = 1, OPT_COUNT, OPT_TIME, OPT_SNAPLEN, OPT_BUFFER, OPT_JSON, OPT_QUIET };

static const struct option options[] = { { "at", required_argument, NULL, OPT_AT },
					 { "count", required_argument, NULL, OPT_COUNT },
					 { "time", required_argument, NULL, OPT_TIME },
					 { "snaplen", required_argument, NULL, OPT_SNAPLEN },
					 { "buffer", required_argument, NULL, OPT_BUFFER },
					 { "json", no_argument, NULL, OPT_JSON },
					 { "quiet", no_argument, NULL, OPT_QUIET },
					 { 0 } };

#define LOOK_MS   10 /* how often to look for packets */
#define TIME_MOST (365u * 24 * 3600)

/* The command line. */
struct wish {
	const char *adapter, *file;
	unsigned points; /* a set; 0: all */
	uint64_t count, seconds, snap, megabytes;
	bool json, quiet;
};

static volatile sig_atomic_t interrupted;

/* write(2) goes on after it, so that no packet is cut in two; a second one ends the process. */
static void on_signal(int number)
{
	interrupted = 1;
	stop_note(number);
}

static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal,
				    .sa_flags = SA_RESTART | (int)SA_RESETHAND };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static int take_point(struct wish *w, const char *name)
{
	for (enum watch_point p = 0; p < WATCH_POINTS; p++) {
		if (strcmp(name, watch_point_name(p)) != 0)
			continue;
		w->points |= 1u << p;
		return CLI_OK;
	}
	return cli_error(CLI_USAGE, "capture", "--at %s: stack, ring or wire is expected", name);
}

static int take_number(uint64_t *number, const char *option, const char *text, uint64_t least,
		       uint64_t most)
{
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 10);
	if (*text >= '0' && *text <= '9' && !*end && !errno && *number >= least && *number <= most)
		return CLI_OK;
	return cli_error(CLI_USAGE, "capture",
			 "--%s %s: a number from %" PRIu64 " to %" PRIu64 " is expected", option,
			 text, least, most);
}

static int take(struct wish *w, int option, const char *value)
{
	switch (option) {
	case OPT_AT:
		return take_point(w, value);
	case OPT_COUNT:
		return take_number(&w->count, "count", value, 1, INT64_MAX);
	case OPT_TIME:
		return take_number(&w->seconds, "time", value, 1, TIME_MOST);
	case OPT_SNAPLEN:
		return take_number(&w->snap, "snaplen", value, 1, WATCH_SNAP_MOST);
	case OPT_BUFFER:
		if (take_number(&w->megabytes, "buffer", value, 1, WATCH_SIZE_MOST >> 20))
			return CLI_USAGE;
		if (w->megabytes & (w->megabytes - 1))
			return cli_error(CLI_USAGE, "capture",
					 "--buffer %s: a power of two is expected: 1, 2, 4 ...",
					 value);
		return CLI_OK;
	case OPT_JSON:
		w->json = true;
		return CLI_OK;
	default:
		w->quiet = true;
		return CLI_OK;
	}
}

static int take_places(struct wish *w, int count, char **places)
{
	if (count == 0)
		return cli_error(CLI_USAGE, "capture",
				 "FILE is expected, or - for standard output");
	if (count > 2)
		return cli_error(CLI_USAGE, "capture", "%s: that is one too many", places[2]);
	w->adapter = count == 2 ? places[0] : NULL;
	w->file = places[count - 1];
	if (strcmp(w->file, "-") != 0)
		return CLI_OK;
	if (w->json)
		return cli_error(CLI_USAGE, "capture",
				 "--json writes on standard output, and so does -");
	if (isatty(STDOUT_FILENO))
		return cli_error(
			CLI_USAGE, "capture",
			"-: standard output is a terminal; | wireshark -k -i - is missing");
	return CLI_OK;
}

static json_t *request_of(const struct wish *w, const struct target *target)
{
	json_t *request =
		json_pack("{s:s,s:O,s:I,s:I}", "op", "capture", "adapter",
			  json_object_get(target->adapter, "name"), "snaplen", (json_int_t)w->snap,
			  "buffer", (json_int_t)(w->megabytes << 20));
	json_t *at = json_array();

	for (enum watch_point p = 0; p < WATCH_POINTS; p++) {
		if (w->points & 1u << p)
			json_array_append_new(at, json_string(watch_point_name(p)));
	}
	if (w->points)
		json_object_set(request, "at", at);
	json_decref(at);
	return request;
}

/* Is the connection still there? The host has nothing more to say. */
static bool has_ended(struct client *client, int patience_ms)
{
	struct pollfd wait = { .fd = client->fd, .events = POLLIN };
	char byte;

	if (poll(&wait, 1, patience_ms) <= 0)
		return false;
	return recv(client->fd, &byte, 1, MSG_DONTWAIT) == 0 || wait.revents & (POLLERR | POLLHUP);
}

/* Until one of all that may end it does. Return: false and errno when the file takes no more. */
static bool follow(struct capture_writing *writing, struct client *client, const struct wish *w)
{
	uint64_t until = w->seconds ? clock_ns() + w->seconds * NS_PER_S : UINT64_MAX;
	bool over = false;

	/* What was there when it ended is written, too. */
	do {
		over = interrupted || clock_ns() >= until || has_ended(client, LOOK_MS) ||
		       atomic_load(&writing->reader.shared->ended);
		if (!capture_write_some(writing, w->count))
			return false;
		over |= w->count && writing->packets >= w->count;
	} while (!over);
	return true;
}

static void tell_begin(const struct capture_writing *writing, const json_t *reply)
{
	fprintf(stderr, "netcx: capture: %s at", json_text(reply, "adapter"));
	for (enum watch_point p = 0; p < WATCH_POINTS; p++) {
		if (writing->points[p].there)
			fprintf(stderr, " %s", watch_point_name(p));
	}
	fputs("; SIGINT ends it\n", stderr);
}

static void tell_end(const struct capture_writing *writing, bool json)
{
	json_t *points = json_object();

	if (!json)
		fprintf(stderr, "netcx: capture: %" PRIu64 " packets", writing->packets);
	for (enum watch_point p = 0; p < WATCH_POINTS; p++) {
		const struct capture_sum *s = &writing->points[p];

		if (!s->there)
			continue;
		if (!json)
			fprintf(stderr, ", %s %" PRIu64 " (%" PRIu64 " lost)", watch_point_name(p),
				s->packets, s->lost);
		json_object_set_new(points, watch_point_name(p),
				    json_pack("{s:I,s:I}", "packets", (json_int_t)s->packets,
					      "lost", (json_int_t)s->lost));
	}
	if (json) {
		print_json(points, stdout);
	} else {
		fputc('\n', stderr);
	}
	json_decref(points);
}

static int write_all(struct capture_writing *writing, struct client *client, const json_t *reply,
		     const struct wish *w)
{
	bool written = capture_write_begin(writing, reply, (uint32_t)w->snap) &&
		       fflush(writing->file) == 0;

	if (written && !w->quiet)
		tell_begin(writing, reply);
	written = written && follow(writing, client, w) && capture_write_end(writing);
	if (!written && errno != EPIPE)
		return cli_error(CLI_FAILED, "capture", "%s: %s", w->file, strerror(errno));
	if (w->json || !w->quiet)
		tell_end(writing, w->json);
	return CLI_OK;
}

/* Not before the host has said yes: a file that is there is not lost to a wrong name. */
static int write_file(struct capture_writing *writing, struct client *client, const json_t *reply,
		      const struct wish *w)
{
	bool is_output = strcmp(w->file, "-") == 0;
	int result;

	writing->file = is_output ? stdout : fopen(w->file, "wbe");
	if (!writing->file)
		return cli_error(CLI_FAILED, "capture", "%s: %s", w->file, strerror(errno));
	result = write_all(writing, client, reply, w);
	if (!is_output && fclose(writing->file) != 0 && result == CLI_OK)
		return cli_error(CLI_FAILED, "capture", "%s: %s", w->file, strerror(errno));
	return result;
}

static int capture_from(struct client *client, const struct target *target, const struct wish *w)
{
	json_t *reply = client_ask(client, request_of(w, target));
	struct capture_writing writing = { 0 };
	struct error why;
	int result;

	if (!reply)
		return cli_error(CLI_FAILED, "capture", "the host (pid %ld) does not answer: %s",
				 target->pid, strerror(errno));
	if (*json_text(reply, "error"))
		result = cli_error(CLI_FAILED, "capture", "%s: %s",
				   json_text(target->adapter, "name"), json_text(reply, "error"));
	else if (!watch_attach(&writing.reader, client->received, &why))
		result = cli_error(CLI_FAILED, "capture", "%s", why.text);
	else
		result = write_file(&writing, client, reply, w);
	watch_detach(&writing.reader);
	json_decref(reply);
	return result;
}

static int capture_adapter(const struct wish *w)
{
	const struct target *target;
	struct targets targets;
	struct client client;
	int result = targets_find(&targets, "capture"), connected;

	target = result == CLI_OK ? targets_one(&targets, "capture", w->adapter) : NULL;
	if (!target) {
		targets_free(&targets);
		return CLI_FAILED;
	}
	connected = client_connect(&client, target->pid, CLIENT_PATIENCE_SECONDS);
	if (connected < 0) {
		result = cli_error(CLI_FAILED, "capture", "the host (pid %ld): %s", target->pid,
				   strerror(-connected));
	} else {
		result = capture_from(&client, target, w);
		client_close(&client);
	}
	targets_free(&targets);
	return result;
}

static int capture(int argc, char **argv)
{
	struct wish w = { .megabytes = WATCH_SIZE_NORMAL >> 20 };
	int option, result = CLI_OK;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (option == '?' || option == ':')
			return cli_bad_option("capture", argv, option);
		result = take(&w, option, optarg);
		if (result != CLI_OK)
			return result;
	}
	result = take_places(&w, argc - optind, argv + optind);
	if (result != CLI_OK)
		return result;
	catch_signals();
	return capture_adapter(&w);
}

const struct cli_command cli_capture = { "capture", "write an adapter's packets, inside and out",
					 help, capture };
