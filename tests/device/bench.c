/* SPDX-License-Identifier: MIT */
#include "bench.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "nt/violation.h"

const uint8_t bench_mac[6] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };

static void *allocate(size_t length)
{
	void *memory = aligned_alloc(4096, (length + 4095) & ~(size_t)4095);

	if (!memory)
		abort();
	memset(memory, 0, length);
	return memory;
}

static void wire_send(void *context, const struct frame *frames, int count)
{
	struct bench *b = context;

	for (int i = 0; i < count; i++) {
		struct bench_sent *to;
		size_t length = 0;

		if (b->sent_count == BENCH_SENT)
			break; /* the rest is lost, as on a wire */
		to = &b->sent[b->sent_count++];
		for (int j = 0; j < frames[i].count; j++)
			length += frames[i].iov[j].iov_len;
		to->bytes = malloc(length);
		to->length = length;
		to->meta = frames[i].meta;
		to->batch = b->batches;
		length = 0;
		for (int j = 0; j < frames[i].count; j++) {
			memcpy(to->bytes + length, frames[i].iov[j].iov_base,
			       frames[i].iov[j].iov_len);
			length += frames[i].iov[j].iov_len;
		}
	}
	b->batches++;
}

static size_t wire_receive(void *context, const struct iovec *iov, int count,
			   struct frame_meta *meta)
{
	struct bench *b = context;
	struct bench_coming *from = &b->coming[b->coming_first % BENCH_COMING];
	size_t length, at = 0;

	if (!b->coming_count)
		return 0;
	b->coming_first++;
	b->coming_count--;
	for (int i = 0; i < count && at < from->length; i++) {
		size_t n = from->length - at < iov[i].iov_len ? from->length - at : iov[i].iov_len;

		memcpy(iov[i].iov_base, from->bytes + at, n);
		at += n;
	}
	*meta = from->meta;
	length = from->length;
	free(from->bytes);
	return length;
}

/* A driver's ISR as the documents ask: is it mine, quiet the device, claim. */
static BOOLEAN isr(void *context)
{
	struct bench *b = context;
	uint16_t status = (uint16_t)(bench_read(b, RTL_ISR, 2) & bench_read(b, RTL_IMR, 2));

	if (!status)
		return FALSE;
	if (b->ring_in_isr) {
		b->ring_in_isr = false;
		bench_doorbell(b);
	}
	if (b->acknowledge)
		bench_write(b, RTL_ISR, 2, status);
	else
		bench_write(b, RTL_IMR, 2, 0);
	/* Told last: who waits for it may raise the same bits again, which are not to be cleared.
	 */
	pthread_mutex_lock(&b->lock);
	b->interrupts++;
	b->seen |= status;
	b->link_changes += (status & RTL_LINK_CHG) != 0;
	pthread_cond_broadcast(&b->changed);
	pthread_mutex_unlock(&b->lock);
	return TRUE;
}

static void emit(void *context, const struct nt_event *event)
{
	struct bench *b = context;

	if (event->kind != NT_EVENT_LOG)
		return;
	b->logs++;
	for (size_t i = 0; i < event->field_count; i++) {
		if (event->fields[i].text)
			strncpy(b->last_log, event->fields[i].text, sizeof(b->last_log) - 1);
	}
}

struct bench *bench_create(bool super_packets)
{
	struct bench *b = calloc(1, sizeof(*b));
	struct device_wire wire = { .super_packets = super_packets,
				    .send = wire_send,
				    .receive = wire_receive };

	assert_non_null(b);
	pthread_mutex_init(&b->lock, NULL);
	pthread_cond_init(&b->changed, NULL);
	assert_int_equal(nt_machine_init(&b->machine), 0);
	b->machine.sink.emit = emit;
	b->machine.sink.context = b;
	nt_thread_enter(&b->machine);
	wire.context = b;
	b->device = device_create(&b->machine, "rtl8168", bench_mac, &wire);
	assert_non_null(b->device);
	nt_interrupt_connect(&b->device->bus.interrupts[0], isr, b);
	b->acknowledge = true;

	b->tx = allocate(sizeof(*b->tx) * BENCH_TX);
	b->rx = allocate(sizeof(*b->rx) * BENCH_RX);
	b->arena = allocate(BENCH_ARENA);
	b->rx_buffers = allocate(BENCH_RX_BUFFER * BENCH_RX);
	b->tx_logical = nt_dma_map(&b->machine.dma, b->tx, sizeof(*b->tx) * BENCH_TX, UINT64_MAX);
	b->rx_logical = nt_dma_map(&b->machine.dma, b->rx, sizeof(*b->rx) * BENCH_RX, UINT64_MAX);
	b->arena_logical = nt_dma_map(&b->machine.dma, b->arena, BENCH_ARENA, UINT64_MAX);
	b->rx_buffers_logical =
		nt_dma_map(&b->machine.dma, b->rx_buffers, BENCH_RX_BUFFER * BENCH_RX, UINT64_MAX);
	return b;
}

void bench_destroy(struct bench *b)
{
	nt_interrupt_connect(&b->device->bus.interrupts[0], NULL, NULL);
	device_destroy(b->device);
	nt_thread_leave();
	nt_machine_destroy(&b->machine);
	bench_forget_sent(b);
	while (b->coming_count) {
		free(b->coming[b->coming_first++ % BENCH_COMING].bytes);
		b->coming_count--;
	}
	free(b->tx);
	free(b->rx);
	free(b->arena);
	free(b->rx_buffers);
	pthread_cond_destroy(&b->changed);
	pthread_mutex_destroy(&b->lock);
	free(b);
}

int bench_link_changes(struct bench *b)
{
	int changes;

	pthread_mutex_lock(&b->lock);
	changes = b->link_changes;
	pthread_mutex_unlock(&b->lock);
	return changes;
}

void bench_await_link(struct bench *b, int n)
{
	struct timespec end;
	int error = 0;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += 30;
	pthread_mutex_lock(&b->lock);
	while (b->link_changes < n && !error)
		error = pthread_cond_timedwait(&b->changed, &b->lock, &end);
	pthread_mutex_unlock(&b->lock);
	assert_int_equal(error, 0);
}

uint32_t bench_read(struct bench *b, unsigned at, unsigned width)
{
	return (uint32_t)b->device->ops->bus.regions[RTL_BAR].access.read(b->device, at, width);
}

void bench_write(struct bench *b, unsigned at, unsigned width, uint32_t value)
{
	b->device->ops->bus.regions[RTL_BAR].access.write(b->device, at, width, value);
}

void bench_start(struct bench *b)
{
	for (int i = 0; i < BENCH_RX; i++)
		bench_rx_return(b, i);
	bench_write(b, RTL_RDSAR, 4, (uint32_t)b->rx_logical);
	bench_write(b, RTL_RDSAR + 4, 4, (uint32_t)(b->rx_logical >> 32));
	bench_write(b, RTL_CMD, 1, bench_read(b, RTL_CMD, 1) | RTL_CMD_RE);
	bench_write(b, RTL_RCR, 4, RTL_RCR_PHYSICAL | RTL_RCR_BROADCAST);
	bench_write(b, RTL_MTPS, 1, 12);
	bench_write(b, RTL_TNPDS, 4, (uint32_t)b->tx_logical);
	bench_write(b, RTL_TNPDS + 4, 4, (uint32_t)(b->tx_logical >> 32));
	bench_write(b, RTL_CMD, 1, bench_read(b, RTL_CMD, 1) | RTL_CMD_TE);
	bench_write(b, RTL_TCR, 4, 0x03000701);
	b->tx_next = 0;
}

uint64_t bench_store(struct bench *b, const void *bytes, size_t length)
{
	uint64_t logical;

	if (b->arena_used + length > BENCH_ARENA)
		b->arena_used = 0;
	memcpy(b->arena + b->arena_used, bytes, length);
	logical = b->arena_logical + b->arena_used;
	b->arena_used += length;
	return logical;
}

struct bench_descriptor *bench_post(struct bench *b, uint64_t address, size_t length,
				    uint16_t status, uint16_t offload)
{
	struct bench_descriptor *d = &b->tx[b->tx_next];

	d->length = (uint16_t)length;
	d->vlan = 0;
	d->offload = offload;
	d->address = address;
	d->status = status | RTL_OWN | (b->tx_next == BENCH_TX - 1 ? RTL_EOR : 0);
	b->tx_next = (b->tx_next + 1) % BENCH_TX;
	return d;
}

void bench_doorbell(struct bench *b)
{
	bench_write(b, RTL_TPPOLL, 1, RTL_TPPOLL_NPQ);
}

void bench_send(struct bench *b, const void *bytes, size_t length, uint16_t status,
		uint16_t offload)
{
	bench_post(b, bench_store(b, bytes, length), length, status | RTL_FS | RTL_LS, offload);
	bench_doorbell(b);
}

void bench_forget_sent(struct bench *b)
{
	for (int i = 0; i < b->sent_count; i++)
		free(b->sent[i].bytes);
	b->sent_count = 0;
}

void bench_arrive(struct bench *b, const void *bytes, size_t length, const struct frame_meta *meta)
{
	struct bench_coming *to = &b->coming[(b->coming_first + b->coming_count++) % BENCH_COMING];

	to->bytes = malloc(length);
	memcpy(to->bytes, bytes, length);
	to->length = length;
	to->meta = meta ? *meta : (struct frame_meta){ 0 };
}

uint8_t *bench_rx_buffer(struct bench *b, int descriptor)
{
	return b->rx_buffers + descriptor * BENCH_RX_BUFFER;
}

void bench_rx_return(struct bench *b, int i)
{
	b->rx[i] = (struct bench_descriptor){
		.length = BENCH_RX_BUFFER,
		.status = RTL_OWN | (i == BENCH_RX - 1 ? RTL_EOR : 0),
		.address = b->rx_buffers_logical + (uint64_t)i * BENCH_RX_BUFFER,
	};
}

struct device_counters bench_counters(struct bench *b)
{
	struct device_counters counters;

	device_counters(b->device, &counters);
	return counters;
}

bool bench_ends_in_violation(void (*act)(struct bench *b), struct bench *b)
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (!child) {
		int quiet = open("/dev/null", O_WRONLY);

		dup2(quiet, STDERR_FILENO);
		act(b);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) && WEXITSTATUS(status) == NT_VIOLATION_EXIT_CODE;
}

int bench_set_up(void **state)
{
	*state = bench_create(false);
	bench_start(*state);
	return 0;
}

int bench_set_up_super(void **state)
{
	*state = bench_create(true);
	bench_start(*state);
	return 0;
}

int bench_tear_down(void **state)
{
	bench_destroy(*state);
	return 0;
}
