/* SPDX-License-Identifier: MIT */
/* A picture of a run: panels below each other that share the axis of time, and marks through them.
 */
#ifndef CLI_PLOT_H
#define CLI_PLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"

#define PLOT_LINES   6u  /* of a panel */
#define PLOT_BUCKETS 16u /* of a panel of bars */
#define PLOT_PANELS  3u

#define PLOT_GAP     (-1.0) /* a y: nothing is there, and the line is interrupted */

struct plot_point {
	double x, y; /* seconds; the panel's unit */
};

struct plot_line {
	char name[48];
	struct plot_point *points; /* by x */
	size_t count, room;
	double bars[PLOT_BUCKETS]; /* instead, in a panel of bars */
};

struct plot_panel {
	char title[96], unit[24];
	struct plot_line lines[PLOT_LINES];
	size_t line_count;
	double top;   /* the axis' end, when it is not what the values need; 0: that */
	double least; /* where a logarithmic axis begins; 0: it is linear and begins with 0 */
	/* Of bars: how many there are, and what is below each. */
	size_t bucket_count;
	char buckets[PLOT_BUCKETS][16];
};

/* Something that happened at one time. */
struct plot_mark {
	double x;
	bool offload; /* a change of the offloads: what a reader looks for */
	char of[64];  /* an adapter's name, or a driver's */
	char text[200];
};

/* The caller's; plot_free(). */
struct plot {
	char title[200];
	double begin, end; /* of the axis of time, seconds */
	struct plot_panel panels[PLOT_PANELS];
	size_t panel_count;
	struct plot_mark *marks; /* by x */
	size_t mark_count, mark_room;
};

void plot_free(struct plot *plot);

/* plot_panel(), plot_line() - one more, there is room; @name: UTF-8, kept */
struct plot_panel *plot_panel(struct plot *plot, const char *title, const char *unit);
struct plot_line *plot_line(struct plot_panel *panel, const char *name);
/* plot_add(), plot_mark() - Return: false: no memory */
bool plot_add(struct plot_line *line, double x, double y);
struct plot_mark *plot_mark(struct plot *plot, double x);

/*
 * plot_read_run() - of a run's events, as `netcx run --log json --statistics S` prints them
 * @adapter: whose; NULL: of the first that has statistics
 * plot_read_capture() - of a capture file, pcap or pcapng
 * Return: false after error_set(), without the file's name.
 */
bool plot_read_run(struct plot *plot, FILE *file, const char *adapter, struct error *error);
bool plot_read_capture(struct plot *plot, FILE *file, struct error *error);

/* plot_write() - as SVG 1.1. Return: false and errno */
bool plot_write(const struct plot *plot, FILE *file);

#endif
