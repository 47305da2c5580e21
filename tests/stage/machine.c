/* SPDX-License-Identifier: MIT */
#include "machine.h"

int machine_set_up(void **state)
{
	struct test_machine *m = calloc(1, sizeof(*m));

	if (!m || nt_machine_init(&m->machine))
		return -1;
	journal_init(&m->journal);
	m->machine.sink = journal_sink(&m->journal);
	nt_thread_enter(&m->machine);
	*state = m;
	return 0;
}

int machine_tear_down(void **state)
{
	struct test_machine *m = *state;

	nt_thread_leave();
	nt_machine_destroy(&m->machine);
	journal_destroy(&m->journal);
	free(m);
	return 0;
}
