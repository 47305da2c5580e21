/* SPDX-License-Identifier: MIT */
/*
 * One process' worth of drivers and adapters. Three kinds of threads meet here:
 *  - the main thread runs the loop: signals, control socket, log, what the stack edges report;
 *  - the system worker loads and unloads drivers, and each adapter's worker runs its PnP, power
 *    and offload callbacks;
 *  - the datapath's queue threads, which only ever set a flag here and wake the main thread.
 */
#ifndef HOST_HOST_H
#define HOST_HOST_H

#include <netcx/host.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "base/error.h"
#include "control/events.h"
#include "control/log.h"
#include "control/loop.h"
#include "control/server.h"
#include "load/loader.h"
#include "nt/machine.h"
#include "nt/violation.h"
#include "nt/worker.h"

struct edge;
struct nic;
struct nt_watchdog;

/* One driver, shared by all adapters that name it. */
struct host_driver {
	struct host_driver *next;
	char name[64]; /* "rtl8168": the file's name without .so */
	char *path;
	struct loader_image image;
	struct nt_reg_key *parameters; /* the service's key */
	struct wdf_driver *wdf;        /* the system worker's; NULL until DriverEntry has run */
	NTSTATUS status;               /* of a DriverEntry that failed */
};

enum host_phase {
	HOST_CREATED,
	HOST_STARTING, /* bring_up() runs on the system worker */
	HOST_RUNNING,
	HOST_STOPPING, /* take_down() runs on the system worker */
	HOST_STOPPED,
};

/* What happened on other threads: set there, taken by the main thread after a wake-up. */
#define HOST_NEWS_STARTED  1u /* all adapters are up, or one failed */
#define HOST_NEWS_STOPPED  2u
#define HOST_NEWS_STOP     4u   /* netcx_host_stop() */
#define HOST_NEWS_FINISHED 8u   /* a finite stack edge has ended */
#define HOST_NEWS_FAILED   16u  /* an adapter cannot go on (nic_fail()) */
#define HOST_NEWS_STACK    32u  /* a stack edge may have changes, or wants the carrier set */
#define HOST_NEWS_REPLY    64u  /* `replies` is not empty */
#define HOST_NEWS_REMOVED  128u /* an adapter was unplugged */
#define HOST_NEWS_DEVICE   256u /* a driver called WdfDeviceSetFailed */
#define HOST_NEWS_UNPLUG   512u /* a device was removed on purpose (fail.c) */

struct netcx_host {
	struct netcx_host_config config;
	struct nt_machine machine;
	struct events events;
	struct loop loop;
	struct host_log log;
	struct control control;
	struct loop_source wake, signals;
	struct nt_worker *system;
	struct nt_watchdog *watchdog; /* while it runs; NULL: nobody asked for one */
	struct host_driver *drivers;
	struct nic *nics;      /* the list changes under `lock`; the main thread reads it without */
	enum host_phase phase; /* the main thread's */
	bool stopping;         /* the main thread has decided to end */
	uint64_t stopping_since; /* CLOCK_MONOTONIC, nanoseconds */
	/* The first signal: its number (0: none yet), where it came from (si_code), and when. */
	int signal, signal_code;
	uint64_t signal_at; /* CLOCK_MONOTONIC, nanoseconds */
	sigset_t old_signals;
	uint64_t statistics_at; /* when the next event Statistics is due; the main thread's */
	uint64_t event_cursor;  /* of config.event */
	struct host_postponed *postponed; /* the main thread's */
	bool machine_made, events_made;
	bool several; /* adapters were added: one that fails is named, and leaves the others alone
		       */

	_Atomic uint32_t news;
	pthread_mutex_t lock; /* what follows */
	bool failed;
	struct error failure;       /* of all adapters that failed, in that order */
	struct host_reply *replies; /* to control clients, from workers */
};

/* ---- news.c ---- */
/* host_news() - wake the main thread; any thread, also a signal handler. */
void host_news(struct netcx_host *host, uint32_t news);

/*
 * nic_fail() - the adapter cannot go on, for the reason given; the first one counts until a restart
 * The main thread takes it out of the run, and ends the run with the last of them. Any thread.
 */
void nic_fail(struct nic *nic, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* nic_edge_lost() - it cannot go on without its @edge; @error: a positive errno. Any thread. */
void nic_edge_lost(struct nic *nic, const struct edge *edge, int error);

/* nic_given_up() - has it failed, without a restart since? */
bool nic_given_up(struct nic *nic);

/* nic_try_again() - a restart is about to undo the failure. Return: false: it has lost an edge. */
bool nic_try_again(struct nic *nic);

/* host_failed() - any adapter, at any time: the run was no success. */
bool host_failed(struct netcx_host *host);

/* ---- request/reply.c ---- */
/* host_reply() - a late answer to a control client; @reply is taken over. Any thread. */
void host_reply(struct netcx_host *host, uint64_t client, json_t *reply);

/* host_send_replies() - the main thread's part of it. */
void host_send_replies(struct netcx_host *host);
/* host_drop_reply() - the first of them goes unsent; at the host's end. */
void host_drop_reply(struct netcx_host *host);

/* ---- request/postponed.c: of clients that were early; all on the main thread ---- */
/* host_postpone() - keep a request until the adapters are up. Return: false: no memory. */
bool host_postpone(struct netcx_host *host, uint64_t client, json_t *request);
/* host_take_postponed() - they are: the requests take their way. */
void host_take_postponed(struct netcx_host *host);
/* host_expire_postponed() - those that have waited too long are told so. */
void host_expire_postponed(struct netcx_host *host);
/* host_drop_postponed() - at the host's end: nobody is left to be told. */
void host_drop_postponed(struct netcx_host *host);

/* ---- host.c ---- */
/* host_tell() - give a result of the public API: unless it is NETCX_OK, with the words for it. */
int host_tell(struct netcx_error *to, int result, const struct error *error);

/* host_listen() - providers are told who listens; the main thread, after anything of that changed
 */
void host_listen(struct netcx_host *host);

/* ---- hang.c ---- */
/* hang_watch() - callbacks that hang end the process from now on. Return: enum netcx_result. */
int hang_watch(struct netcx_host *host, struct error *error);
void hang_unwatch(struct netcx_host *host);
/* hang_hurry() - the end has begun: less patience with callbacks. */
void hang_hurry(struct netcx_host *host);
/* hang_check_end() - the end takes that long already: enough? Then the process ends here. */
void hang_check_end(struct netcx_host *host, uint64_t waited_ms);

/* ---- host.c ---- */
struct cx_rx_packet;

/* What an adapter gets instead of edges by their text. */
struct host_edges {
	struct edge *stack,
		*wire; /* the adapter's own once it is plugged in; wire NULL: no device */
	/* as dp_config has them */
	uint32_t tx_fragment_size;
	void (*received)(void *listener, unsigned queue, const struct cx_rx_packet *packet);
	void *listener;
};

/*
 * host_add_on_edges() - netcx_host_add_all() with edges that are open already
 * @edges: one for each of @configs, whose `stack` and `wire` do not count
 */
int host_add_on_edges(struct netcx_host *host, const struct netcx_adapter_config *configs,
		      const struct host_edges *edges, size_t count, struct error *error);

/* ---- setup.c ---- */
struct host_driver *host_driver_find(struct netcx_host *host, const char *path,
				     struct error *error);
void host_driver_free(struct host_driver *driver);

/* ---- life.c: bring_up and take_down, on the system worker ---- */
void host_bring_up(void *host);
void host_take_down(void *host);

/* ---- request/trace.c ---- */
/* host_followers() - another number of clients follows the events */
void host_followers(void *host, unsigned count);

/* ---- statistics.c ---- */
/*
 * host_tell_statistics() - the event Statistics of each adapter, when it is due; the main thread
 * @wait_ms: how long the loop would wait else; -1: for ever
 * Return: how long it may wait
 */
int host_tell_statistics(struct netcx_host *host, int wait_ms);
/* host_put_statistics() - the same now, where they are wanted at all; the main thread */
void host_put_statistics(struct netcx_host *host);

/* ---- request/capture.c ---- */
/* host_client_gone() - a control client has ended, and so its capture; the main thread */
void host_client_gone(void *host, uint64_t client);

/* ---- request/request.c: for the control socket, on the main thread ---- */
json_t *host_request(void *host, uint64_t client, json_t *request);

#endif
