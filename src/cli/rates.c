/* SPDX-License-Identifier: MIT */
#include "cli/rates.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

static double number(const json_t *object, const char *member)
{
	return json_number_value(json_object_get(object, member));
}

/* A counter that is smaller than it was belongs to a new adapter of that name. */
static double grown(const json_t *now, const json_t *before, const char *member)
{
	double more = number(now, member) - number(before, member);

	return before && more > 0 ? more : 0;
}

static void add(struct rates *to, const struct rates *r)
{
	to->packets += r->packets;
	to->supers += r->supers;
	to->segments += r->segments;
	to->bits += r->bits;
	to->callbacks += r->callbacks;
}

static void divide(struct rates *r, double seconds)
{
	r->packets /= seconds;
	r->supers /= seconds;
	r->segments /= seconds;
	r->bits /= seconds;
	r->drops /= seconds;
	r->callbacks /= seconds;
	r->cpu /= seconds;
}

static void count_tx(struct rates *r, const json_t *now, const json_t *before)
{
	r->supers = grown(now, before, "lso_packets");
	r->segments = grown(now, before, "lso_segments") + grown(now, before, "plain_packets");
	r->drops = grown(now, before, "dropped") + grown(now, before, "ignored");
}

static void count_rx(struct rates *r, const json_t *now, const json_t *before)
{
	double coalesced = grown(now, before, "coalesced");

	r->supers = coalesced + grown(now, before, "gro_packets");
	r->segments = grown(now, before, "packets") - coalesced +
		      grown(now, before, "coalesced_segments");
	r->drops = grown(now, before, "bad");
}

static const json_t *same_queue(const json_t *queues, const json_t *queue)
{
	const json_t *other;
	size_t i;

	json_array_foreach(queues, i, other)
	{
		if (json_equal(json_object_get(other, "kind"), json_object_get(queue, "kind")) &&
		    json_equal(json_object_get(other, "id"), json_object_get(queue, "id")))
			return other;
	}
	return NULL;
}

static void fill_queue(struct rate_queue *q, const json_t *queue, const json_t *before)
{
	const json_t *now = json_object_get(queue, "counters");
	const json_t *then = json_object_get(before, "counters");

	snprintf(q->kind, sizeof(q->kind), "%s", json_text(queue, "kind"));
	q->id = (unsigned)number(queue, "id");
	q->held = (unsigned)number(queue, "held");
	q->size = (unsigned)number(queue, "packets");
	q->rates.packets = grown(now, then, "packets");
	q->rates.bits = grown(now, then, "bytes") * 8;
	q->rates.callbacks = grown(now, then, "advances");
	q->rates.cpu = grown(queue, before, "cpu_ns") / 1e9;
	if (strcmp(q->kind, "tx") == 0)
		count_tx(&q->rates, now, then);
	else
		count_rx(&q->rates, now, then);
}

/* What is lost anywhere on the way. */
static double count_drops(const json_t *now, const json_t *before)
{
	static const char *const names[] = {
		"tx_dropped",       "tx_ignored",       "rx_bad",           "device_tx_errors",
		"device_rx_missed", "device_rx_errors", "stack_rx_dropped", "stack_tx_dropped",
		"wire_rx_dropped",  "wire_tx_dropped",
	};
	double drops = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		drops += grown(now, before, names[i]);
	return drops;
}

static bool fill_adapter(struct rate_adapter *a, const struct target *now, const json_t *before)
{
	const json_t *queues = json_object_get(now->adapter, "queues"), *queue;
	double seconds = grown(now->adapter, before, "time_ns") / 1e9;
	size_t i;

	a->pid = now->pid;
	snprintf(a->name, sizeof(a->name), "%s", json_text(now->adapter, "name"));
	snprintf(a->state, sizeof(a->state), "%s", json_text(now->adapter, "state"));
	a->link_up = json_is_true(json_object_get(json_object_get(now->adapter, "link"), "up"));
	a->queues = calloc(json_array_size(queues) + 1, sizeof(*a->queues));
	if (!a->queues)
		return false;
	seconds = seconds > 0 ? seconds : 1;
	a->rates.cpu = grown(now->adapter, before, "host_cpu_ns") / 1e9;
	a->rates.drops = count_drops(json_object_get(now->adapter, "counters"),
				     json_object_get(before, "counters"));
	json_array_foreach(queues, i, queue)
	{
		struct rate_queue *q = &a->queues[a->queue_count++];

		fill_queue(q, queue, same_queue(json_object_get(before, "queues"), queue));
		add(&a->rates, &q->rates);
		divide(&q->rates, seconds);
	}
	divide(&a->rates, seconds);
	return true;
}

static const json_t *same_adapter(const struct targets *before, const struct target *target)
{
	for (size_t i = 0; i < before->count; i++) {
		const struct target *t = &before->list[i];

		if (t->pid == target->pid && json_equal(json_object_get(t->adapter, "name"),
							json_object_get(target->adapter, "name")))
			return t->adapter;
	}
	return NULL;
}

bool rates_between(struct rate_picture *picture, const struct targets *before,
		   const struct targets *now, const char *name)
{
	*picture = (struct rate_picture){ 0 };
	picture->adapters = calloc(now->count + 1, sizeof(*picture->adapters));
	if (!picture->adapters)
		return false;
	for (size_t i = 0; i < now->count; i++) {
		const struct target *t = &now->list[i];
		const json_t *then = same_adapter(before, t);

		if (name && !targets_mean(now, t, name))
			continue;
		if (then)
			picture->seconds = grown(t->adapter, then, "time_ns") / 1e9;
		if (!fill_adapter(&picture->adapters[picture->count++], t, then)) {
			rates_free(picture);
			return false;
		}
	}
	return true;
}

void rates_free(struct rate_picture *picture)
{
	for (size_t i = 0; i < picture->count; i++)
		free(picture->adapters[i].queues);
	free(picture->adapters);
	*picture = (struct rate_picture){ 0 };
}

static json_t *rates_members(json_t *object, const struct rates *r)
{
	json_object_set_new(object, "packets", json_real(r->packets));
	json_object_set_new(object, "super_packets", json_real(r->supers));
	json_object_set_new(object, "segments", json_real(r->segments));
	json_object_set_new(object, "gbit", json_real(r->bits / 1e9));
	json_object_set_new(object, "drops", json_real(r->drops));
	json_object_set_new(object, "callbacks", json_real(r->callbacks));
	json_object_set_new(object, "cpu", json_real(r->cpu));
	return object;
}

static json_t *adapter_json(const struct rate_adapter *a)
{
	json_t *queues = json_array();

	for (size_t i = 0; i < a->queue_count; i++) {
		const struct rate_queue *q = &a->queues[i];

		json_array_append_new(queues,
				      rates_members(json_pack("{s:s,s:i,s:i,s:i}", "kind", q->kind,
							      "id", (int)q->id, "held",
							      (int)q->held, "size", (int)q->size),
						    &q->rates));
	}
	return rates_members(json_pack("{s:I,s:s,s:s,s:b,s:o}", "pid", (json_int_t)a->pid, "name",
				       a->name, "state", a->state, "link_up", a->link_up, "queues",
				       queues),
			     &a->rates);
}

json_t *rates_json(const struct rate_picture *picture)
{
	json_t *adapters = json_array();

	for (size_t i = 0; i < picture->count; i++)
		json_array_append_new(adapters, adapter_json(&picture->adapters[i]));
	return json_pack("{s:f,s:f,s:o}", "time", (double)clock_wall_ns() / 1e9, "seconds",
			 picture->seconds, "adapters", adapters);
}

static double fill_of(const struct rate_queue *q)
{
	return q->size ? (double)q->held / q->size : 0;
}

static double ring_of(const struct rate_adapter *a)
{
	double most = 0;

	for (size_t i = 0; i < a->queue_count; i++)
		most = fill_of(&a->queues[i]) > most ? fill_of(&a->queues[i]) : most;
	return most;
}

static double value_of(const struct rates *r, double ring, enum rate_column by)
{
	switch (by) {
	case RATE_PACKETS:
		return r->packets;
	case RATE_SUPERS:
		return r->supers;
	case RATE_SEGMENTS:
		return r->segments;
	case RATE_BITS:
		return r->bits;
	case RATE_RING:
		return ring;
	case RATE_DROPS:
		return r->drops;
	case RATE_CALLBACKS:
		return r->callbacks;
	case RATE_CPU:
		return r->cpu;
	default:
		return 0;
	}
}

/* How two rows are ordered; qsort_r() hands it to both comparisons. */
struct order {
	enum rate_column by;
	int sign;
};

static int compare(const struct order *order, double x, double y, int by_name)
{
	int result = (x < y) - (x > y);

	return result                   ? result * order->sign
	       : order->by == RATE_NAME ? by_name * order->sign
					: by_name;
}

static int compare_adapters(const void *a, const void *b, void *context)
{
	const struct rate_adapter *x = a, *y = b;
	const struct order *order = context;
	int by_name = strcmp(x->name, y->name);

	if (!by_name)
		by_name = (x->pid > y->pid) - (x->pid < y->pid);
	return compare(order, value_of(&x->rates, ring_of(x), order->by),
		       value_of(&y->rates, ring_of(y), order->by), by_name);
}

static int compare_queues(const void *a, const void *b, void *context)
{
	const struct rate_queue *x = a, *y = b;
	const struct order *order = context;
	int by_name = strcmp(y->kind, x->kind);

	if (!by_name)
		by_name = (x->id > y->id) - (x->id < y->id);
	return compare(order, value_of(&x->rates, fill_of(x), order->by),
		       value_of(&y->rates, fill_of(y), order->by), by_name);
}

void rates_sort(struct rate_picture *picture, enum rate_column by, bool reverse)
{
	struct order order = { by, reverse ? -1 : 1 };

	qsort_r(picture->adapters, picture->count, sizeof(*picture->adapters), compare_adapters,
		&order);
	for (size_t i = 0; i < picture->count; i++)
		qsort_r(picture->adapters[i].queues, picture->adapters[i].queue_count,
			sizeof(struct rate_queue), compare_queues, &order);
}

const char *rates_column_name(enum rate_column column)
{
	static const char *const names[] = { "ADAPTER", "PACKETS", "SUPER",     "SEGMENTS", "GBIT",
					     "RING",    "DROPS",   "CALLBACKS", "CPU%" };

	return names[column];
}

#define LINE "%-18.18s %9s %8s %9s %8s %9s %7s %9s %5s"

void rates_heading(char line[static RATE_LINE])
{
	snprintf(line, RATE_LINE, LINE, rates_column_name(RATE_NAME),
		 rates_column_name(RATE_PACKETS), rates_column_name(RATE_SUPERS),
		 rates_column_name(RATE_SEGMENTS), rates_column_name(RATE_BITS),
		 rates_column_name(RATE_RING), rates_column_name(RATE_DROPS),
		 rates_column_name(RATE_CALLBACKS), rates_column_name(RATE_CPU));
}

/* "950", "12.3k", "4.56M": as wide as a column can be. */
static const char *short_number(char text[static 16], double value)
{
	if (value < 9999.5)
		snprintf(text, 16, "%.0f", value);
	else if (value < 999950)
		snprintf(text, 16, "%.1fk", value / 1e3);
	else if (value < 1e9)
		snprintf(text, 16, "%.2fM", value / 1e6);
	else
		snprintf(text, 16, "%.2fG", value / 1e9);
	return text;
}

static void put_line(char line[static RATE_LINE], const char *name, const struct rates *r,
		     const char *ring)
{
	char t[6][16], bits[16], cpu[16];

	snprintf(bits, sizeof(bits), "%.3f", r->bits / 1e9);
	snprintf(cpu, sizeof(cpu), "%.1f", r->cpu * 100);
	snprintf(line, RATE_LINE, LINE, name, short_number(t[0], r->packets),
		 short_number(t[1], r->supers), short_number(t[2], r->segments), bits, ring,
		 short_number(t[3], r->drops), short_number(t[4], r->callbacks), cpu);
}

void rates_adapter_line(char line[static RATE_LINE], const struct rate_adapter *adapter)
{
	const char *what = strcmp(adapter->state, "running") != 0 ? adapter->state
			   : adapter->link_up                     ? ""
								  : "no link";

	put_line(line, adapter->name, &adapter->rates, what);
}

void rates_queue_line(char line[static RATE_LINE], const struct rate_queue *queue)
{
	char name[24], ring[24];

	snprintf(name, sizeof(name), "  %s %u", queue->kind, queue->id);
	snprintf(ring, sizeof(ring), "%u/%u", queue->held, queue->size);
	put_line(line, name, &queue->rates, ring);
}
