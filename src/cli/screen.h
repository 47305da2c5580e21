/* SPDX-License-Identifier: MIT */
/*
 * A terminal as a command that repaints it needs it: keys one by one, its size, what was on it
 * before when the command ends, also by a signal. ECMA-48, as all terminals of today have it.
 */
#ifndef CLI_SCREEN_H
#define CLI_SCREEN_H

#include <stdbool.h>

/* screen_open() - Return: false when there is no terminal at standard input and output */
bool screen_open(void);
void screen_close(void);

/* screen_begin() - paint anew from the top; screen_end() - what is below goes */
void screen_begin(void);
void screen_end(void);

enum screen_look { SCREEN_PLAIN, SCREEN_BOLD, SCREEN_REVERSE };

/* screen_line() - the next line, cut at the right edge. Return: false: there is no more room. */
bool screen_line(enum screen_look look, const char *text);

/* Beside the bytes of keys. */
#define SCREEN_NOTHING 0  /* the time is up */
#define SCREEN_RESIZED -1 /* another size: paint */
#define SCREEN_OVER    -2 /* a signal has asked for the end, or nobody types any more */

/* screen_key() - wait for one. @until: CLOCK_MONOTONIC, nanoseconds */
int screen_key(unsigned long long until);

/*
 * screen_ask() - a line from the user, below what is painted
 * Return: false when he gave up (escape) or it is over
 */
bool screen_ask(const char *question, char *answer, unsigned room);

#endif
