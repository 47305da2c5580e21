/* SPDX-License-Identifier: MIT */
#include "test/bench.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "nt/crash.h"
#include "test/child.h"
#include "test/sum.h"
#include "test/test.h"

#define START_MS       10000
#define OID_STEPS      4
#define MARKER_PORT    9 /* discard, RFC 863 */
#define FRAGMENT_SIZE  4096
#define MARKER_PAYLOAD 12

static const char marker_text[] = "netcx test";

static unsigned within_limit(const struct bench *b, unsigned ms)
{
	unsigned limit = b->options->limit * 1000;

	return limit < ms ? limit : ms;
}

unsigned bench_patience(const struct bench *b)
{
	unsigned limit = b->options->limit, patience = b->options->patience;

	return within_limit(b, (patience ? patience : limit) * 1000);
}

unsigned bench_start_patience(const struct bench *b)
{
	/* Of what a case may take two thirds: it has to judge, too. */
	return within_limit(b, b->many_starts ? b->options->limit * 2000 / 3 : START_MS);
}

static void tell(struct bench *b, enum test_verdict verdict)
{
	json_t *json;

	b->result.verdict = verdict;
	json = result_to_json(&b->result);
	json_dumpfd(json, b->result_fd, JSON_COMPACT);
	json_decref(json);
}

static _Noreturn void say_and_end(struct bench *b, enum test_verdict verdict)
{
	b->result.verdict = verdict;
	if (b->ends)
		b->ends(b);
	tell(b, verdict);
	_exit(CHILD_TOLD);
}

void bench_fail(struct bench *b, enum test_rule rule, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(b->result.text, sizeof(b->result.text), format, list);
	va_end(list);
	snprintf(b->result.rule, sizeof(b->result.rule), "%s", rule_name(rule));
	say_and_end(b, TEST_FAILED);
}

void bench_fail_packets(struct bench *b, enum test_rule rule, const uint8_t *expected,
			size_t expected_length, const struct test_frame *actual, const char *format,
			...)
{
	char text[sizeof(b->result.text)];
	va_list list;

	if (expected)
		b->result.expected = result_hex(expected, expected_length);
	if (actual)
		b->result.actual = result_hex(actual->bytes, actual->length);
	va_start(list, format);
	vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	bench_fail(b, rule, "%s", text);
}

void bench_note(struct bench *b, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(b->result.text, sizeof(b->result.text), format, list);
	va_end(list);
}

void bench_skip(struct bench *b, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(b->result.text, sizeof(b->result.text), format, list);
	va_end(list);
	say_and_end(b, TEST_SKIPPED);
}

/* ---- up and down ---- */

/* What a driver traces or prints is left out: it may be any amount. */
static void keep_event(const struct bench *b, const char *line)
{
	bool wanted = !strstr(line, "\"kind\":\"log\"") && !strstr(line, "\"kind\":\"trace\"");

	/* A file in memory; without it the time line has a gap. */
	if (wanted && write(b->event_fd, line, strlen(line)) < 0)
		return;
}

/*
 * What was allocated and never freed is an event, when the driver is unloaded; so is what it has
 * not returned for long.
 */
static void take_event(void *bench, const char *line)
{
	struct bench *b = bench;
	bool left = strstr(line, "pool leak: "), held = strstr(line, "the driver still holds ");
	json_t *event = left || held ? json_loads(line, 0, NULL) : NULL;
	const char *text = json_string_value(json_object_get(event, "text"));

	keep_event(b, line);
	if (text && left && !*b->left)
		snprintf(b->left, sizeof(b->left), "%s", text);
	if (text && held) {
		pthread_mutex_lock(&b->held_lock);
		snprintf(b->held, sizeof(b->held), "%s", text);
		pthread_mutex_unlock(&b->held_lock);
	}
	json_decref(event);
	if (b->heard)
		b->heard(b, line);
}

static void *run_host(void *bench)
{
	struct bench *b = bench;

	b->ended = netcx_host_run(b->host, &b->why);
	atomic_store(&b->down, true);
	sem_post(&b->end);
	return NULL;
}

/* The command line's keywords and the case's, of which the last one counts. */
static size_t join(const char **set, const char *const *mine, size_t count,
		   const char *const *settings)
{
	size_t n = 0;

	for (size_t i = 0; i < count && n < BENCH_SETTINGS; i++)
		set[n++] = mine[i];
	for (; settings && *settings && n < BENCH_SETTINGS; settings++)
		set[n++] = *settings;
	return n;
}

static void add_adapters(struct bench *b, const char *const *settings)
{
	/*
	 * A peer that coalesces would hide what its sender has cut, one that sums IPv4 headers what
	 * is wrong with them.
	 */
	static const char *const apart[] = { "*RscIPv4=0", "*RscIPv6=0", "*UdpRsc=0",
					     "*IPChecksumOffloadIPv4=0", NULL };
	const struct test_options *options = b->options;
	const char *set[BENCH_SETTINGS], *peer_set[BENCH_SETTINGS];
	struct netcx_adapter_config configs[2] = { options->adapter, options->adapter };
	struct host_edges edges[2] = { { 0 } };
	struct error why = { "" };
	size_t count = options->peer_count ? 2 : 1;

	b->stack = test_edge_create("stack", true);
	b->wire = test_edge_create("wire", false);
	if (!b->stack || !b->wire)
		bench_fail(b, RULE_DriverStarts, "out of memory");
	edges[0] =
		(struct host_edges){ .stack = &b->stack->edge, .tx_fragment_size = FRAGMENT_SIZE };
	if (count == 2)
		edges[1].stack = &b->wire->edge;
	else
		edges[0].wire = &b->wire->edge;
	if (b->listens) {
		edges[0].received = test_edge_hear;
		edges[0].listener = b->stack;
	}
	configs[0].name = "Ethernet";
	configs[1].name = "Peer";
	configs[0].no_coalesce = configs[1].no_coalesce = true;
	configs[0].set = set;
	configs[0].set_count =
		join(set, options->adapter.set, options->adapter.set_count, settings);
	configs[1].set = peer_set;
	configs[1].set_count = join(peer_set, options->peer, options->peer_count, apart);
	if (host_add_on_edges(b->host, configs, edges, count, &why) != NETCX_OK)
		bench_fail(b, RULE_DriverStarts, "%s", why.text);
	b->nic = b->host->nics;
	b->peer = count == 2 ? b->nic->next : NULL;
}

static void read_addresses(struct bench *b)
{
	static const uint8_t nobody[6] = { 2, 0, 0, 0, 0, 0x99 };

	pthread_mutex_lock(&b->nic->lock);
	memcpy(b->addresses.from, b->nic->first.status.mac, 6);
	pthread_mutex_unlock(&b->nic->lock);
	memcpy(b->addresses.to, nobody, 6);
	if (!b->peer)
		return;
	pthread_mutex_lock(&b->peer->lock);
	memcpy(b->addresses.to, b->peer->first.status.mac, 6);
	pthread_mutex_unlock(&b->peer->lock);
}

/*
 * What the stack wants to receive is told after the start, and queues start on their own threads:
 * a frame that comes before is lost, as on Windows.
 */
struct readiness {
	const struct nic *nic;
	bool told;
};

static void look(void *readiness)
{
	struct readiness *r = readiness;

	r->told = r->nic->first.ndis.start_oids_sent && r->nic->first.dp &&
		  dp_receives(r->nic->first.dp);
}

static bool is_ready(const struct nic *nic)
{
	struct readiness r = { .nic = nic };

	nt_worker_call(nic->worker, look, &r);
	/* An OID goes to the end of the worker's queue at each step of its way. */
	for (unsigned step = 0; r.told && step < OID_STEPS; step++)
		nt_worker_call(nic->worker, look, &r);
	return r.told && atomic_load(&nic->first.link_up);
}

void bench_await_ready(struct bench *b, const struct nic *nic)
{
	uint64_t until = clock_ns() + bench_start_patience(b) * NS_PER_MS;

	while (!is_ready(nic)) {
		if (atomic_load(&b->down))
			bench_fail(b, RULE_DriverStarts, "%s", b->why.text);
		if (clock_ns() > until)
			bench_fail(b, RULE_DriverStarts,
				   "adapter \"%s\" has no link %u ms after its start", nic->name,
				   bench_start_patience(b));
		usleep(500);
	}
}

/* A callback that does not return is named before anything else is found missing. */
void bench_begin(struct bench *b, const char *const *settings, const char *fail)
{
	const struct netcx_host_config config = { .watchdog = (b->options->limit + 4) / 5,
						  .event = take_event,
						  .event_context = b,
						  .fail = &fail,
						  .fail_count = !!fail };

	b->host = netcx_host_create(&config, &b->why);
	if (!b->host)
		bench_fail(b, RULE_DriverStarts, "%s", b->why.text);
	add_adapters(b, settings);
	atomic_store(&b->down, false);
	sem_init(&b->end, 0, 0);
	if (b->plugged)
		b->plugged(b, b->plugged_context);
	if (pthread_create(&b->thread, NULL, run_host, b))
		bench_fail(b, RULE_DriverStarts, "no thread for the host");
}

void bench_await_up(struct bench *b)
{
	bench_await_ready(b, b->nic);
	if (b->peer)
		bench_await_ready(b, b->peer);
	read_addresses(b);
}

void bench_up(struct bench *b, const char *const *settings)
{
	bench_begin(b, settings, NULL);
	bench_await_up(b);
}

bool bench_comes_back(struct bench *b, unsigned timeout_ms)
{
	uint64_t until = clock_ns() + timeout_ms * NS_PER_MS;

	if (!timeout_ms)
		bench_await_ready(b, b->nic);
	if (!timeout_ms && b->peer)
		bench_await_ready(b, b->peer);
	while (timeout_ms && !is_ready(b->nic)) {
		if (atomic_load(&b->down) || clock_ns() > until)
			return false;
		usleep(500);
	}
	return true;
}

void bench_end(struct bench *b)
{
	bench_stop(b);
	netcx_host_destroy(b->host);
	b->host = NULL;
	if (*b->left)
		bench_fail(b, RULE_NothingIsLeft, "%s", b->left);
}

void bench_down(struct bench *b)
{
	bench_end(b);
	if (b->ended != NETCX_OK && !b->forgives)
		bench_fail(b, RULE_DriverStops, "%s", b->why.text);
}

void bench_run(const struct test_options *options, const struct test_case *test, int result_fd,
	       int event_fd)
{
	struct bench *b = calloc(1, sizeof(*b));

	if (!b)
		_exit(CHILD_TOLD);
	nt_crash_install();
	pthread_mutex_init(&b->held_lock, NULL);
	b->options = options;
	b->test = test;
	b->result_fd = result_fd;
	b->event_fd = event_fd;
	b->random.state = options->seed ^ hash_text(HASH_START, test->name);
	test->run(b, test->argument);
	if (b->host)
		bench_down(b);
	tell(b, TEST_PASSED);
	result_free(&b->result);
	free(b);
	exit(0);
}

/* ---- what it is like ---- */

uint32_t bench_mtu(struct bench *b)
{
	uint32_t mtu;

	pthread_mutex_lock(&b->nic->lock);
	mtu = b->nic->first.status.mtu;
	pthread_mutex_unlock(&b->nic->lock);
	return mtu;
}

struct dp_counters bench_counters(struct bench *b)
{
	struct dp_counters counters;

	pthread_mutex_lock(&b->nic->lock);
	dp_counters(b->nic->first.dp, &counters);
	pthread_mutex_unlock(&b->nic->lock);
	return counters;
}

void bench_worker(struct bench *b, void (*work)(void *), void *context)
{
	nt_worker_call(b->nic->worker, work, context);
}

void bench_need_wire(struct bench *b)
{
	if (!b->options->adapter.device && !b->options->peer_count)
		bench_skip(
			b,
			"nothing can be seen of what the driver sends: it has no hardware (--device) and no peer (--peer)");
}

/* ---- packets ---- */

void bench_scatter(struct bench *b, size_t first, size_t piece)
{
	pthread_mutex_lock(&b->nic->lock);
	dp_scatter(b->nic->first.dp, (uint32_t)first, (uint32_t)piece);
	pthread_mutex_unlock(&b->nic->lock);
}

void bench_place(struct bench *b, size_t offset, size_t shift)
{
	pthread_mutex_lock(&b->nic->lock);
	dp_place(b->nic->first.dp, (uint32_t)offset, (uint32_t)shift);
	pthread_mutex_unlock(&b->nic->lock);
}

void bench_send(struct bench *b, const struct packet *packet)
{
	const struct frame_meta meta = { .mss = packet->shape.mss,
					 .needs_checksum =
						 packet->shape.checksum || packet->shape.mss };

	b->result.packets++;
	if (!test_edge_put(b->stack, packet->bytes, packet->length, &meta))
		bench_fail(b, RULE_PacketsAreSent, "out of memory");
}

static bool is_marker(const struct test_frame *frame)
{
	const uint8_t *udp = frame->bytes + 14 + 20;

	return frame->length >= 14 + 20 + 8 + MARKER_PAYLOAD && get16(udp) == MARKER_PORT &&
	       !memcmp(udp + 8, marker_text, sizeof(marker_text) - 1);
}

/* A small packet, to be known again at the other end. */
static void put_marker(struct bench *b, struct test_edge *edge)
{
	const struct packet_shape shape = { .version = 4,
					    .protocol = PACKET_UDP,
					    .source_port = MARKER_PORT,
					    .ip_id = ++b->marker,
					    .payload = MARKER_PAYLOAD };
	static struct packet marker;
	const struct frame_meta nothing = { 0 };

	packet_make(&marker, &b->addresses, &shape);
	memcpy(marker.bytes + marker.payload, marker_text, sizeof(marker_text) - 1);
	packet_set_checksums(&marker);
	if (!test_edge_put(edge, marker.bytes, marker.length, &nothing))
		bench_fail(b, RULE_PacketsAreSent, "out of memory");
}

void bench_marker(struct bench *b)
{
	put_marker(b, b->stack);
}

void bench_receive_marker(struct bench *b)
{
	put_marker(b, b->wire);
}

bool bench_find_marker(struct bench *b, struct test_edge *edge, uint16_t marker,
		       unsigned timeout_ms)
{
	struct test_frame *frame;
	bool found = false;

	while (!found && (frame = test_edge_take(edge, timeout_ms))) {
		found = is_marker(frame) && get16(frame->bytes + 14 + 4) >= marker;
		free(frame);
	}
	return found;
}

static struct test_frame *next_of(struct bench *b, struct test_edge *edge, enum test_rule rule,
				  const char *where)
{
	struct test_frame *frame = test_edge_take(edge, bench_patience(b));

	if (!frame && atomic_load(&b->down))
		bench_fail(b, rule, "the adapter has ended: %s", b->why.text);
	if (!frame)
		bench_fail(b, rule, "nothing reaches the %s for %u ms", where, bench_patience(b));
	if (!is_marker(frame))
		return frame;
	free(frame);
	return NULL;
}

struct test_frame *bench_next(struct bench *b)
{
	return next_of(b, b->wire, RULE_PacketsAreSent, "wire");
}

struct test_frame *bench_received(struct bench *b)
{
	return next_of(b, b->stack, RULE_FramesArrive, "stack");
}

void bench_turn(struct bench *b)
{
	uint8_t mine[6];

	memcpy(mine, b->addresses.from, 6);
	memcpy(b->addresses.from, b->addresses.to, 6);
	memcpy(b->addresses.to, mine, 6);
}

void bench_receive(struct bench *b, const uint8_t *bytes, size_t length)
{
	const struct frame_meta nothing = { 0 };

	b->result.packets++;
	if (!test_edge_put(b->wire, bytes, length, &nothing))
		bench_fail(b, RULE_FramesArrive, "out of memory");
}

void bench_receive_all(struct bench *b, const struct iovec *frames, size_t count)
{
	b->result.packets += count;
	if (!test_edge_put_all(b->wire, frames, count))
		bench_fail(b, RULE_FramesArrive, "out of memory");
}

struct test_frame *bench_told(struct bench *b, enum test_rule rule)
{
	struct test_frame *frame = test_edge_told(b->stack, bench_patience(b));

	if (!frame && atomic_load(&b->down))
		bench_fail(b, rule, "the adapter has ended: %s", b->why.text);
	if (!frame)
		bench_fail(b, rule, "nothing is received for %u ms", bench_patience(b));
	return frame;
}

void bench_forget_received(struct bench *b)
{
	struct test_frame *frame;

	test_edge_forget(b->stack);
	while ((frame = test_edge_told(b->stack, 0)))
		free(frame);
}

struct test_frame *bench_receive_first(struct bench *b, const uint8_t *bytes, size_t length)
{
	struct test_frame *frame;

	bench_receive(b, bytes, length);
	bench_receive_marker(b);
	frame = bench_received(b);
	if (!frame)
		bench_fail_packets(b, RULE_FramesArrive, bytes, length, NULL,
				   "a frame of %zu bytes does not arrive", length);
	return frame;
}

void bench_expect_received(struct bench *b, const uint8_t *expected, size_t length,
			   struct test_frame *frame)
{
	struct comparison *differs = &b->result.differs;

	if (!compare_packets(differs, expected, length, frame->bytes, frame->length))
		bench_fail_packets(b, RULE_FramesArrive, expected, length, frame,
				   "a frame of %zu bytes: %s is %s instead of %s", length,
				   differs->fields[0].name, differs->fields[0].actual,
				   differs->fields[0].expected);
	free(frame);
}

static enum test_rule rule_of(const struct bench *b, enum test_rule rule)
{
	bool checksum =
		rule == RULE_Ipv4Checksum || rule == RULE_TcpChecksum || rule == RULE_UdpChecksum;

	return b->left_alone && checksum ? RULE_ChecksumsAreLeftAlone : rule;
}

void bench_expect(struct bench *b, const uint8_t *expected, size_t length, struct test_frame *frame,
		  const char *what)
{
	struct comparison *differs = &b->result.differs;
	const struct compare_field *first = differs->fields;

	if (!compare_packets(differs, expected, length, frame->bytes, frame->length))
		bench_fail_packets(b, rule_of(b, first->rule), expected, length, frame,
				   "%s: %s is %s instead of %s%s", what, first->name,
				   *first->actual ? first->actual : "missing",
				   *first->expected ? first->expected : "nothing",
				   differs->count > 1 ? ", and more" : "");
	free(frame);
}
