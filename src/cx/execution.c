/* SPDX-License-Identifier: MIT */
/*
 * The thread of an execution. Who is in it is a list of its own; arrivals wait in another one under
 * the lock, so that a round asks for nothing but one flag.
 */
#include "cx/execution.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "nt/callback.h"
#include "nt/deadlock.h"
#include "nt/event.h"
#include "nt/machine.h"

/* How often a queue that is to end is looked at, when its driver does not tell. */
#define CANCELLED_MS 1

/* What is owed to another execution: more rounds are its own thread's. */
#define ROUNDS_OWED 64

/* Rounds without a sleep, in which nobody asks the fds of the queues that have nothing to do. */
#define AWAKE_MOST 16

int cx_execution_init(struct cx_execution *execution, struct nt_machine *machine, const char *name,
		      const struct cx_execution_ops *ops)
{
	*execution = (struct cx_execution){ .ops = ops, .machine = machine };
	snprintf(execution->name, sizeof(execution->name), "%s", name);
	pthread_mutex_init(&execution->lock, NULL);
	pthread_mutex_init(&execution->turn, NULL);
	clock_condition_init(&execution->left);
	execution->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return execution->wake_fd < 0 ? -errno : 0;
}

void cx_execution_destroy(struct cx_execution *execution)
{
	if (execution->wake_fd >= 0)
		close(execution->wake_fd);
	execution->wake_fd = -1;
	pthread_cond_destroy(&execution->left);
	pthread_mutex_destroy(&execution->turn);
	pthread_mutex_destroy(&execution->lock);
}

void cx_execution_wake(struct cx_execution *execution)
{
	uint64_t one = 1;

	/* EAGAIN means that the counter is full: the sleeper will wake all the same. */
	if (write(execution->wake_fd, &one, sizeof(one)) < 0 && errno != EAGAIN)
		nt_log("", "%s: eventfd: errno %d", execution->name, errno);
}

/* Its thread looks at the flag before it sleeps, once it has said that it does. */
static void raise_flag(struct cx_execution *execution, _Atomic bool *flag)
{
	atomic_store(flag, true);
	if (atomic_load(&execution->sleeping))
		cx_execution_wake(execution);
}

/* Whose thread it is; NULL: nobody's, or one that shares its processor with nobody. */
static _Thread_local struct cx_execution *current;

/*
 * Return: false when its own thread is to be woken. Debts are settled behind the round in which
 * they were made, so none are made elsewhere: not in a task, which may wait for what it tells of,
 * nor in another's round, who would be visited by way of this one for ever.
 */
static bool owe(struct cx_execution *execution)
{
	if (!current || !execution->shares)
		return false;
	/* Who visits it looks once more in the end. */
	if (current->visits)
		return current->visits == execution;
	if (!current->in_round)
		return false;
	for (unsigned i = 0; i < current->owed_count; i++)
		if (current->owed[i] == execution)
			return true;
	if (current->owed_count == CX_EXECUTION_OWED)
		return false;
	pthread_mutex_lock(&execution->lock);
	execution->creditors++;
	pthread_mutex_unlock(&execution->lock);
	current->owed[current->owed_count++] = execution;
	return true;
}

void cx_execution_notify(struct cx_execution *execution)
{
	atomic_store(&execution->notified, true);
	if (atomic_load(&execution->sleeping) && !owe(execution))
		cx_execution_wake(execution);
}

void cx_execution_call_tasks(struct cx_execution *execution)
{
	raise_flag(execution, &execution->tasks);
}

bool cx_execution_here(const struct cx_execution *execution)
{
	const struct nt_thread *self = nt_waits_self();

	return self && self == execution->self;
}

/* ---- who is in it ---- */

int cx_execution_add(struct cx_execution *execution, struct cx_poll *poll)
{
	pthread_mutex_lock(&execution->lock);
	if (execution->count == CX_EXECUTION_POLLS) {
		pthread_mutex_unlock(&execution->lock);
		return -E2BIG;
	}
	execution->count++;
	atomic_store(&poll->leaving, false);
	poll->listed = true;
	poll->next = execution->arriving;
	execution->arriving = poll;
	pthread_mutex_unlock(&execution->lock);
	raise_flag(execution, &execution->changed);
	return 0;
}

void cx_execution_remove(struct cx_execution *execution, struct cx_poll *poll)
{
	atomic_store(&poll->leaving, true);
	raise_flag(execution, &execution->changed);
}

/* The driver's callbacks on its thread may wait for whoever waits here. */
void cx_execution_await(struct cx_execution *execution, const struct cx_poll *poll)
{
	pthread_mutex_lock(&execution->lock);
	while (poll->listed) {
		if (clock_wait(&execution->left, &execution->lock, clock_ns() + NT_WAITS_NS))
			continue;
		pthread_mutex_unlock(&execution->lock);
		nt_waits_for(execution->self, "the stop of a packet queue");
		pthread_mutex_lock(&execution->lock);
	}
	pthread_mutex_unlock(&execution->lock);
	nt_waits_over();
}

static void begin(struct cx_execution *execution, struct cx_poll *poll)
{
	struct cx_poll **last = &execution->polls;

	while (*last)
		last = &(*last)->next;
	*last = poll;
	poll->next = NULL;
	poll->state = CX_POLL_RUNNING;
	poll->ops->begin(poll);
}

static void take_in(struct cx_execution *execution)
{
	struct cx_poll *newest, *oldest = NULL;

	pthread_mutex_lock(&execution->lock);
	newest = execution->arriving;
	execution->arriving = NULL;
	pthread_mutex_unlock(&execution->lock);
	while (newest) {
		struct cx_poll *next = newest->next;

		newest->next = oldest;
		oldest = newest;
		newest = next;
	}
	while (oldest) {
		struct cx_poll *next = oldest->next;

		begin(execution, oldest);
		oldest = next;
	}
}

static void cancel_leaving(struct cx_execution *execution)
{
	for (struct cx_poll *poll = execution->polls; poll; poll = poll->next) {
		if (poll->state != CX_POLL_RUNNING || !atomic_load(&poll->leaving))
			continue;
		poll->state = CX_POLL_CANCELLED;
		execution->cancelled++;
		poll->ops->cancel(poll);
	}
}

static void let_go(struct cx_execution *execution, struct cx_poll *poll)
{
	poll->state = CX_POLL_IDLE;
	execution->cancelled--;
	pthread_mutex_lock(&execution->lock);
	execution->count--;
	poll->listed = false;
	pthread_cond_broadcast(&execution->left);
	pthread_mutex_unlock(&execution->lock);
}

/* Those that have everything back. Once let go, a poll may be gone. */
static void end_empty(struct cx_execution *execution)
{
	struct cx_poll **at = &execution->polls;

	while (*at) {
		struct cx_poll *poll = *at;

		if (poll->state != CX_POLL_CANCELLED || !poll->ops->empty(poll)) {
			at = &poll->next;
			continue;
		}
		*at = poll->next;
		poll->ops->end(poll);
		let_go(execution, poll);
	}
}

/* Return: false when the thread is to end. */
static bool look_who_is_there(struct cx_execution *execution)
{
	bool ending = false;

	if (atomic_exchange(&execution->changed, false)) {
		take_in(execution);
		cancel_leaving(execution);
		pthread_mutex_lock(&execution->lock);
		ending = execution->ending;
		pthread_mutex_unlock(&execution->lock);
	}
	if (execution->cancelled)
		end_empty(execution);
	return !ending;
}

/* ---- rounds ---- */

static void set_armed(struct cx_execution *execution, bool armed)
{
	if (execution->armed == armed)
		return;
	execution->armed = armed;
	if (execution->ops)
		execution->ops->set_notification(execution, armed);
	/* A queue's own armed period ends without a call with FALSE (1809, and 21H2). */
	for (struct cx_poll *poll = execution->polls; armed && poll; poll = poll->next)
		if (poll->state == CX_POLL_RUNNING)
			poll->ops->arm(poll);
}

static bool go_round(struct cx_execution *execution)
{
	const struct cx_execution_ops *ops = execution->ops;
	bool progress = false;

	if (ops && ops->pre_advance)
		ops->pre_advance(execution);
	for (struct cx_poll *poll = execution->polls; poll; poll = poll->next)
		progress |= poll->state == CX_POLL_RUNNING ? poll->ops->round(poll)
							   : poll->ops->await(poll);
	if (ops && ops->post_advance)
		ops->post_advance(execution);
	return progress;
}

/* What to wait for. Return: of fds; 0: there is something to do after all. */
static nfds_t ask_polls(struct cx_execution *execution, struct pollfd *fds, int *timeout_ms)
{
	nfds_t count = 1;
	bool idle = true;

	fds[0] = (struct pollfd){ .fd = execution->wake_fd, .events = POLLIN };
	*timeout_ms = -1;
	for (struct cx_poll *poll = execution->polls; poll; poll = poll->next) {
		struct cx_poll_sleep until = { .fd = -1, .timeout_ms = CANCELLED_MS };

		if (poll->state == CX_POLL_RUNNING) {
			until.timeout_ms = -1;
			idle &= poll->ops->sleep(poll, &until);
		}
		poll->waits_at = until.fd >= 0 ? count : 0;
		poll->waits_for = until.fd;
		if (until.fd >= 0)
			fds[count++] = (struct pollfd){ .fd = until.fd, .events = POLLIN };
		if (until.timeout_ms >= 0 && (*timeout_ms < 0 || until.timeout_ms < *timeout_ms))
			*timeout_ms = until.timeout_ms;
	}
	execution->sleeps_ms = *timeout_ms;
	return idle ? count : 0;
}

/* Return: were the fds looked at? */
static bool wait_for_work(struct cx_execution *execution, struct pollfd *fds, nfds_t fd_count,
			  int timeout_ms)
{
	uint64_t count;
	bool looked = false;

	atomic_store(&execution->sleeping, true);
	if (!atomic_load(&execution->notified) && !atomic_load(&execution->tasks) &&
	    !atomic_load(&execution->changed)) {
		pthread_mutex_unlock(&execution->turn);
		looked = poll(fds, fd_count, timeout_ms) >= 0;
		/* Who goes round it now does not begin again. */
		atomic_store(&execution->sleeping, false);
		pthread_mutex_lock(&execution->turn);
	}
	atomic_store(&execution->sleeping, false);
	if (fds[0].revents && read(execution->wake_fd, &count, sizeof(count)) < 0 &&
	    errno != EAGAIN)
		nt_log("", "%s: eventfd: errno %d", execution->name, errno);
	/* Woken by whatever: the armed period is over. */
	atomic_store(&execution->notified, false);
	set_armed(execution, false);
	return looked;
}

static void sleep_until_work(struct cx_execution *execution)
{
	struct pollfd fds[1 + CX_EXECUTION_POLLS];
	int timeout_ms;
	nfds_t count = ask_polls(execution, fds, &timeout_ms);
	bool looked = count && wait_for_work(execution, fds, count, timeout_ms);

	execution->awake = 0;
	for (struct cx_poll *poll = execution->polls; poll; poll = poll->next)
		if (poll->state == CX_POLL_RUNNING)
			poll->ops->woken(poll,
					 !looked || !poll->waits_at || fds[poll->waits_at].revents);
}

/* A queue that waits for its fd is not to wait for the end of another one's traffic. */
static void count_awake(struct cx_execution *execution)
{
	if (++execution->awake < AWAKE_MOST)
		return;
	execution->awake = 0;
	for (struct cx_poll *poll = execution->polls; poll; poll = poll->next)
		if (poll->state == CX_POLL_RUNNING)
			poll->ops->woken(poll, true);
}

/* Is there anybody who could notify? Those that are to end are looked at without. */
static bool may_arm(const struct cx_execution *execution)
{
	const struct cx_poll *poll = execution->polls;

	if (execution->armed)
		return false;
	while (poll && poll->state != CX_POLL_RUNNING)
		poll = poll->next;
	return poll || execution->ops;
}

/* A round, or a part of it. Return: false when all that is left is to sleep. */
static bool go_on(struct cx_execution *execution)
{
	/* A notification that came since the last round: this one looks for what it was about. */
	if (atomic_exchange(&execution->notified, false))
		set_armed(execution, false);
	if (go_round(execution)) {
		count_awake(execution);
		/* What has work now may not have had any to be told of when the others were armed.
		 */
		if (execution->ops || (execution->polls && execution->polls->next))
			set_armed(execution, false);
		return true;
	}
	if (!may_arm(execution))
		return false;
	set_armed(execution, true);
	return true;
}

/* ---- rounds of another's ---- */

/* Does its thread sleep until what there is to wait for now? */
static bool sleeps_well(struct cx_execution *execution)
{
	int timeout_ms = -1;

	for (struct cx_poll *poll = execution->polls; poll; poll = poll->next) {
		struct cx_poll_sleep until = { .fd = -1, .timeout_ms = -1 };

		if (!poll->ops->sleep(poll, &until) || until.fd != poll->waits_for)
			return false;
		if (until.timeout_ms >= 0 && (timeout_ms < 0 || until.timeout_ms < timeout_ms))
			timeout_ms = until.timeout_ms;
	}
	return timeout_ms == execution->sleeps_ms;
}

/* Who comes, who goes, and tasks are its own thread's matter. */
static bool wants_its_thread(const struct cx_execution *execution)
{
	return atomic_load(&execution->tasks) || atomic_load(&execution->changed) ||
	       execution->cancelled || execution->over;
}

/* While its thread sleeps. Return: false when that is to be woken. */
static bool go_round_for(struct cx_execution *execution, const struct nt_thread *self)
{
	const struct nt_thread *own = atomic_load(&execution->self);
	unsigned rounds = 0;

	atomic_store(&execution->self, self);
	while (!wants_its_thread(execution) && rounds < ROUNDS_OWED && go_on(execution))
		rounds++;
	atomic_store(&execution->self, own);
	execution->awake = 0;
	/* The next callback of whoever goes round is not one of its. */
	nt_callback_watch(NULL);
	return !wants_its_thread(execution) && rounds < ROUNDS_OWED && sleeps_well(execution);
}

/* The thread has the turn while it is awake, and looks at the flag before it sleeps again. */
static void settle(struct cx_execution *execution, const struct nt_thread *self)
{
	bool well = false;

	if (!pthread_mutex_trylock(&execution->turn)) {
		well = go_round_for(execution, self);
		pthread_mutex_unlock(&execution->turn);
	}
	/* It may have been told of more by one that did not get the turn. */
	if (!well || atomic_load(&execution->notified))
		cx_execution_wake(execution);
}

/* From here on it may be gone. */
static void dismiss(struct cx_execution *execution)
{
	pthread_mutex_lock(&execution->lock);
	execution->creditors--;
	pthread_cond_broadcast(&execution->left);
	pthread_mutex_unlock(&execution->lock);
}

static void settle_all(struct cx_execution *execution)
{
	while (execution->owed_count) {
		struct cx_execution *other = execution->owed[--execution->owed_count];

		execution->visits = other;
		if (atomic_load(&other->notified))
			settle(other, execution->self);
		execution->visits = NULL;
		dismiss(other);
	}
}

static void step(struct cx_execution *execution)
{
	bool more;

	if (execution->ops && atomic_exchange(&execution->tasks, false))
		execution->ops->run_tasks(execution);
	execution->in_round = true;
	more = go_on(execution);
	execution->in_round = false;
	settle_all(execution);
	if (!more)
		sleep_until_work(execution);
}

/* None goes round for one that has ended; nor does the round that ends it. */
static void await_creditors(struct cx_execution *execution)
{
	for (unsigned i = 0; current && i < current->owed_count; i++) {
		if (current->owed[i] != execution)
			continue;
		current->owed[i] = current->owed[--current->owed_count];
		dismiss(execution);
		break;
	}
	pthread_mutex_lock(&execution->lock);
	while (execution->creditors)
		pthread_cond_wait(&execution->left, &execution->lock);
	pthread_mutex_unlock(&execution->lock);
}

bool cx_execution_on_one_processor(void)
{
	cpu_set_t processors;

	return sched_getaffinity(0, sizeof(processors), &processors) == 0 &&
	       CPU_COUNT(&processors) == 1;
}

/*
 * Contexts of several adapters wake each other, a pair's at each burst. With one processor for both
 * the kernel would let the woken one in at once, and come back for the rest of the other's round:
 * twice as many changes of threads, and what is in the cache goes with each. A batch thread waits
 * until the one that runs sleeps, or its time is over. Refused, it is as before.
 */
static void take_turns(void)
{
	const struct sched_param none = { 0 };

	pthread_setschedparam(pthread_self(), SCHED_BATCH, &none);
}

static void *body(void *context)
{
	struct cx_execution *execution = context;

	pthread_mutex_lock(&execution->turn);
	if (execution->shares) {
		current = execution;
		take_turns();
	}
	nt_thread_enter(execution->machine);
	execution->self = nt_waits_self();
	/* The driver hears nothing of a context before it has work for it. */
	if (execution->ops)
		sleep_until_work(execution);
	while (look_who_is_there(execution))
		step(execution);
	current = NULL;
	execution->over = true;
	pthread_mutex_unlock(&execution->turn);
	nt_thread_leave();
	return NULL;
}

int cx_execution_run(struct cx_execution *execution)
{
	int error;

	atomic_store(&execution->notified, false);
	execution->armed = false;
	execution->ending = false;
	execution->over = false;
	execution->self = NULL;
	/* A driver's contexts tell each other; queues that have a thread of their own do not. */
	execution->shares = execution->ops && cx_execution_on_one_processor();
	error = pthread_create(&execution->thread, NULL, body, execution);
	if (error)
		return -error;
	execution->running = true;
	pthread_setname_np(execution->thread, execution->name);
	return 0;
}

static void join(struct cx_execution *execution)
{
	int error;

	do {
		const struct timespec until = clock_timespec(clock_wall_ns() + NT_WAITS_NS);

		error = pthread_timedjoin_np(execution->thread, NULL, &until);
		if (error)
			nt_waits_for(execution->self, "the end of an execution context");
	} while (error);
	nt_waits_over();
}

void cx_execution_end(struct cx_execution *execution)
{
	if (!execution->running)
		return;
	pthread_mutex_lock(&execution->lock);
	execution->ending = true;
	pthread_mutex_unlock(&execution->lock);
	raise_flag(execution, &execution->changed);
	join(execution);
	await_creditors(execution);
	execution->running = false;
}
