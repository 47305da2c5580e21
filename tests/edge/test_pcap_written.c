/* SPDX-License-Identifier: MIT */
/* Capture files as the wire: written, replaced when they are whole, and never what is read as well.
 */
#include <netcx/lso.h>
#include <pcap/pcap.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "edges.h"
#include "stage/files.h"

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

static void frames_are_written(void **state)
{
	struct test_frame whole = make_frame(&(struct shape){ .payload = 1000, .final = true });
	struct test_frame partial = make_frame(&(struct shape){ .version = 6, .payload = 1000 });
	struct iovec iov[] = { { whole.bytes, 20 },
			       { whole.bytes + 20, whole.length - 20 },
			       { partial.bytes, partial.length },
			       { room, 70000 },
			       { room, 13 } };
	const struct frame_meta needs = { .needs_checksum = true,
					  .layout = LAYOUT(6, IPPROTO_TCP, 14, 54, 74) };
	struct frame_meta super = needs, wrong = needs;
	struct frame frames[] = { { .iov = iov, .count = 2 },
				  { .iov = iov + 2, .count = 1, .meta = needs },
				  { .iov = iov + 3, .count = 1 },
				  { .iov = iov + 4, .count = 1 },
				  { .iov = iov + 2, .count = 1, .meta = super },
				  { .iov = iov + 2, .count = 1, .meta = wrong } };
	const size_t lengths[] = { whole.length, partial.length, 70000 };
	struct pcap_pkthdr *header;
	const uint8_t *bytes;
	struct edge *edge;
	struct frame_meta meta;
	char why[PCAP_ERRBUF_SIZE];
	pcap_t *pcap;

	frames[4].meta.mss = 500;
	frames[5].meta.layout.l4_offset = 5000;
	unlink(path);
	edge = open_edge(spec, &wire);
	assert_false(edge->finite);
	assert_false(edge->super_packets);
	assert_int_equal(edge_receive(edge, iov, 1, &meta), 0);
	assert_int_equal(edge_send(edge, frames, 6), 6);
	assert_int_equal(counted(edge).tx_frames, 3);
	assert_int_equal(counted(edge).tx_dropped, 3);

	/* Before it is closed: whoever looks now finds whole packets. */
	pcap = pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, why);
	assert_non_null(pcap);
	assert_int_equal(pcap_datalink(pcap), DLT_EN10MB);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(pcap_next_ex(pcap, &header, &bytes), 1);
		assert_int_equal(header->caplen, lengths[i]);
		assert_int_equal(header->len, lengths[i]);
		assert_true(llabs((long long)header->ts.tv_sec - time(NULL)) < 60);
		assert_in_range(header->ts.tv_usec, 0, 999999999);
		if (i == 0)
			assert_memory_equal(bytes, whole.bytes, whole.length);
		if (i == 1)
			assert_int_equal(lso_verify(bytes, header->caplen).l4, LSO_SUM_GOOD);
	}
	assert_int_equal(pcap_next_ex(pcap, &header, &bytes), PCAP_ERROR_BREAK);
	pcap_close(pcap);
	edge_close(edge);
	free(whole.bytes);
	free(partial.bytes);
}

/* A good capture is there: it stays until the new one is whole. */
static void what_was_written_before_stays(void **state)
{
	struct test_frame frame = make_frame(&(struct shape){ .payload = 100, .final = true });
	struct iovec iov = { frame.bytes, frame.length };
	const struct frame frames[] = { { .iov = &iov, .count = 1 } };
	uint8_t bytes[300];

	for (int i = 0; i < 4; i++) {
		struct edge *edge;

		file_put_text(path, "good");
		edge = open_edge(spec, &wire);
		if (i)
			assert_int_equal(edge_send(edge, frames, 1), 1);
		if (i > 1)
			edge_finish(edge, i == 3);
		assert_int_equal(file_get(path, bytes, sizeof(bytes)), i == 3 ? 24 + 16 + 154 : 4);
		edge_close(edge);
		assert_int_equal(file_get(path, bytes, sizeof(bytes)), i == 3 ? 24 + 16 + 154 : 4);
	}
	free(frame.bytes);
}

/* What never sent anything leaves no file. */
static void a_capture_of_nothing_is_no_file(void **state)
{
	unlink(path);
	edge_close(open_edge(spec, &wire));
	assert_int_equal(access(path, F_OK), -1);
}

static void a_full_disk_is_said(void **state)
{
	open_fails("pcap:/dev/full", &wire, "No space left on device");
}

static void a_full_disk_ends_the_edge(void **state)
{
	struct test_frame frame = make_frame(&(struct shape){ .payload = 1000, .final = true });
	struct iovec iov = { frame.bytes, frame.length };
	const struct frame one = { .iov = &iov, .count = 1 };
	struct rlimit before, limit;
	struct stat status;
	struct edge *edge;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	limit = before;
	limit.rlim_cur = 3000;
	unlink(path);
	edge = open_edge(spec, &wire);
	setrlimit(RLIMIT_FSIZE, &limit);
	for (int i = 0; i < 5; i++)
		edge_send(edge, &one, 1);
	setrlimit(RLIMIT_FSIZE, &before);
	assert_non_null(strstr(edge_ended(edge), "cannot write: File too large"));
	assert_int_equal(counted(edge).tx_frames + counted(edge).tx_dropped, 5);
	assert_true(counted(edge).tx_dropped >= 2);
	edge_finish(edge, true);
	edge_close(edge);
	/* What is whole is kept. */
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_size, 24 + 2 * (16 + (int)frame.length));
	free(frame.bytes);
}

static void one_file_is_not_both(void **state)
{
	char other[80], linked[90];

	file_put_text(path, "x");
	snprintf(other, sizeof(other), "%s.link", path);
	snprintf(linked, sizeof(linked), "pcap:%s", other);
	assert_int_equal(link(path, other), 0);
	assert_true(edge_same_file(spec, spec));
	assert_true(edge_same_file(spec, linked));
	unlink(other);
	assert_int_equal(symlink("a.pcap", other), 0);
	assert_true(edge_same_file(linked, spec));
	unlink(other);
	assert_false(edge_same_file(spec, linked));
	assert_false(edge_same_file("tap:a", "tap:a"));
	assert_false(edge_same_file("pcap:/dev/null", "pcap:/dev/null"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_are_written),
		cmocka_unit_test(what_was_written_before_stays),
		cmocka_unit_test(a_capture_of_nothing_is_no_file),
		cmocka_unit_test(a_full_disk_is_said),
		cmocka_unit_test(a_full_disk_ends_the_edge),
		cmocka_unit_test(one_file_is_not_both),
	};

	return cmocka_run_group_tests_name("edge pcap_written", tests, make_directory,
					   remove_directory);
}
