/* SPDX-License-Identifier: MIT */
/* Requests of the control socket, split by what they are about. */
#ifndef HOST_REQUEST_REQUEST_H
#define HOST_REQUEST_REQUEST_H

#include "host/nic.h"

/* One request, while it is read on the main thread. */
struct request {
	struct netcx_host *host;
	uint64_t client;
	json_t *json;
	const char *adapter; /* its "adapter", or NULL */
};

/* request_port() - the adapter that is meant, or the only one. NULL with *error set. */
struct port *request_port(const struct request *r, json_t **error);

/*
 * request_post() - run a job on the adapter's worker, where the reply comes from
 * @job: malloc()ed; NULL, a failure to post and a host that does not run are replied to
 * Return: NULL, or the reply that is an error; then @job was freed.
 */
json_t *request_post(const struct request *r, struct nic *nic, void (*run)(void *job), void *job);

/* request_number() - an optional whole number. Return: NULL, or what is wrong with it. */
json_t *request_number(const struct request *r, const char *member, json_int_t most,
		       json_int_t *number);

/* request_bool() - likewise; absent is false. */
json_t *request_bool(const struct request *r, const char *member, bool *value);

/* The operations. Return: the reply, or NULL when it comes later. */
json_t *request_oid(const struct request *r);     /* oid.c */
json_t *request_trace(const struct request *r);   /* trace.c */
json_t *request_capture(const struct request *r); /* capture.c */
json_t *request_set(const struct request *r);     /* device.c */
json_t *request_restart(const struct request *r);
json_t *request_remove(const struct request *r);
json_t *request_link(const struct request *r);
json_t *request_sleep(const struct request *r); /* sleep.c */
json_t *request_wake(const struct request *r);

#endif
