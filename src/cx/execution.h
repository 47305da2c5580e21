/* SPDX-License-Identifier: MIT */
/*
 * An execution: a thread that goes round the packet queues it was given, and sleeps when none of
 * them has work. Each queue has one of its own, unless its driver has grouped it with others in an
 * execution context (NETEXECUTIONCONTEXT of 2.1 and later). What is done for a queue in a round is
 * the datapath's (struct cx_poll_ops); what is done for the driver's context around it is the API
 * shape's (struct cx_execution_ops).
 *
 * For a shape with execution contexts:
 *   make one    cx_execution_init() in the object's memory, cx_execution_run(): its thread is there
 *               as long as the object, with and without queues
 *   a queue     create_queue() sets cx_queue.execution before it returns; the datapath does the
 * rest notify DDI  cx_execution_notify(), any thread, any IRQL tasks cx_execution_call_tasks(), any
 * thread, any IRQL: then ops->run_tasks() between two rounds delete      when no queue has it any
 * more: cx_execution_end(), cx_execution_destroy(). Who deletes one that is in use is to be
 * reported by the shape, who counts its queues.
 *
 * A round: ops->pre_advance(), each queue (frames in, the driver's EvtAdvance, what it returned
 * out), ops->post_advance(). After a round without progress notifications are enabled, then there
 * is another round, then the thread sleeps. Awake, or after a round that had progress,
 * notifications are off again. What post_advance() has the driver return is seen in the next round
 * when the shape has brought cx_ring.returned of its queues up to date.
 */
#ifndef CX_EXECUTION_H
#define CX_EXECUTION_H

#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct cx_execution;
struct cx_poll;
struct nt_machine;
struct nt_thread;

#define CX_EXECUTION_POLLS 128 /* queues of one execution at most */
#define CX_EXECUTION_OWED  4   /* others that one goes round for itself, in a round of its own */

/* What ends the sleep of a queue that has no work. */
struct cx_poll_sleep {
	int fd;         /* becomes readable; -1: none */
	int timeout_ms; /* is over; -1: none */
};

/* All on the execution's thread, at PASSIVE_LEVEL. */
struct cx_poll_ops {
	/*
	 * begin() - before the first round: EvtStart
	 * round() - one round of work. Return: was there any?
	 * arm() - have the driver notify, where that is the queue's own matter
	 */
	void (*begin)(struct cx_poll *poll);
	bool (*round)(struct cx_poll *poll);
	void (*arm)(struct cx_poll *poll);
	/*
	 * sleep() - nothing to do: until when? Return: false when there is something after all.
	 * woken() - after each sleep(), whatever it returned; and now and then without one, while
	 * others have work
	 * @ready: false: its fd was looked at, and was not readable
	 */
	bool (*sleep)(struct cx_poll *poll, struct cx_poll_sleep *until);
	void (*woken)(struct cx_poll *poll, bool ready);
	/*
	 * cancel() - it is to end: EvtCancel. No round() after it.
	 * empty() - has the driver returned everything?
	 * await() - until it has: one step. Return: has something come back?
	 * end() - then: EvtStop
	 */
	void (*cancel)(struct cx_poll *poll);
	bool (*empty)(struct cx_poll *poll);
	bool (*await)(struct cx_poll *poll);
	void (*end)(struct cx_poll *poll);
};

enum cx_poll_state { CX_POLL_IDLE, CX_POLL_RUNNING, CX_POLL_CANCELLED };

/* A queue in an execution, from cx_execution_add() until cx_execution_await(). Its owner's. */
struct cx_poll {
	const struct cx_poll_ops *ops;
	/* The execution's. */
	struct cx_poll *next;
	enum cx_poll_state state; /* its thread's */
	nfds_t waits_at;          /* the place of its fd among those that are slept on; 0: none */
	int waits_for;            /* that fd; -1: none */
	_Atomic bool leaving;
	bool listed; /* under the execution's lock: added, and end() has not returned */
};

/*
 * A driver's execution context. All on its thread, at PASSIVE_LEVEL; pre_advance and post_advance
 * may be NULL.
 */
struct cx_execution_ops {
	void (*pre_advance)(struct cx_execution *execution);
	void (*post_advance)(struct cx_execution *execution);
	void (*set_notification)(struct cx_execution *execution, bool enabled);
	void (*run_tasks)(struct cx_execution *execution);
};

/*
 * Owned by a queue of the datapath, or by a shape's execution context. `notified` and `sleeping`
 * are sequentially consistent: either the sleeper sees the notification or the notifier the
 * sleeper.
 */
struct cx_execution {
	const struct cx_execution_ops *ops; /* of a driver's context; NULL: of one queue */
	struct nt_machine *machine;
	char name[16]; /* of the thread */
	pthread_t thread;
	bool running;
	_Atomic(const struct nt_thread *)
		self; /* of the thread that goes round, once there is one */
	int wake_fd;  /* eventfd; -1: none */
	_Atomic bool notified, tasks, sleeping;
	_Atomic bool changed; /* who is in it is to be looked at under the lock */
	pthread_mutex_t lock;
	pthread_cond_t left;      /* on CLOCK_MONOTONIC */
	struct cx_poll *arriving; /* under the lock, the last one first */
	unsigned count;           /* under the lock: polls that are listed */
	unsigned creditors;       /* under the lock: executions that have it among their owed */
	bool ending;              /* under the lock */
	bool shares;              /* with a processor alone: see cx_execution_notify() */
	/* Who goes round has it: the thread unless it sleeps; then it may be another's for a while.
	 */
	pthread_mutex_t turn;
	/* Under the turn. */
	struct cx_poll *polls; /* in the order of their arrival */
	unsigned cancelled;    /* of polls */
	unsigned awake;        /* rounds with progress since the last sleep, or look at all fds */
	int sleeps_ms;         /* how long the thread sleeps at most; -1: for ever */
	bool over;             /* the thread has ended */
	bool armed;            /* the driver notifies; no wake-up since */
	/* Its own thread's. */
	struct cx_execution *owed[CX_EXECUTION_OWED];
	unsigned owed_count;
	struct cx_execution *visits; /* whose rounds it does now; NULL: nobody's */
	bool in_round;               /* one of its own */
};

/* cx_execution_on_one_processor() - has the calling thread one alone? */
bool cx_execution_on_one_processor(void);

/*
 * cx_execution_init() - without a thread yet
 * @name: of the thread
 * @ops:  of a driver's context; NULL: for one queue, whose poll->ops->arm() is enough
 * Return: 0 or -errno.
 */
int cx_execution_init(struct cx_execution *execution, struct nt_machine *machine, const char *name,
		      const struct cx_execution_ops *ops);
void cx_execution_destroy(struct cx_execution *execution); /* its thread has ended or never ran */

/* cx_execution_run() - start the thread. Return: 0 or -errno. */
int cx_execution_run(struct cx_execution *execution);

/* cx_execution_end() - end it, once no poll is in it any more. Nothing when it does not run. */
void cx_execution_end(struct cx_execution *execution);

/*
 * cx_execution_add() - run a queue; its begin() is called as soon as the thread is there
 * cx_execution_remove() - it is to end; any thread
 * cx_execution_await() - until its end() has returned. Not on the execution's thread.
 * Return of add: 0, or -E2BIG when there are too many in it already.
 */
int cx_execution_add(struct cx_execution *execution, struct cx_poll *poll);
void cx_execution_remove(struct cx_execution *execution, struct cx_poll *poll);
void cx_execution_await(struct cx_execution *execution, const struct cx_poll *poll);

/*
 * cx_execution_notify() - the driver says that there is work
 * Where a driver's contexts have one processor for all, and one of them tells another that sleeps,
 * its thread goes round for the other when its own round is over: the other's thread sleeps on, and
 * two changes of threads are spared. Tasks, which may wait, are always its own thread's.
 * cx_execution_call_tasks() - run_tasks() is to be called
 * cx_execution_wake() - look round once more, without a notification
 * Any thread, any IRQL.
 */
void cx_execution_notify(struct cx_execution *execution);
void cx_execution_call_tasks(struct cx_execution *execution);
void cx_execution_wake(struct cx_execution *execution);

/* cx_execution_here() - is it the calling thread that goes round? */
bool cx_execution_here(const struct cx_execution *execution);

#endif
