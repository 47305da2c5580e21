/* SPDX-License-Identifier: MIT */
/*
 * What happened, in order, as lines of text: the machine's events, what a driver and the stage's
 * host write down. Any thread.
 */
#ifndef TESTS_STAGE_JOURNAL_H
#define TESTS_STAGE_JOURNAL_H

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

#include "nt/event.h"

#define JOURNAL_LINES 4096 /* what comes then is not kept */

struct journal {
	pthread_mutex_t lock;
	char *lines[JOURNAL_LINES];
	int count;
};

void journal_init(struct journal *journal);
void journal_destroy(struct journal *journal);

/*
 * journal_sink() - for nt_machine.sink: each event is a line "event OBJECT NAME field=value ...",
 * numbers in decimal, an NTSTATUS as eight hexadecimal digits, without durations
 */
struct nt_event_sink journal_sink(struct journal *journal);

void journal_line(struct journal *journal, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void journal_forget(struct journal *journal);

/* journal_print() - all of it, each line after "line: " */
void journal_print(struct journal *journal, FILE *to);

/* Return: index of the first line equal to or (with *) beginning with @text; -1: none. */
int journal_find(struct journal *journal, const char *text);
int journal_count(struct journal *journal, const char *text);
/* Is @text in any line? */
bool journal_tells(struct journal *journal, const char *text);

/* The lines that begin with neither "event " nor "host " are exactly these; NULL ends the list. */
void journal_assert_calls(struct journal *journal, const char *first, ...)
	__attribute__((sentinel));
/* These lines are there in this order, others may lie between. */
void journal_assert_order(struct journal *journal, const char *first, ...)
	__attribute__((sentinel));

#endif
