/* SPDX-License-Identifier: MIT */
#include "cli/stop.h"

#include <signal.h>
#include <stdatomic.h>

_Atomic bool stop_waiting;
static volatile sig_atomic_t stopped; /* the signal's number */

void stop_note(int number)
{
	stopped = number;
	atomic_store(&stop_waiting, true);
}

/* A read that waits is to end, so no SA_RESTART. */
void stop_catch(void)
{
	struct sigaction action = { .sa_handler = stop_note, .sa_flags = (int)SA_RESETHAND };

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGXFSZ, SIG_IGN);
}

bool stop_asked(void)
{
	return stopped;
}

void stop_end(void)
{
	int number = stopped;

	if (!number)
		return;
	signal(number, SIG_DFL);
	raise(number);
}
