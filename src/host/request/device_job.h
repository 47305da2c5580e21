/* SPDX-License-Identifier: MIT */
/* A job on an adapter's worker that ends with its new state: what device.c and sleep.c post. */
#ifndef HOST_REQUEST_DEVICE_JOB_H
#define HOST_REQUEST_DEVICE_JOB_H

#include "host/request/request.h"

/* malloc()ed, alone or as the first member of a larger job; freed by its reply. */
struct device_job {
	struct netcx_host *host;
	struct nic *nic;
	uint64_t client;
	bool flag; /* of the operation */
	char name[64];
};

void device_job_init(struct device_job *job, const struct request *r, struct port *port);

/* device_job_post() - @run a job with that flag. Return: as request_post(). */
json_t *device_job_post(const struct request *r, void (*run)(void *), bool flag);

/*
 * device_job_reply() - what became of it, with which the job ends
 * @state: of the adapter, read before the nic may be freed
 */
void device_job_reply(struct device_job *job, NTSTATUS status, const struct error *why,
		      const char *state);

#endif
