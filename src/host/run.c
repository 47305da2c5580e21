/* SPDX-License-Identifier: MIT */
/* netcx_host_run(): the main thread from the first callback to the last. */
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "host/fail.h"
#include "host/nic.h"

/* How long a driver may take to come up or down before the user is told what is waited for. */
#define PATIENCE_MS 5000
#define TICK_MS     500
/* How long the same signal again is the same wish. */
#define ONE_WISH_MS 150

static void feed(struct netcx_host *host)
{
	char line[EVENT_SIZE];

	log_feed(&host->log);
	control_feed(&host->control);
	while (host->config.event &&
	       (host->log.traces ? events_get(&host->events, &host->event_cursor, line)
				 : events_get_but_traces(&host->events, &host->event_cursor, line)))
		host->config.event(host->config.event_context, line);
}

static void take_down(struct netcx_host *host)
{
	host->phase = HOST_STOPPING;
	if (nt_worker_post(host->system, host_take_down, host) != 0)
		nt_worker_call(host->system, host_take_down, host);
}

/* Ends the run: at once when up, else as soon as coming up has ended. */
static void stop(struct netcx_host *host)
{
	if (!host->stopping && host->config.stopping)
		host->config.stopping(host->config.ready_context);
	if (!host->stopping)
		host_put_statistics(host);
	host->stopping = true;
	host->stopping_since = clock_ns();
	for (struct nic *nic = host->nics; nic; nic = nic->next) {
		edge_stop(nic->first.stack);
		if (nic->wire)
			edge_stop(nic->wire);
	}
	hang_hurry(host);
	if (host->phase == HOST_RUNNING)
		take_down(host);
}

/* Somebody may still use it: there is more in its capture, or a network device in front of it. */
static bool is_busy(struct nic *nic)
{
	const struct edge *stack = nic->first.stack;

	if (nic_given_up(nic))
		return false;
	return stack->finite ? !atomic_load(&nic->finished) : stack->change_fd >= 0;
}

/*
 * All adapters have failed or are gone; or the captures have been sent, and what is left beside
 * them has no stack that would send more.
 */
static bool is_done(struct netcx_host *host)
{
	bool finite = false, left = false;

	for (struct nic *nic = host->nics; nic; nic = nic->next) {
		if (is_busy(nic))
			return false;
		finite |= nic->first.stack->finite;
		left |= !nic_given_up(nic);
	}
	return !left || (finite && host->phase == HOST_RUNNING);
}

static void sum_up_finished(struct netcx_host *host)
{
	for (struct nic *nic = host->nics; nic; nic = nic->next) {
		if (nic->first.stack->finite && atomic_load(&nic->finished) && !nic->summed_up)
			nic_sum_up(nic);
	}
}

/* Takes the failed ones out of a run that goes on. */
static void part_with_failed(struct netcx_host *host)
{
	for (struct nic *nic = host->nics; nic; nic = nic->next) {
		bool to_part;

		pthread_mutex_lock(&host->lock);
		to_part = nic->to_part;
		nic->to_part = false;
		pthread_mutex_unlock(&host->lock);
		if (!to_part)
			continue;
		edge_stop(nic->first.stack);
		if (nic->wire)
			edge_stop(nic->wire);
		nt_worker_post(nic->worker, nic_part, nic);
	}
}

/* Adapters that were unplugged are freed; with the last of them the host has nothing to do. */
static void free_removed(struct netcx_host *host)
{
	struct nic **at = &host->nics, *nic;
	bool removed;

	while ((nic = *at)) {
		pthread_mutex_lock(&nic->lock);
		removed = nic->state == NIC_REMOVED;
		pthread_mutex_unlock(&nic->lock);
		if (!removed) {
			at = &nic->next;
			continue;
		}
		pthread_mutex_lock(&host->lock);
		*at = nic->next;
		pthread_mutex_unlock(&host->lock);
		if (nic->changes.fd >= 0)
			loop_remove(&host->loop, &nic->changes);
		nic_finish_wire(nic);
		nic_destroy(nic);
	}
}

/* A device whose driver called WdfDeviceSetFailed is looked at on its own thread. */
static void check_failures(struct netcx_host *host)
{
	for (struct nic *nic = host->nics; nic && host->phase == HOST_RUNNING; nic = nic->next) {
		if (atomic_exchange(&nic->failure_seen, false))
			nt_worker_post(nic->worker, nic_check_failed, nic);
	}
}

/* Not when all have failed: then the run ends without ever having been ready. */
static void tell_ready(struct netcx_host *host)
{
	for (struct nic *nic = host->nics; nic && host->config.ready; nic = nic->next) {
		if (!nic_given_up(nic)) {
			host->config.ready(host->config.ready_context);
			return;
		}
	}
}

static void woken(struct loop_source *source, uint32_t events)
{
	struct netcx_host *host = source->context;
	uint64_t count;
	uint32_t news;

	(void)events;
	if (read(source->fd, &count, sizeof(count)) < 0)
		return;
	news = atomic_exchange(&host->news, 0);
	if (news & HOST_NEWS_STARTED) {
		/* What was traced at the start is told as such. */
		feed(host);
		host->phase = HOST_RUNNING;
		host_listen(host);
		if (host->stopping)
			stop(host);
		else
			tell_ready(host);
		host_take_postponed(host);
	}
	if (news & (HOST_NEWS_STARTED | HOST_NEWS_STACK)) {
		for (struct nic *nic = host->nics; nic; nic = nic->next)
			stack_poll(nic);
	}
	if ((news & HOST_NEWS_REMOVED) && host->phase == HOST_RUNNING)
		free_removed(host);
	if (news & (HOST_NEWS_STARTED | HOST_NEWS_DEVICE))
		check_failures(host);
	if (news & (HOST_NEWS_STARTED | HOST_NEWS_UNPLUG))
		fail_unplug(host);
	if ((news & (HOST_NEWS_STARTED | HOST_NEWS_FINISHED)) && !host->stopping &&
	    host->phase == HOST_RUNNING)
		sum_up_finished(host);
	if (!host->stopping && ((news & HOST_NEWS_STOP) || is_done(host)))
		stop(host);
	if ((news & HOST_NEWS_FAILED) && !host->stopping)
		part_with_failed(host);
	if (news & HOST_NEWS_REPLY)
		host_send_replies(host);
	if (news & HOST_NEWS_STOPPED)
		host->phase = HOST_STOPPED;
	feed(host);
}

/*
 * timeout(1) signals its child, and then the group that the child is in; sudo and others pass on
 * what came to them and to us alike. Keys pressed twice at a terminal are meant twice.
 */
static bool is_same_wish(const struct netcx_host *host, const struct signalfd_siginfo *info)
{
	return (int)info->ssi_signo == host->signal &&
	       clock_ns() - host->signal_at < ONE_WISH_MS * NS_PER_MS &&
	       !(info->ssi_code == SI_KERNEL && host->signal_code == SI_KERNEL);
}

static void signalled(struct loop_source *source, uint32_t events)
{
	struct netcx_host *host = source->context;
	struct signalfd_siginfo info;

	(void)events;
	if (read(source->fd, &info, sizeof(info)) != sizeof(info))
		return;
	if (host->signal && is_same_wish(host, &info))
		return;
	if (host->signal) {
		control_unlink(&host->control);
		log_finish(&host->log, 200);
		dprintf(STDERR_FILENO, "netcx: stopped at once, the driver was not waited for\n");
		_exit(130);
	}
	host->signal = (int)info.ssi_signo;
	host->signal_code = info.ssi_code;
	host->signal_at = clock_ns();
	if (!host->stopping)
		stop(host);
}

static void stack_ready(struct loop_source *source, uint32_t events)
{
	struct nic *nic = source->context;

	(void)events;
	stack_poll(nic);
	/* A device that is gone stays readable for ever. */
	if (atomic_load(&nic->edge_gone)) {
		loop_remove(&nic->host->loop, source);
		source->fd = -1;
	}
}

static int watch(struct netcx_host *host)
{
	int result;

	host->wake.ready = woken;
	host->wake.context = host;
	host->signals.ready = signalled;
	host->signals.context = host;
	result = loop_add(&host->loop, &host->wake, EPOLLIN);
	if (result == 0 && host->signals.fd >= 0)
		result = loop_add(&host->loop, &host->signals, EPOLLIN);
	for (struct nic *nic = host->nics; nic && result == 0; nic = nic->next) {
		nic->changes =
			(struct loop_source){ nic->first.stack->change_fd, stack_ready, nic };
		if (nic->changes.fd >= 0)
			result = loop_add(&host->loop, &nic->changes, EPOLLIN);
	}
	return result;
}

static void unwatch(struct netcx_host *host)
{
	for (struct nic *nic = host->nics; nic; nic = nic->next) {
		if (nic->changes.fd >= 0)
			loop_remove(&host->loop, &nic->changes);
		nic->changes.fd = -1;
	}
	loop_remove(&host->loop, &host->wake);
	if (host->signals.fd >= 0)
		loop_remove(&host->loop, &host->signals);
}

static void open_control(struct netcx_host *host)
{
	const struct control_ops ops = { .request = host_request,
					 .followers = host_followers,
					 .closed = host_client_gone,
					 .context = host };
	struct error why;

	if (!host->config.control)
		return;
	/* Without it all works but the commands that reach a running host: told, not fatal. */
	if (control_open(&host->control, &host->loop, &host->events, &ops, &why) < 0)
		EVENTS_PUT(&host->events, NT_EVENT_LOG, "", "Warning", NT_TEXT("text", why.text));
}

/* Told once: what a user who pressed Ctrl-C waits for. In the end it is waited for no longer. */
static void report_slow_end(struct netcx_host *host, bool *told)
{
	uint64_t waited = (clock_ns() - host->stopping_since) / 1000000;

	hang_check_end(host, waited);
	if (*told || waited < PATIENCE_MS)
		return;
	*told = true;
	EVENTS_PUT(
		&host->events, NT_EVENT_LOG, "", "Waiting",
		NT_TEXT("text",
			host->phase == HOST_STARTING
				? "the driver has not come up yet; a second Ctrl-C ends without waiting"
				: "the driver has not returned everything yet; a second Ctrl-C ends without waiting"));
}

static int run(struct netcx_host *host, struct error *error)
{
	bool told = false, planned;
	int result;

	if (host->phase != HOST_CREATED)
		return error_number(error, NETCX_USAGE, "the host has run already");
	if (!host->nics)
		return error_number(error, NETCX_USAGE, "the host has no adapter");
	result = watch(host);
	if (result < 0) {
		unwatch(host);
		return error_number(error, NETCX_FAILED, "cannot start: %s", strerror(-result));
	}
	result = hang_watch(host, error);
	if (result != NETCX_OK) {
		unwatch(host);
		return result;
	}
	open_control(host);
	host->phase = HOST_STARTING;
	if (nt_worker_post(host->system, host_bring_up, host) != 0)
		nt_worker_call(host->system, host_bring_up, host);

	while (host->phase != HOST_STOPPED) {
		int wait = host->stopping || host->postponed ? TICK_MS : -1;

		loop_once(&host->loop, host_tell_statistics(host, wait));
		host_expire_postponed(host);
		if (host->stopping && host->phase != HOST_STOPPED)
			report_slow_end(host, &told);
	}
	hang_unwatch(host);
	host_drop_postponed(host);
	for (struct nic *nic = host->nics; nic; nic = nic->next)
		nic_finish_wire(nic);
	planned = fail_report(host, error);
	feed(host);
	control_close(&host->control);
	log_finish(&host->log, 1000);
	unwatch(host);

	if (!host_failed(host))
		return planned ? NETCX_OK : NETCX_FAILED;
	return error_number(error, NETCX_FAILED, "%s", host->failure.text);
}

int netcx_host_run(struct netcx_host *host, struct netcx_error *error)
{
	struct error why = { "" };

	return host_tell(error, run(host, &why), &why);
}
