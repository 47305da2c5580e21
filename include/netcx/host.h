/* SPDX-License-Identifier: MIT */
/*
 * The netcx host: runs NetAdapterCx drivers inside a program of your own.
 *
 *	struct netcx_adapter_config adapter = { .driver = "./mynic.so", .stack = "tap:nic0" };
 *	struct netcx_error error;
 *	struct netcx_host *host = netcx_host_create(&(struct netcx_host_config){ 0 }, &error);
 *
 *	if (host && netcx_host_add(host, &adapter, &error) == 0)
 *		netcx_host_run(host, &error);	// until netcx_host_stop()
 *	netcx_host_destroy(host);
 *
 * Link with `pkg-config --libs netcxhost`. Drivers take the DDIs from the shared library, which has
 * to be there for all: a program that loads it itself says RTLD_GLOBAL to dlopen(). Or with
 *`pkg-config
 * --libs netcxhost-static`: the archive is one object, all of the host, and the program's own table
 * of symbols (--export-dynamic, among these flags) is where drivers find the DDIs. A driver that
 * breaks a rule which ends Windows ends the program with exit code 158 after a report on standard
 * error.
 */
#ifndef NETCX_HOST_H
#define NETCX_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

struct netcx_host;

/* What the functions below return, also good as exit codes. */
enum netcx_result {
	NETCX_OK = 0,
	NETCX_FAILED = 1, /* could not be done, or the driver failed */
	NETCX_USAGE = 2,  /* what was asked for makes no sense */
};

/* What went wrong, in one sentence for a person. Left alone on success. */
struct netcx_error {
	char text[768];
};

enum netcx_log {
	NETCX_LOG_NONE,
	NETCX_LOG_TEXT, /* a line for a person per event */
	NETCX_LOG_JSON, /* a JSON object per line */
};

/* All zero is a host that prints nothing, has no control socket and leaves signals alone. */
struct netcx_host_config {
	enum netcx_log log;
	int log_fd;   /* where to: 1 for standard output */
	bool control; /* open the control socket for netcx show, offload and events */
	/*
	 * SIGINT, SIGTERM and SIGHUP (unless ignored) stop the host, a second one ends the process
	 * (130). They are blocked in the calling thread and those it makes until
	 * netcx_host_destroy(). A crash (SIGSEGV, SIGBUS, SIGFPE, SIGILL) is reported with the
	 * driver's backtrace.
	 */
	bool signals;
	/*
	 * Seconds after which a callback that has not returned ends the process (exit code 1) with
	 * a report that names it; also how long the driver may take in all to come down. 0: never.
	 */
	unsigned watchdog;
	/*
	 * The level up to which drivers' traces (TraceLogging, WPP) are in the log and told to
	 * `event`: "critical", "error", "warning", "info", "verbose". NULL: none but errors while
	 * the adapters are started.
	 */
	const char *trace;
	/* each event as a line of JSON, on the thread that runs the host; may be NULL */
	void (*event)(void *context, const char *json);
	void *event_context;
	/*
	 * What fails on purpose, one text each, as `netcx run --fail` takes them:
	 * netcx_fail_check() says what is wrong with one. NULL and 0: nothing.
	 */
	const char *const *fail;
	size_t fail_count;
	/*
	 * The adapters are up, those that failed apart, and take commands; once, on the thread that
	 * runs the host; may be NULL. Not called when none of them comes up.
	 */
	void (*ready)(void *context);
	void *ready_context;
	/*
	 * The run begins to end: by a signal, netcx_host_stop(), or since there is nothing left to
	 * do. Once, on the thread that runs the host, with ready_context; may be NULL.
	 */
	void (*stopping)(void *context);
	/*
	 * Milliseconds from one event Statistics of each adapter to the next: what has been counted
	 * since the start, and what of the rings the driver has. 0: none.
	 */
	unsigned statistics;
};

/* Bytes of IP packet: the least IPv4 allows, and what a TAP device takes at most. */
#define NETCX_LEAST_MTU      68
#define NETCX_MOST_MTU       65521

#define NETCX_MOST_TX_QUEUES 64

/* One adapter. Copied; NULL and 0 stand for the default. */
struct netcx_adapter_config {
	const char *driver; /* path of the driver's shared object */
	const char *name;   /* default "Ethernet", then "Ethernet 2" ... */
	const char *device; /* model of the hardware, "rtl8168"; default: none */
	const char *stack;  /* "tap:NAME", "pcap:FILE", "null"; default "null" */
	const char *wire;   /* "tap:NAME[,gso]", "packet:IFACE", "pcap:FILE", "null" */
	const char *netns;  /* network namespace of the stack edge: a name or a path */
	const char *inf;    /* default: DRIVER with .inf or .inx instead of .so, if there */
	const char *os;     /* "10.0.22000", the Windows that the INF is read for; default: that of
			       the driver's version of NetAdapterCx */
	const char *mac;    /* "02:00:00:00:00:01": of the hardware; default: made up */
	unsigned code_page; /* of an INF without a byte order mark; default: 1252 */
	uint32_t mtu;       /* bytes of IP packet; default: the driver's */
	/*
	 * Transmit queues that a driver of NetAdapterCx 2.x gets at most, of those that it has; 1
	 * to 64. Default: as many as there are processors, 8 at most. One for each 802.1p priority
	 * that a driver tells apart are made in any case.
	 */
	unsigned tx_queues;
	/*
	 * Received frames of TCP go up one by one. Default: those of one round go up a TAP as
	 * super-packets.
	 */
	bool no_coalesce;
	/*
	 * Each frame of a TAP is a system call of its own. Default: what is sent together is
	 * written by one, and short frames are read by the dozen, where the kernel has io_uring
	 * and lets us have it.
	 */
	bool no_io_uring;
	/*
	 * A folder that settings live in: FOLDER/DRIVER/ADAPTER.conf is read first, and `netcx set`
	 * writes there. NULL: what is set is forgotten at the end.
	 */
	const char *settings;
	const char *const *set; /* "KEYWORD=VALUE": for this run, over the file's */
	size_t set_count;
};

/*
 * netcx_fail_check() - is it a text that `fail` may have?
 * Return: NETCX_OK, or NETCX_USAGE with *error filled.
 */
int netcx_fail_check(const char *text, struct netcx_error *error);

/* One call stack of a driver's that leads to a call, or a callback, that can fail on purpose. */
struct netcx_fail_site {
	const char *call; /* "WdfMemoryCreate", "EvtDeviceD0Entry" */
	const char *site; /* "WdfMemoryCreate#1A2B3C4D": a text for `fail`, in later runs, too */
	/* Of what has failed, and of all when `fail` has "list"; else "", as a callback's: */
	const char *in;    /* "EvtDeviceAdd+0x40" */
	const char *stack; /* "MakeRing ring.c:12 < EvtDeviceAdd device.c:99", innermost first */
	unsigned long passed, failed; /* times */
};

/* netcx_host_create() - an empty host. NULL with *error filled. */
struct netcx_host *netcx_host_create(const struct netcx_host_config *config,
				     struct netcx_error *error);

/*
 * netcx_host_add() - load a driver and plug in an adapter for it; nothing of it runs yet
 * Several adapters may share one driver. Not while the host runs.
 * Return: enum netcx_result, with *error filled.
 */
int netcx_host_add(struct netcx_host *host, const struct netcx_adapter_config *config,
		   struct netcx_error *error);

/*
 * netcx_host_add_all() - the same for several: what is wrong with one of them is found, as far as
 * that goes, before an edge or device of any is made; on failure none of them is added
 * Return: likewise; *error begins with the adapter's name, if it has one.
 */
int netcx_host_add_all(struct netcx_host *host, const struct netcx_adapter_config *configs,
		       size_t count, struct netcx_error *error);

/*
 * netcx_host_run() - bring all adapters up, run, and take them down again
 * Returns when netcx_host_stop() was called, a signal came (if asked for), every finite stack edge
 * (pcap) has been sent and no other adapter has a stack, or all adapters were removed or failed
 * for good: the driver failed, or an edge's device was deleted. Of several adapters one that fails
 * leaves the others alone: an event AdapterFailed tells of it at once, and what is returned at the
 * end. Once per host.
 * Return: enum netcx_result, with *error filled.
 */
int netcx_host_run(struct netcx_host *host, struct netcx_error *error);

/*
 * netcx_host_fail_sites() - what came by so far of what can fail on purpose, in that order
 * For a host with `fail`; any thread. @visit: not to call the host
 */
void netcx_host_fail_sites(struct netcx_host *host,
			   void (*visit)(void *context, const struct netcx_fail_site *site),
			   void *context);

/* netcx_host_stop() - ask netcx_host_run() to return; any thread, also a signal handler. */
void netcx_host_stop(struct netcx_host *host);

/* netcx_host_destroy() - free everything; NULL is nothing. Not while the host runs. */
void netcx_host_destroy(struct netcx_host *host);

/* netcx_device_models() - what `device` may be, ended by NULL. */
const char *const *netcx_device_models(void);

/* netcx_version() - of this build: three numbers with dots. */
const char *netcx_version(void);

/*
 * netcx_api_versions() - the versions of NetAdapterCx that drivers may be written for: "1.3"
 * @text, @size: room for it, 64 bytes are enough
 * Return: @text.
 */
const char *netcx_api_versions(char *text, size_t size);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
