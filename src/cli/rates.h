/* SPDX-License-Identifier: MIT */
/* What went on between two looks at the adapters, by the second. */
#ifndef CLI_RATES_H
#define CLI_RATES_H

#include "cli/client.h"

/* By the second. */
struct rates {
	double packets;  /* that the driver was given, or gave */
	double supers;   /* super-packets among them, or made of them: LSO, USO, RSC, coalesced */
	double segments; /* frames, a super-packet counted by what it divides into */
	double bits;     /* of packets, without what a wire adds */
	double drops;
	double callbacks; /* EvtAdvance */
	double cpu;       /* of the queue's thread, which others may share; 1: all of a processor */
};

struct rate_queue {
	char kind[4]; /* "tx", "rx" */
	unsigned id;
	unsigned held, size; /* elements of its packet ring: that the driver has, and all */
	struct rates rates;
};

struct rate_adapter {
	long pid;
	char name[64], state[16];
	bool link_up;
	struct rates
		rates; /* of all queues; drops also the edges' and the device's, cpu the host's */
	struct rate_queue *queues;
	size_t queue_count;
};

/* The caller's. */
struct rate_picture {
	double seconds; /* between the looks */
	struct rate_adapter *adapters;
	size_t count;
};

/*
 * rates_between() - of all adapters of @now, or the one that is meant by @name (NULL: all); one
 * that
 * @before has not has rates of 0
 * Return: false: no memory
 */
bool rates_between(struct rate_picture *picture, const struct targets *before,
		   const struct targets *now, const char *name);
void rates_free(struct rate_picture *picture);

/* rates_json() - one line of `netcx top --json` */
json_t *rates_json(const struct rate_picture *picture);

/* What the rows are ordered by, and the columns, from the left. */
enum rate_column {
	RATE_NAME,
	RATE_PACKETS,
	RATE_SUPERS,
	RATE_SEGMENTS,
	RATE_BITS,
	RATE_RING,
	RATE_DROPS,
	RATE_CALLBACKS,
	RATE_CPU,
	RATE_COLUMNS
};

/* rates_sort() - adapters, and the queues of each; numbers from the largest on unless @reverse */
void rates_sort(struct rate_picture *picture, enum rate_column by, bool reverse);

#define RATE_LINE 256 /* room for a line */

/* rates_heading() - the columns' names, or one of them */
void rates_heading(char line[static RATE_LINE]);
const char *rates_column_name(enum rate_column column);

/* rates_adapter_line(), rates_queue_line() - without a newline */
void rates_adapter_line(char line[static RATE_LINE], const struct rate_adapter *adapter);
void rates_queue_line(char line[static RATE_LINE], const struct rate_queue *queue);

#endif
