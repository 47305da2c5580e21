/* SPDX-License-Identifier: MIT */
/*
 * `netcx segment` from outside: captures of generated packets against the reference. NETCX is the
 * command's path.
 */
#include <netcx/lso.h>
#include <pcap/pcap.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "reference.h"
#include "stage/files.h"

#define PACKETS   400
#define FRAME_MAX (65535 + 512)

static const struct packet_limits limits = { .max_payload = 60000, .max_segments = 300 };
static char folder[FOLDER_ROOM];

static const char *in_folder(const char *name)
{
	static char paths[4][100];
	static int next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	return path;
}

/* segment() - run netcx segment with what a shell would be given. Return: the exit code */
static int segment(const char *format, ...)
{
	char arguments[1000], command[2000];
	va_list list;
	int status;

	va_start(list, format);
	vsnprintf(arguments, sizeof(arguments), format, list);
	va_end(list);
	snprintf(command, sizeof(command), "cd %s && '%s' segment %s 2>errors", folder,
		 getenv("NETCX"), arguments);
	status = system(command);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* says() - is this in what the last command said? */
static bool says(const char *text)
{
	char errors[4096];

	file_get(in_folder("errors"), errors, sizeof(errors));
	return strstr(errors, text);
}

/* A capture's packets have the right IP length, or 0 as super-packets may; the generator's have
 * any. */
static void put_ip_length(struct packet *p, uint32_t i)
{
	size_t length = p->length - p->l3 - (p->ip_version == 6 ? 40 : 0);
	uint8_t *field = p->bytes + p->l3 + (p->ip_version == 6 ? 4 : 2);

	if (i % 3 == 0 || length > UINT16_MAX)
		length = 0;
	field[0] = (uint8_t)(length >> 8);
	field[1] = (uint8_t)length;
}

/* UDP's the same: where it says less than IP's, options follow, and a sender's NIC cuts nothing. */
static void put_udp_length(struct packet *p, uint32_t i)
{
	size_t length = p->length - p->l4;

	if (i % 5 == 0 || length > UINT16_MAX)
		length = 0;
	p->bytes[p->l4 + 4] = (uint8_t)(length >> 8);
	p->bytes[p->l4 + 5] = (uint8_t)length;
}

/* The generator's packets, the same each time, and an MSS for each. */
static void make_packet(struct packet *p, struct random *r, uint32_t i)
{
	packet_make(p, r, &limits);
	put_ip_length(p, i);
	if (!p->tcp)
		put_udp_length(p, i);
	p->ip_id = LSO_IP_ID_NDIS;
	p->udp_zero_checksum = p->ip_version == 4; /* RFC 8200 8.1 */
	if (i % 10 == 9)
		p->mss = 0;
}

static int make_captures(void **state)
{
	pcap_t *pcap = pcap_open_dead(DLT_EN10MB, 262144);
	struct packet p = { .bytes = malloc(PACKET_MAX) };
	struct random r = { 31 };
	pcap_dumper_t *out;
	FILE *list;

	(void)state;
	if (folder_make(folder))
		return 1;
	out = pcap_dump_open(pcap, in_folder("in.pcap"));
	list = fopen(in_folder("list"), "w");
	for (uint32_t i = 0; i < PACKETS; i++) {
		struct pcap_pkthdr header = { .ts = { 1000 + i, i * 11 } };

		make_packet(&p, &r, i);
		header.caplen = header.len = (bpf_u_int32)p.length;
		pcap_dump((u_char *)out, &header, p.bytes);
		fprintf(list, "%u\n", p.mss);
	}
	pcap_dump_close(out);
	pcap_close(pcap);
	free(p.bytes);
	return fclose(list);
}

static int remove_captures(void **state)
{
	(void)state;
	return folder_remove(folder);
}

static void expect_next(pcap_t *pcap, uint32_t packet, const uint8_t *bytes, size_t length)
{
	struct pcap_pkthdr *header;
	const u_char *frame;

	assert_int_equal(pcap_next_ex(pcap, &header, &frame), 1);
	assert_int_equal(header->len, length);
	assert_int_equal(header->caplen, length);
	assert_memory_equal(frame, bytes, length);
	assert_int_equal(header->ts.tv_sec, 1000 + packet);
	assert_int_equal(header->ts.tv_usec, packet * 11);
}

/* expect_segments() - a capture holds the reference's segments, and others untouched */
static void expect_segments(const char *name, int ip_id)
{
	struct packet p = { .bytes = malloc(PACKET_MAX) };
	uint8_t *expected = malloc(FRAME_MAX);
	struct random r = { 31 };
	char error[PCAP_ERRBUF_SIZE];
	pcap_t *pcap = pcap_open_offline(in_folder(name), error);
	struct pcap_pkthdr *header;
	const u_char *frame;

	assert_non_null(pcap);
	for (uint32_t i = 0; i < PACKETS; i++) {
		make_packet(&p, &r, i);
		p.ip_id = ip_id;
		if (p.mss == 0 || packet_segments(&p) == 1) {
			expect_next(pcap, i, p.bytes, p.length);
			continue;
		}
		for (uint32_t k = 0; k < packet_segments(&p); k++) {
			size_t n = reference_segment(&p, k, expected);

			expect_next(pcap, i, expected, n);
		}
	}
	assert_int_equal(pcap_next_ex(pcap, &header, &frame), PCAP_ERROR_BREAK);
	pcap_close(pcap);
	free(expected);
	free(p.bytes);
}

static void a_list_cuts_each_packet_as_told(void **state)
{
	(void)state;
	assert_int_equal(segment("in.pcap out.pcap --mss-list list --keep-small --stats"), 0);
	assert_true(says("400 packets: "));
	assert_true(says("left alone, listed with 0: 40\n"));
	expect_segments("out.pcap", LSO_IP_ID_NDIS);
	assert_int_equal(segment("in.pcap out.pcap --mss-list list --keep-small --ip-id linux"), 0);
	expect_segments("out.pcap", LSO_IP_ID_LINUX);
}

static void pipes_work_as_files_do(void **state)
{
	(void)state;
	assert_int_equal(segment("- - --mss-list list --keep-small <in.pcap >piped.pcap"), 0);
	expect_segments("piped.pcap", LSO_IP_ID_NDIS);
}

/* No frame is longer than the MTU, all checksums are good, and cutting again changes nothing. */
static void an_mtu_holds_for_all_frames(void **state)
{
	char error[PCAP_ERRBUF_SIZE];
	struct pcap_pkthdr *header;
	const u_char *frame;
	pcap_t *pcap;

	(void)state;
	assert_int_equal(segment("in.pcap mtu.pcap --mtu 1400"), 0);
	assert_true(says(", 0 left alone"));
	pcap = pcap_open_offline(in_folder("mtu.pcap"), error);
	assert_non_null(pcap);
	while (pcap_next_ex(pcap, &header, &frame) == 1) {
		struct iovec iov = { (uint8_t *)(uintptr_t)frame, header->len };
		struct lso_layout layout;

		assert_int_equal(lso_parse(&iov, 1, &layout), LSO_OK);
		assert_true(header->len <= layout.l3_offset + 1400u);
	}
	pcap_close(pcap);
	assert_int_equal(segment("mtu.pcap again.pcap --mtu 1400 && cmp mtu.pcap again.pcap"), 0);
}

/* What a sender left to its NIC is finished: seeds of both kinds, but not on --keep-small. */
static void small_packets_are_finished(void **state)
{
	static uint8_t bytes[PACKET_MAX], expected[FRAME_MAX];
	struct packet_limits small = { .max_payload = 1000, .max_segments = 1 };
	pcap_t *pcap = pcap_open_dead(DLT_EN10MB, 262144);
	pcap_dumper_t *out = pcap_dump_open(pcap, in_folder("small.pcap"));
	pcap_dumper_t *good = pcap_dump_open(pcap, in_folder("good.pcap"));
	struct packet p = { .bytes = bytes };
	struct random r = { 32 };

	(void)state;
	for (int i = 0; i < 200; i++) {
		struct pcap_pkthdr header = { .ts = { i, 0 } };
		struct iovec iov = { expected, 0 };
		struct lso_layout layout;

		packet_make(&p, &r, &small);
		p.udp_zero_checksum = false;
		p.mss = 60000;
		if (p.length > 1400)
			continue;
		iov.iov_len = reference_segment(&p, 0, expected);
		header.caplen = header.len = (bpf_u_int32)iov.iov_len;
		pcap_dump((u_char *)good, &header, expected);
		assert_int_equal(lso_parse(&iov, 1, &layout), LSO_OK);
		lso_set_seed(expected, &layout, i % 2 ? 0 : (uint32_t)(iov.iov_len - p.l4));
		if (p.ip_version == 4 && i % 3 == 0)
			memset(expected + p.l3 + 10, 0, 2);
		pcap_dump((u_char *)out, &header, expected);
	}
	pcap_dump_close(out);
	pcap_dump_close(good);
	pcap_close(pcap);
	assert_int_equal(segment("small.pcap kept.pcap --keep-small && cmp small.pcap kept.pcap"),
			 0);
	assert_int_equal(segment("small.pcap done.pcap && cmp good.pcap done.pcap"), 0);
}

static void errors_are_said(void **state)
{
	(void)state;
	assert_int_equal(segment("in.pcap in.pcap"), 2);
	assert_true(says("netcx: segment: in.pcap: input and output are the same file"));
	assert_int_equal(segment("missing x.pcap"), 1);
	assert_true(says("missing: No such file"));
	assert_int_equal(segment("list x.pcap"), 1);
	assert_true(says("list: unknown file format"));
	assert_int_equal(segment("in.pcap missing/x.pcap"), 1);
	assert_int_equal(segment("in.pcap /dev/full"), 1);
	assert_true(says("/dev/full: No space left on device"));
	assert_int_equal(segment("in.pcap"), 2);
	assert_int_equal(segment("in.pcap x.pcap --mss 0"), 2);
	assert_int_equal(segment("in.pcap x.pcap --mss 1e3"), 2);
	assert_int_equal(segment("in.pcap x.pcap --mtu 10"), 2);
	assert_int_equal(segment("in.pcap x.pcap --mss 10 --mtu 1500"), 2);
	assert_int_equal(segment("in.pcap x.pcap --ip-id mac"), 2);
	assert_int_equal(segment("in.pcap x.pcap --nothing"), 2);
	assert_int_equal(segment("in.pcap x.pcap --mss-list in.pcap"), 1);
	assert_true(says("is not an MSS"));
	assert_int_equal(segment("in.pcap x.pcap --mss-list /dev/null"), 1);
	assert_true(says("/dev/null: it is empty"));
	assert_int_equal(segment("in.pcap x.pcap --mss-list ."), 1);
	assert_true(says(".: Is a directory"));
	assert_int_equal(segment("in.pcap x.pcap --keep-small && head -5 list >short"), 0);
	assert_int_equal(segment("in.pcap x.pcap --mss-list short"), 1);
	assert_true(says("the MSS list ends after 5 packets"));
	assert_int_equal(segment("/dev/null x.pcap"), 1);
	assert_true(says("/dev/null: it is empty"));
}

/* A capture that breaks off gives what was whole, and an error. */
static void a_broken_capture_gives_its_whole_part(void **state)
{
	(void)state;
	assert_int_equal(segment("in.pcap x.pcap && head -c 50000 in.pcap >half.pcap"), 0);
	assert_int_equal(segment("half.pcap broken.pcap --mss 1000"), 1);
	assert_true(says("half.pcap: after "));
	assert_int_equal(segment("broken.pcap x.pcap"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_cuts_each_packet_as_told),
		cmocka_unit_test(pipes_work_as_files_do),
		cmocka_unit_test(an_mtu_holds_for_all_frames),
		cmocka_unit_test(small_packets_are_finished),
		cmocka_unit_test(errors_are_said),
		cmocka_unit_test(a_broken_capture_gives_its_whole_part),
	};

	return cmocka_run_group_tests(tests, make_captures, remove_captures);
}
