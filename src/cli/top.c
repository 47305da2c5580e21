/* SPDX-License-Identifier: MIT */
/* netcx top */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "cli/rates.h"
#include "cli/screen.h"
#include "cli/stop.h"

static const char help[] =
	"Usage: netcx top [ADAPTER] [--delay S] [--count N] [--json]\n"
	"\n"
	"What the adapters of this user's hosts do, by the second: in a terminal a table that is\n"
	"painted anew, else a table after each interval. A line for each adapter, and below it one\n"
	"for each of its queues.\n"
	"\n"
	"  ADAPTER    an adapter's name, the name of its TAP, or the pid of its host; default: all\n"
	"  --delay S  seconds from one picture to the next, 0.1 to 3600; default 1\n"
	"  --count N  end after N pictures\n"
	"  --json     each picture a JSON object on a line: \"time\", \"seconds\" and \"adapters\", each\n"
	"             with \"pid\", \"name\", \"state\", \"link_up\" and \"queues\", those with \"kind\",\n"
	"             \"id\", \"held\" and \"size\"; both with \"packets\", \"super_packets\", \"segments\",\n"
	"             \"gbit\", \"drops\", \"callbacks\" and \"cpu\", by the second\n"
	"\n"
	"Columns, by the second:\n"
	"  PACKETS    that the driver was given, or gave\n"
	"  SUPER      super-packets: LSO and USO of these, RSC and coalesced ones\n"
	"  SEGMENTS   frames: super-packets by what they divide into\n"
	"  GBIT       of the packets' bytes\n"
	"  RING       elements of the queue's ring that the driver has, of all; an adapter's state\n"
	"             when it does not run, or has no link\n"
	"  DROPS      lost anywhere between the edges\n"
	"  CALLBACKS  of EvtPacketQueueAdvance\n"
	"  CPU%       of the queue's thread, which queues may share; of an adapter: of its host\n"
	"\n"
	"Keys, as in top:\n"
	"  q          end\n"
	"  h ?        the keys\n"
	"  d s        another delay\n"
	"  < >        sort by the column to the left, to the right\n"
	"  P          sort by CPU; B by Gbit/s, N by name\n"
	"  R          the other way round\n"
	"  i          idle queues or not\n"
	"  space      now\n"
	"\n"
	"Exit codes: 0 ended, 1 no such adapter, 2 wrong usage.\n";

static const struct option options[] = { { "delay", required_argument, NULL, 'd' },
					 { "count", required_argument, NULL, 'n' },
					 { "json", no_argument, NULL, 'j' },
					 { 0 } };

#define DELAY_LEAST 0.1
#define DELAY_MOST  3600.0
#define FIRST_NS    (NS_PER_S / 5) /* a terminal's first picture is not waited for that long */

/* The command line, and what keys have made of it. */
struct wish {
	const char *adapter;
	double delay; /* seconds */
	uint64_t count;
	bool json;
	enum rate_column sort;
	bool reverse, no_idle, helps;
};

/* Two looks: rates are between them. */
struct looks {
	struct targets before, now;
};

static bool parse_delay(const char *text, double *delay)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end || !(value >= DELAY_LEAST && value <= DELAY_MOST))
		return false;
	*delay = value;
	return true;
}

static int take(struct wish *w, int option, const char *value)
{
	char *end;

	if (option == 'j')
		w->json = true;
	if (option == 'd' && !parse_delay(value, &w->delay))
		return cli_error(CLI_USAGE, "top",
				 "--delay %s: seconds from 0.1 to 3600 are expected", value);
	if (option != 'n')
		return CLI_OK;
	errno = 0;
	w->count = strtoull(value, &end, 10);
	if (*value < '0' || *value > '9' || *end || errno || !w->count)
		return cli_error(CLI_USAGE, "top", "--count %s: a number from 1 on is expected",
				 value);
	return CLI_OK;
}

static uint64_t delay_ns(const struct wish *w)
{
	return (uint64_t)(w->delay * (double)NS_PER_S);
}

/* Without messages: hosts come and go. */
static void look(struct looks *looks)
{
	targets_free(&looks->before);
	looks->before = looks->now;
	if (targets_find(&looks->now, NULL) != CLI_OK)
		targets_free(&looks->now);
}

static void looks_free(struct looks *looks)
{
	targets_free(&looks->before);
	targets_free(&looks->now);
}

static bool picture_of(struct rate_picture *picture, const struct looks *looks,
		       const struct wish *w)
{
	if (!rates_between(picture, &looks->before, &looks->now, w->adapter))
		return false;
	rates_sort(picture, w->sort, w->reverse);
	return true;
}

static bool is_idle(const struct rate_queue *q)
{
	return q->rates.packets <= 0 && q->rates.callbacks <= 0 && q->rates.drops <= 0;
}

/* ---- without a terminal ---- */

static void print_text(const struct rate_picture *picture)
{
	char line[RATE_LINE];

	rates_heading(line);
	puts(line);
	for (size_t i = 0; i < picture->count; i++) {
		const struct rate_adapter *a = &picture->adapters[i];

		rates_adapter_line(line, a);
		puts(line);
		for (size_t n = 0; n < a->queue_count; n++) {
			rates_queue_line(line, &a->queues[n]);
			puts(line);
		}
	}
	putchar('\n');
}

static void print_line(const struct rate_picture *picture)
{
	json_t *json = rates_json(picture);

	json_dumpf(json, stdout, JSON_COMPACT | JSON_REAL_PRECISION(15));
	putchar('\n');
	cli_answered();
	json_decref(json);
}

static void sleep_until(uint64_t until)
{
	const struct timespec time = clock_timespec(until);

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}

static int print_all(struct looks *looks, const struct wish *w)
{
	stop_catch();
	for (uint64_t i = 0; !w->count || i < w->count; i++) {
		struct rate_picture picture;

		sleep_until(clock_ns() + delay_ns(w));
		if (stop_asked())
			break;
		look(looks);
		if (!picture_of(&picture, looks, w))
			return cli_error(CLI_FAILED, "top", "out of memory");
		if (w->json)
			print_line(&picture);
		else
			print_text(&picture);
		rates_free(&picture);
		if (fflush(stdout) != 0)
			return errno == EPIPE ? CLI_OK
					      : cli_error(CLI_FAILED, "top", "%s", strerror(errno));
	}
	return CLI_OK;
}

/* ---- in a terminal ---- */

static void paint_head(const struct rate_picture *picture, const struct wish *w)
{
	time_t now = time(NULL);
	char line[RATE_LINE], clock[16];
	struct tm local;

	strftime(clock, sizeof(clock), "%H:%M:%S", localtime_r(&now, &local));
	snprintf(line, sizeof(line), "netcx top - %s, %zu adapter%s, every %g s, by %s%s%s", clock,
		 picture->count, picture->count == 1 ? "" : "s", w->delay,
		 rates_column_name(w->sort), w->reverse ? " reversed" : "",
		 w->no_idle ? ", without idle queues" : "");
	screen_line(SCREEN_BOLD, line);
	screen_line(SCREEN_PLAIN,
		    picture->count ? "h for help, q to end" : "no adapter of this user's runs");
	screen_line(SCREEN_PLAIN, "");
	rates_heading(line);
	screen_line(SCREEN_REVERSE, line);
}

static void paint_adapter(const struct rate_adapter *a, const struct wish *w)
{
	char line[RATE_LINE];

	rates_adapter_line(line, a);
	screen_line(SCREEN_BOLD, line);
	for (size_t i = 0; i < a->queue_count; i++) {
		if (w->no_idle && is_idle(&a->queues[i]))
			continue;
		rates_queue_line(line, &a->queues[i]);
		screen_line(SCREEN_PLAIN, line);
	}
}

static void paint_help(void)
{
	const char *at = strstr(help, "Columns,");
	char line[RATE_LINE];

	screen_line(SCREEN_REVERSE, "netcx top: any key goes back");
	while (at && *at && strncmp(at, "Exit codes", 10) != 0) {
		size_t length = strcspn(at, "\n");

		snprintf(line, sizeof(line), "%.*s", (int)length, at);
		screen_line(SCREEN_PLAIN, line);
		at += length + (at[length] == '\n');
	}
}

static bool paint(const struct looks *looks, const struct wish *w)
{
	struct rate_picture picture;

	if (!picture_of(&picture, looks, w))
		return false;
	screen_begin();
	if (w->helps) {
		paint_help();
	} else {
		paint_head(&picture, w);
		for (size_t i = 0; i < picture.count; i++)
			paint_adapter(&picture.adapters[i], w);
	}
	screen_end();
	rates_free(&picture);
	return true;
}

static void sort_by(struct wish *w, int key)
{
	if (key == '<' && w->sort > 0)
		w->sort--;
	else if (key == '>' && w->sort + 1 < RATE_COLUMNS)
		w->sort++;
	else if (key == 'P')
		w->sort = RATE_CPU;
	else if (key == 'B')
		w->sort = RATE_BITS;
	else if (key == 'N')
		w->sort = RATE_NAME;
	else if (key == 'R')
		w->reverse = !w->reverse;
}

static void ask_delay(struct wish *w)
{
	char question[80], answer[16];

	snprintf(question, sizeof(question), "Change delay from %g s to", w->delay);
	while (screen_ask(question, answer, sizeof(answer))) {
		if (*answer == '\0' || parse_delay(answer, &w->delay))
			return;
		snprintf(question, sizeof(question), "%s is no delay from 0.1 to 3600. Delay",
			 answer);
	}
}

enum verdict { PAINT, LOOK, END };

/* What a key asks for. */
static enum verdict obey(struct wish *w, int key)
{
	if (key == SCREEN_OVER || (key == 'q' && !w->helps))
		return END;
	if (key == SCREEN_NOTHING || key == ' ' || key == '\n' || key == '\r')
		return LOOK;
	if (key == SCREEN_RESIZED)
		return PAINT;
	if (w->helps || key == 'h' || key == '?') {
		w->helps = !w->helps;
	} else if (key == 'd' || key == 's') {
		ask_delay(w);
		return LOOK;
	} else if (key == 'i') {
		w->no_idle = !w->no_idle;
	}
	sort_by(w, key);
	return PAINT;
}

static int follow(struct looks *looks, struct wish *w)
{
	uint64_t next = clock_ns() + FIRST_NS, painted = 0;
	enum verdict verdict = PAINT;

	if (!screen_open())
		return cli_error(CLI_FAILED, "top", "standard input is no terminal");
	while (verdict != END && paint(looks, w) && (!w->count || painted < w->count)) {
		verdict = obey(w, screen_key(next));
		if (verdict != LOOK)
			continue;
		look(looks);
		painted++;
		next = clock_ns() + delay_ns(w);
	}
	screen_close();
	return CLI_OK;
}

static int begin(struct wish *w)
{
	struct looks looks = { 0 };
	int result = targets_find(&looks.now, "top");

	if (result == CLI_OK && w->adapter && looks.now.count) {
		bool whole;

		if (!targets_host(&looks.now, "top", w->adapter, &whole))
			result = CLI_FAILED;
	} else if (result == CLI_OK && w->adapter) {
		targets_one(&looks.now, "top", w->adapter);
		result = CLI_FAILED;
	}
	if (result == CLI_OK && !w->json && isatty(STDOUT_FILENO) && isatty(STDIN_FILENO))
		result = follow(&looks, w);
	else if (result == CLI_OK)
		result = print_all(&looks, w);
	looks_free(&looks);
	return result;
}

static int top(int argc, char **argv)
{
	struct wish w = { .delay = 1, .sort = RATE_NAME };
	int option, result;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (option == '?' || option == ':')
			return cli_bad_option("top", argv, option);
		result = take(&w, option, optarg);
		if (result != CLI_OK)
			return result;
	}
	if (optind + 1 < argc)
		return cli_error(CLI_USAGE, "top", "%s: one adapter is expected, not more",
				 argv[optind + 1]);
	w.adapter = argv[optind];
	return begin(&w);
}

const struct cli_command cli_top = { "top", "what adapters do, by the second", help, top };
