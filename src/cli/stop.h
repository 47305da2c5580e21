/* SPDX-License-Identifier: MIT */
/* A command that ends by a signal when all is said and tidied up. */
#ifndef CLI_STOP_H
#define CLI_STOP_H

#include <stdbool.h>

/* Set with the signal, for who waits for a pipe that nobody empties. */
extern _Atomic bool stop_waiting;

/*
 * stop_catch() - from now on SIGINT and SIGTERM only ask to end; a second one ends the process at
 * once. A file that may not grow any more is an error of write(2).
 */
void stop_catch(void);

/* stop_note() - for a handler of somebody's own: such a signal has come */
void stop_note(int number);

/* stop_asked() - has one come? */
bool stop_asked(void);

/* stop_end() - when one has come: end as it would have ended us, else nothing */
void stop_end(void);

#endif
