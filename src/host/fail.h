/* SPDX-License-Identifier: MIT */
/* What fails on purpose, for the host's main thread: host/fail.c. */
#ifndef HOST_FAIL_H
#define HOST_FAIL_H

#include "host/host.h"
#include "nt/fault.h"

/* fail_plan() - the plan that the configuration has, if any. Return: enum netcx_result. */
int fail_plan(struct netcx_host *host, struct error *error);

/* fail_unplug() - surprise removals that the plan had: their devices are unplugged */
void fail_unplug(struct netcx_host *host);

/*
 * fail_report() - the run is over: events say what has failed; of a failed run the reason does, too
 * Return: false: *error names a line of the plan that nothing came for.
 */
bool fail_report(struct netcx_host *host, struct error *error);

#endif
