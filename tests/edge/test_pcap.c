/* SPDX-License-Identifier: MIT */
/* Capture files, read and written; and files that are none. */
#include <netcx/lso.h>
#include <pcap/pcap.h>
#include <pthread.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "edges.h"
#include "stage/files.h"

static const struct edge_config stack = { .role = EDGE_STACK, .mtu = 1500 };
static const struct edge_config wire = { .role = EDGE_WIRE };

static char directory[FOLDER_ROOM];
static char path[64], spec[72];
static uint8_t room[80000];

static int make_directory(void **state)
{
	if (folder_make(directory))
		return -1;
	snprintf(path, sizeof(path), "%s/a.pcap", directory);
	snprintf(spec, sizeof(spec), "pcap:%s", path);
	return 0;
}

static int remove_directory(void **state)
{
	return folder_remove(directory);
}

/* A capture of the given frames, their length in the file cut to @keep when it is not 0. */
static void write_capture(const struct test_frame *frames, int count, size_t keep, int link)
{
	pcap_t *pcap = pcap_open_dead(link, 262144);
	pcap_dumper_t *dumper = pcap_dump_open(pcap, path);

	assert_non_null(dumper);
	for (int i = 0; i < count; i++) {
		struct pcap_pkthdr header = { .len = (uint32_t)frames[i].length };

		header.caplen = keep && keep < header.len ? (uint32_t)keep : header.len;
		pcap_dump((u_char *)dumper, &header, frames[i].bytes);
	}
	pcap_dump_close(dumper);
	pcap_close(pcap);
}

/* The link type in the header of the file that was written last. */
static void set_link(int link)
{
	FILE *file = fopen(path, "r+");

	assert_non_null(file);
	assert_int_equal(fseek(file, 20, SEEK_SET), 0);
	assert_int_equal(fwrite(&link, sizeof(link), 1, file), 1);
	assert_int_equal(fclose(file), 0);
}

static void assert_ends(struct edge *edge, int error)
{
	struct iovec iov = { room, sizeof(room) };
	struct frame_meta meta;

	assert_int_equal(edge_receive(edge, &iov, 1, &meta), error);
	assert_int_equal(edge_receive(edge, &iov, 1, &meta), error);
}

static void packets_of_a_sender_are_handed_over(void **state)
{
	struct test_frame frames[] = {
		make_frame(&(struct shape){ .payload = 300, .final = true }),
		make_frame(&(struct shape){ .payload = 300 }),
		make_frame(&(struct shape){ .payload = 60000, .tcp_words = 3, .final = true }),
		make_frame(&(struct shape){ .version = 6, .tags = 2, .payload = 60000 }),
		make_frame(&(struct shape){ .protocol = IPPROTO_UDP, .payload = 300 }),
		make_frame(&(struct shape){ .tags = 1, .payload = 1460, .final = true }),
		make_frame(&(struct shape){ .version = 6, .ip_words = 2, .payload = 3000 }),
		make_frame(&(struct shape){ .protocol = IPPROTO_UDP, .payload = 3000 }), /* cut */
	};
	const struct frame_meta expected[] = {
		{ 0 },
		{ .needs_checksum = true, .layout = LAYOUT(4, IPPROTO_TCP, 14, 34, 54) },
		{ .mss = 1448,
		  .needs_checksum = true,
		  .layout = LAYOUT(4, IPPROTO_TCP, 14, 34, 66) },
		{ .mss = 1440,
		  .needs_checksum = true,
		  .layout = LAYOUT(6, IPPROTO_TCP, 22, 62, 82) },
		{ .needs_checksum = true, .layout = LAYOUT(4, IPPROTO_UDP, 14, 34, 42) },
		{ 0 },
		{ .mss = 1424,
		  .needs_checksum = true,
		  .layout = LAYOUT(6, IPPROTO_TCP, 14, 70, 90) },
	};
	struct edge_account account;
	struct frame_meta meta;
	struct edge *edge;

	write_capture(frames, 8, 0, DLT_EN10MB);
	edge = open_edge(spec, &stack);
	assert_true(edge->finite);
	assert_true(edge->super_packets);
	assert_int_equal(edge->fd, -1);
	for (int i = 0; i < 7; i++) {
		size_t length = receive(edge, room, sizeof(room), &meta);
		struct test_frame seed = frames[i];

		assert_int_equal(length, frames[i].length);
		assert_meta(&meta, &expected[i]);
		if (meta.mss) {
			struct iovec iov = { seed.bytes, seed.length };
			struct lso_layout layout;

			assert_int_equal(lso_parse(&iov, 1, &layout), LSO_OK);
			lso_set_seed(seed.bytes, &layout, (uint32_t)(seed.length - seed.l4));
		}
		assert_memory_equal(room, seed.bytes, length);
	}
	for (size_t left = 3000, part; left; left -= part) {
		part = left < 1472 ? left : 1472;
		assert_int_equal(receive(edge, room, sizeof(room), &meta), 42 + part);
		assert_meta(&meta, &expected[0]);
		assert_int_equal(lso_verify(room, 42 + part).l4, LSO_SUM_GOOD);
		assert_memory_equal(room + 42, frames[7].bytes + 42 + 3000 - left, part);
	}
	assert_ends(edge, -ENODATA);
	assert_null(edge_ended(edge));
	assert_int_equal(counted(edge).rx_frames, 10);
	assert_int_equal(counted(edge).rx_super, 3);
	assert_int_equal(counted(edge).rx_dropped, 0);
	edge_account(edge, &account);
	assert_int_equal(account.packets, 8);
	assert_int_equal(account.cut, 1);
	assert_int_equal(account.lost, 0);
	assert_string_equal(account.why, "");
	assert_string_equal(account.notes, "1 cut into datagrams by guess");
	edge_close(edge);
	for (int i = 0; i < 8; i++)
		free(frames[i].bytes);
}

static void the_mtu_decides(void **state)
{
	struct test_frame frame = make_frame(&(struct shape){ .payload = 5000, .final = true });
	struct edge_config config = stack;
	struct frame_meta meta;
	static const struct {
		uint32_t mtu;
		int mss; /* -1: dropped */
	} cases[] = { { 0, 1460 }, { 5040, 0 }, { 5039, 4999 }, { 41, 1 }, { 40, -1 }, { 9, -1 } };

	write_capture(&frame, 1, 0, DLT_EN10MB);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct edge *edge;

		config.mtu = cases[i].mtu;
		if (!config.mtu && i)
			continue;
		edge = open_edge(spec, &config);
		if (cases[i].mss >= 0) {
			assert_int_equal(receive(edge, room, sizeof(room), &meta), frame.length);
			assert_int_equal(meta.mss, cases[i].mss);
		}
		assert_ends(edge, -ENODATA);
		assert_int_equal(counted(edge).rx_dropped, cases[i].mss < 0);
		edge_close(edge);
	}
	free(frame.bytes);
}

/* Padding and check sequences are a NIC's: what a capture has of them is not sent. */
static void what_is_behind_a_packet_is_not_handed_over(void **state)
{
	const struct {
		struct shape shape;
		size_t behind;
		int link; /* with the length of the check sequence in it, as in a file's header */
		int mss;
	} cases[] = {
		{ { .payload = 1, .final = true }, 5, DLT_EN10MB, 0 },
		{ { .payload = 1460, .final = true }, 4, DLT_EN10MB, 0 },
		{ { .payload = 1460 }, 16, DLT_EN10MB, 0 },
		{ { .version = 6, .payload = 1440, .tags = 1 }, 4, DLT_EN10MB, 0 },
		{ { .protocol = IPPROTO_UDP, .payload = 1472 }, 4, DLT_EN10MB, 0 },
		{ { .protocol = IPPROTO_ICMP, .payload = 1472 }, 4, DLT_EN10MB, 0 },
		{ { .payload = 20000 }, 12, DLT_EN10MB, 1460 },
		{ { .version = 6, .payload = 70000 }, 4, DLT_EN10MB | 0x24000000, 1440 },
		{ { .payload = 70000 }, 6, DLT_EN10MB | 0x34000000, 1460 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct test_frame frame = make_frame(&cases[i].shape);
		struct test_frame longer = frame;
		bool needs = cases[i].shape.protocol != IPPROTO_ICMP && !cases[i].shape.final;
		struct iovec iov = { frame.bytes, frame.length };
		struct lso_layout layout;
		struct frame_meta meta;
		struct edge *edge;

		lso_parse(&iov, 1, &layout);
		lso_fill_checksums(frame.bytes, frame.length, &layout, true, false);
		longer.length += cases[i].behind;
		longer.bytes = calloc(1, longer.length);
		memcpy(longer.bytes, frame.bytes, frame.length);
		memset(longer.bytes + frame.length, 0xa5, cases[i].behind);
		write_capture(&longer, 1, 0, DLT_EN10MB);
		set_link(cases[i].link);
		edge = open_edge(spec, &stack);
		assert_int_equal(receive(edge, room, sizeof(room), &meta), frame.length);
		assert_memory_equal(room, frame.bytes, frame.length);
		assert_int_equal(meta.mss, cases[i].mss);
		assert_int_equal(meta.needs_checksum, needs);
		assert_ends(edge, -ENODATA);
		assert_int_equal(counted(edge).rx_dropped, 0);
		edge_close(edge);
		/* What was cut off while it was captured was none of it. */
		write_capture(&longer, 1, frame.length + 1, DLT_EN10MB);
		set_link(cases[i].link);
		edge = open_edge(spec, &stack);
		assert_int_equal(receive(edge, room, sizeof(room), &meta), frame.length);
		edge_close(edge);
		write_capture(&longer, 1, frame.length - 1, DLT_EN10MB);
		set_link(cases[i].link);
		edge = open_edge(spec, &stack);
		assert_ends(edge, -ENODATA);
		assert_int_equal(counted(edge).rx_dropped, 1);
		edge_close(edge);
		free(longer.bytes);
		free(frame.bytes);
	}
}

static void what_cannot_be_sent_is_dropped(void **state)
{
	struct test_frame frames[] = { make_frame(&(struct shape){ .payload = 3000 }),
				       make_frame(&(struct shape){ .payload = 5, .final = true }) };
	struct test_frame gre =
		make_frame(&(struct shape){ .protocol = IPPROTO_GRE, .payload = 3000 });
	struct edge_account account;
	struct frame_meta meta;
	struct edge *edge;

	/* Cut while it was captured. */
	write_capture(frames, 2, 96, DLT_EN10MB);
	edge = open_edge(spec, &stack);
	assert_int_equal(receive(edge, room, sizeof(room), &meta), frames[1].length);
	assert_ends(edge, -ENODATA);
	assert_int_equal(counted(edge).rx_dropped, 1);
	edge_account(edge, &account);
	assert_int_equal(account.lost, 1);
	assert_string_equal(account.why, "1 not captured whole");
	edge_close(edge);
	/* Longer than the MTU, and nothing that can be cut. */
	write_capture(&gre, 1, 0, DLT_EN10MB);
	edge = open_edge(spec, &stack);
	assert_ends(edge, -ENODATA);
	edge_account(edge, &account);
	assert_int_equal(account.lost, 1);
	assert_non_null(strstr(account.why, "1 too long and "));
	edge_close(edge);
	/* A super-packet larger than the room is cut; a segment, lost. Shorter than a header. */
	write_capture(frames, 2, 0, DLT_EN10MB);
	edge = open_edge(spec, &stack);
	assert_int_equal(receive(edge, room, 3053, &meta), 1514);
	assert_int_equal(meta.mss, 0);
	assert_int_equal(receive(edge, room, 1513, &meta), 54 + 3000 - 2 * 1460);
	assert_int_equal(counted(edge).rx_dropped, 1);
	assert_int_equal(receive(edge, room, 1513, &meta), frames[1].length);
	edge_account(edge, &account);
	assert_string_equal(account.why, "1 too large for the datapath");
	edge_close(edge);
	frames[1].length = 13;
	write_capture(frames + 1, 1, 0, DLT_EN10MB);
	edge = open_edge(spec, &stack);
	assert_ends(edge, -ENODATA);
	assert_int_equal(counted(edge).rx_dropped, 1);
	edge_account(edge, &account);
	assert_string_equal(account.why, "1 shorter than an Ethernet header");
	edge_close(edge);
	free(frames[0].bytes);
	free(frames[1].bytes);
	free(gre.bytes);
}

/* What a sender left to its NIC in any way comes as the stack would leave it; what is wrong stays.
 */
static void small_packets_come_as_a_stack_leaves_them(void **state)
{
	static const struct shape shapes[] = {
		{ .payload = 900 },
		{ .version = 6, .payload = 900, .tags = 1 },
		{ .version = 6, .protocol = IPPROTO_UDP, .payload = 900 },
	};
	struct frame_meta meta;
	struct edge *edge;

	for (size_t i = 0; i < 3 * 6; i++) {
		struct test_frame seed = make_frame(&shapes[i / 6]), left = seed;
		size_t at = seed.l4 + (shapes[i / 6].protocol == IPPROTO_UDP ? 6 : 16);
		size_t ip_length = seed.l3 + (shapes[i / 6].version == 6 ? 4 : 2);
		struct iovec iov = { seed.bytes, seed.length };
		struct lso_layout layout;
		uint16_t field;

		lso_parse(&iov, 1, &layout);
		left.bytes = malloc(left.length);
		memcpy(left.bytes, seed.bytes, left.length);
		memcpy(&field, left.bytes + at, 2);
		if (i % 6 == 1)
			field = 0;
		if (i % 6 == 2)
			field = lso_pseudo_sum(seed.bytes, &layout, 0);
		if (i % 6 == 3)
			field = (uint16_t)~field;
		if (i % 6 == 4)
			memset(left.bytes + ip_length, 0, 2);
		if (i % 6 == 5)
			field ^= 0x1357;
		memcpy(left.bytes + at, &field, 2);
		write_capture(&left, 1, 0, DLT_EN10MB);
		edge = open_edge(spec, &stack);
		assert_int_equal(receive(edge, room, sizeof(room), &meta), left.length);
		assert_int_equal(meta.needs_checksum, i % 6 != 5);
		assert_memory_equal(room, i % 6 == 5 ? left.bytes : seed.bytes, left.length);
		if (i % 6 == 5) {
			struct edge_account account;

			edge_account(edge, &account);
			assert_int_equal(account.lost, 0);
			assert_string_equal(account.notes, "1 with a wrong checksum");
		}
		edge_close(edge);
		free(left.bytes);
		free(seed.bytes);
	}
}

static void put32(uint8_t *at, uint32_t value)
{
	memcpy(at, &value, 4);
}

/* The pcapng form: section header, interface, one packet (draft-ietf-opsawg-pcapng 4.1-4.3). */
static void pcapng_is_read(void **state)
{
	struct test_frame frame = make_frame(&(struct shape){ .payload = 100, .final = true });
	uint32_t padded = (uint32_t)(frame.length + 3) & ~3u, block = 32 + padded;
	uint8_t *file = calloc(1, 28 + 20 + block);
	struct frame_meta meta;
	struct edge *edge;

	put32(file, 0x0a0d0d0a);
	put32(file + 4, 28);
	put32(file + 8, 0x1a2b3c4d);
	put32(file + 12, 1);
	memset(file + 16, 0xff, 8);
	put32(file + 24, 28);
	put32(file + 28, 1);
	put32(file + 32, 20);
	put32(file + 36, DLT_EN10MB);
	put32(file + 44, 20);
	put32(file + 48, 6);
	put32(file + 52, block);
	put32(file + 68, (uint32_t)frame.length);
	put32(file + 72, (uint32_t)frame.length);
	memcpy(file + 76, frame.bytes, frame.length);
	put32(file + 48 + block - 4, block);
	file_put(path, file, 48 + block);
	edge = open_edge(spec, &stack);
	assert_int_equal(receive(edge, room, sizeof(room), &meta), frame.length);
	assert_memory_equal(room, frame.bytes, frame.length);
	assert_ends(edge, -ENODATA);
	edge_close(edge);
	free(file);
	free(frame.bytes);
}

static void a_pipe_is_read(void **state)
{
	struct test_frame frames[] = { make_frame(&(struct shape){ .payload = 100, .final = true }),
				       make_frame(&(struct shape){ .payload = 5000 }) };
	int ends[2], in = dup(0);
	struct iovec iov = { room, sizeof(room) };
	struct frame_meta meta;
	uint8_t file[8000];
	struct edge *edge;
	size_t length;

	write_capture(frames, 2, 0, DLT_EN10MB);
	length = file_get(path, file, sizeof(file));
	assert_int_equal(pipe(ends), 0);
	dup2(ends[0], 0);
	assert_int_equal(write(ends[1], file, 24), 24);
	edge = open_edge("pcap:-", &stack);
	assert_true(edge->fd >= 0);
	assert_int_equal(edge_receive(edge, &iov, 1, &meta), 0);
	assert_int_equal(write(ends[1], file + 24, length - 24), length - 24);
	assert_int_equal(receive(edge, room, sizeof(room), &meta), frames[0].length);
	assert_int_equal(receive(edge, room, sizeof(room), &meta), frames[1].length);
	assert_int_equal(edge_receive(edge, &iov, 1, &meta), 0);
	close(ends[1]);
	assert_ends(edge, -ENODATA);
	edge_close(edge);
	close(ends[0]);
	dup2(in, 0);
	close(in);
	free(frames[0].bytes);
	free(frames[1].bytes);
}

static void damage_is_said_once(void **state)
{
	struct test_frame frames[] = { make_frame(&(struct shape){ .payload = 100, .final = true }),
				       make_frame(
					       &(struct shape){ .payload = 200, .final = true }) };
	struct frame_meta meta;
	struct edge *edge;

	write_capture(frames, 2, 0, DLT_EN10MB);
	for (off_t size = 24 + 16 + 154 + 1; size < 24 + 2 * 16 + 154 + 254; size += 19) {
		assert_int_equal(truncate(path, size), 0);
		edge = open_edge(spec, &stack);
		assert_int_equal(receive(edge, room, sizeof(room), &meta), frames[0].length);
		assert_ends(edge, -EBADMSG);
		assert_non_null(
			strstr(edge_ended(edge), "the capture is damaged after packet 1: "));
		assert_null(strchr(edge_ended(edge), '\n'));
		edge_close(edge);
		write_capture(frames, 2, 0, DLT_EN10MB);
	}
	free(frames[0].bytes);
	free(frames[1].bytes);
}

static void foreign_files_are_refused(void **state)
{
	struct test_frame frame = make_frame(&(struct shape){ .payload = 100 });
	char where[80];

	snprintf(where, sizeof(where), "pcap:%s/none", directory);
	open_fails(where, &stack, "No such file or directory");
	snprintf(where, sizeof(where), "pcap:%s", directory);
	open_fails(where, &stack, "is a directory");
	open_fails(where, &wire, "cannot write");
	file_put(path, "", 0);
	open_fails(spec, &stack, "not a pcap or pcapng capture");
	file_put(path, "\xd4\xc3\xb2\xa1\2", 5);
	open_fails(spec, &stack, "not a pcap or pcapng capture");
	file_put(path, "#!/bin/sh\necho this is no capture at all\n", 40);
	open_fails(spec, &stack, "not a pcap or pcapng capture");
	write_capture(&frame, 1, 0, DLT_RAW);
	open_fails(spec, &stack, "its link type is RAW");
	write_capture(&frame, 1, 0, DLT_LINUX_SLL);
	open_fails(spec, &stack, "its link type is LINUX_SLL");
	if (getuid()) {
		chmod(path, 0);
		open_fails(spec, &stack, "Permission denied");
		unlink(path);
	}
	free(frame.bytes);
}

/* A header that is right, and noise behind it. */
static void noise_is_harmless(void **state)
{
	struct test_frame frame = make_frame(&(struct shape){ .payload = 3000 });
	struct random seed = { 7 };
	uint8_t file[8000];
	size_t length;

	write_capture(&frame, 1, 0, DLT_EN10MB);
	length = file_get(path, file, sizeof(file));
	for (int i = 0; i < 2000; i++) {
		uint8_t copy[8000];
		struct error why;
		struct edge *edge;

		memcpy(copy, file, sizeof(file));
		for (uint32_t n = random_below(&seed, 6); n; n--)
			copy[random_below(&seed, 110)] = (uint8_t)random_next(&seed);
		if (i % 4 == 0)
			random_fill(&seed, copy + 40, length - 40);
		file_put(path, copy, i % 3 ? length : random_below(&seed, (uint32_t)length));
		edge = edge_open(spec, &stack, &why);
		if (edge) {
			struct iovec iov = { room, 4000 };
			struct frame_meta meta;

			while (edge_receive(edge, &iov, 1, &meta) > 0)
				;
			edge_close(edge);
		} else {
			assert_int_equal(strncmp(why.text, spec, strlen(spec)), 0);
		}
	}
	free(frame.bytes);
}

static void *stop_it(void *edge)
{
	usleep(100000);
	edge_stop(edge);
	return NULL;
}

/* Whoever writes half a packet into a pipe and waits does not keep a run from ending. */
static void a_pipe_that_says_no_more_is_left(void **state)
{
	struct test_frame frame = make_frame(&(struct shape){ .payload = 1000, .final = true });
	int ends[2], in = dup(0);
	struct iovec iov = { room, sizeof(room) };
	struct frame_meta meta;
	pthread_t thread;
	uint8_t file[2000];
	struct edge *edge;

	write_capture(&frame, 1, 0, DLT_EN10MB);
	file_get(path, file, sizeof(file));
	assert_int_equal(pipe(ends), 0);
	dup2(ends[0], 0);
	assert_int_equal(write(ends[1], file, 500), 500);
	edge = open_edge("pcap:-", &stack);
	pthread_create(&thread, NULL, stop_it, edge);
	assert_int_equal(edge_receive(edge, &iov, 1, &meta), -ENODATA);
	pthread_join(thread, NULL);
	edge_close(edge);
	close(ends[0]);
	close(ends[1]);
	dup2(in, 0);
	close(in);
	free(frame.bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packets_of_a_sender_are_handed_over),
		cmocka_unit_test(the_mtu_decides),
		cmocka_unit_test(what_is_behind_a_packet_is_not_handed_over),
		cmocka_unit_test(what_cannot_be_sent_is_dropped),
		cmocka_unit_test(pcapng_is_read),
		cmocka_unit_test(a_pipe_is_read),
		cmocka_unit_test(damage_is_said_once),
		cmocka_unit_test(foreign_files_are_refused),
		cmocka_unit_test(noise_is_harmless),
		cmocka_unit_test(small_packets_come_as_a_stack_leaves_them),
		cmocka_unit_test(a_pipe_that_says_no_more_is_left),
	};

	return cmocka_run_group_tests_name("edge pcap", tests, make_directory, remove_directory);
}
