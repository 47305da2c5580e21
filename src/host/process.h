/* SPDX-License-Identifier: MIT */
/*
 * The host processes of user-mode drivers. On Windows each such device, or all of them that share
 * one, lives in a WUDFHost.exe, which a crash ends and nothing else. Here all drivers are in one
 * process; what would have ended is told.
 */
#ifndef HOST_PROCESS_H
#define HOST_PROCESS_H

#include "base/text.h"
#include "host/nic.h"

/* host_lock_for_report() - the host's lock, for somebody who may have it. Return: false: not got.
 */
bool host_lock_for_report(struct netcx_host *host);

/*
 * host_process_check() - the INF beside a driver installs it for the framework that it is compiled
 * for
 * @path: the INF
 * Return: enum netcx_result with *error filled.
 */
int host_process_check(const struct nic *nic, const char *path, struct error *error);

/* host_process_tell_of() - the same by an adapter's name */
void host_process_tell_of(struct netcx_host *host, const char *adapter, struct text *text);

/*
 * host_process_tell() - the machine's tell_end: what on Windows ends with a driver's code
 * Any thread, a signal handler, too.
 */
void host_process_tell(void *context, void *const *frames, int count, const char *adapter,
		       struct text *text);

#endif
