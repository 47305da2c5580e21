/* SPDX-License-Identifier: MIT */
/* The edges of a host: what cannot be opened, what comes to an end, what is taken away. */
#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <net/if.h>
#include <netinet/in.h>
#include <pcap/pcap.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run.h"
#include "stage/files.h"

static void edges_that_cannot_be_opened(void **state)
{
	const struct surroundings own = { .new_network = geteuid() == 0 };

	expect(RUN("run", "@step", "--stack", "fly:away"), 1, "--stack fly:away");
	expect(RUN("run", "@step", "--stack", "pcap:/nonexistent"), 1, "/nonexistent");
	expect(RUN("run", "@step", "--stack", "tap:"), 1, "the interface's name is missing");
	expect(RUN("run", "@step", "--stack", "tap:sixteencharacter"), 1, "at most 15");
	expect(RUN_IN(&own, "run", "@step", "--device", "rtl8168", "--wire", "packet:nope0"), 1,
	       "nope0");
	expect(RUN("run", "@step", "--stack", "tap:x", "--netns", "no-such-namespace"), 1,
	       "no-such-namespace");
	expect(RUN("run", "@step", "--device", "rtl8168", "--wire", "pcap:/nonexistent/x"), 1,
	       "/nonexistent/x");
}

/* A user without privileges is told that @what is what a TAP takes. */
static void a_tap_takes(const char *what, mode_t tun)
{
	const struct surroundings nobody = { .nobody = true, .tun = tun };
	struct command *c;

	if (geteuid() == 0)
		assert_int_equal(chmod(scratch(), 0777), 0);
	c = RUN_IN(&nobody, "run", "@step", "--stack", "tap:nope0");
	chmod(scratch(), 0700);
	if (c->code == 77)
		skip();
	if (!strstr(c->stderr_text, what))
		fail_msg("\"%s\" expected, not: %s", what, c->stderr_text);
	expect(c, 1, "--stack tap:nope0");
}

#define THE_PRIVILEGE "CAP_NET_ADMIN"
#define THE_FILE \
	"cannot open /dev/net/tun: Permission denied; run as root or get access to the file"

/* Distributions give everybody the file and let the kernel ask for the privilege; some hosts do
 * not. */
static void without_privileges_a_tap_says_what_is_missing(void **state)
{
	struct stat st;
	bool ours;

	if (stat("/dev/net/tun", &st) != 0)
		skip();
	ours = geteuid() == 0 ? (st.st_mode & 06) == 06 : access("/dev/net/tun", R_OK | W_OK) == 0;
	a_tap_takes(ours ? THE_PRIVILEGE : THE_FILE, 0);
}

static void a_tap_that_everybody_may_open_takes_the_privilege(void **state)
{
	a_tap_takes(THE_PRIVILEGE, 0666);
}

static void a_tap_that_only_root_may_open_takes_the_file(void **state)
{
	a_tap_takes(THE_FILE, 0600);
}

/* A capture of @count small UDP frames. */
static void put_capture(const char *path, int link, int count)
{
	pcap_t *pcap = pcap_open_dead(link, 65535);
	pcap_dumper_t *dumper = pcap_dump_open(pcap, path);
	unsigned char frame[60] = { 2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, 46 };
	struct pcap_pkthdr header = { .caplen = sizeof(frame), .len = sizeof(frame) };

	assert_non_null(dumper);
	frame[22] = 64;
	frame[23] = 17;
	for (int i = 0; i < count; i++)
		pcap_dump((unsigned char *)dumper, &header, frame);
	pcap_dump_close(dumper);
	pcap_close(pcap);
}

static void a_capture_is_sent_and_summed_up(void **state)
{
	char path[256], spec[300];
	struct command *c;

	snprintf(path, sizeof(path), "%s/in.pcap", scratch());
	snprintf(spec, sizeof(spec), "pcap:%s", path);
	put_capture(path, DLT_EN10MB, 7);
	c = RUN("run", "@step", "--stack", spec, "--log", "json");
	assert_int_equal(c->code, 0);
	assert_non_null(strstr(c->stdout_text, "\"Finished\""));
	assert_non_null(strstr(c->stdout_text, "\"tx_packets\":7,"));
	assert_non_null(strstr(c->stdout_text, "DriverUnloaded"));
	release(c);
	put_capture(path, DLT_EN10MB, 0);
	c = RUN("run", "@step", "--stack", spec);
	assert_int_equal(c->code, 0);
	assert_non_null(strstr(c->stdout_text, "Finished"));
	release(c);
}

static void foreign_and_damaged_captures(void **state)
{
	char path[256], spec[300];
	unsigned char bytes[256];
	struct command *c;
	FILE *file;

	snprintf(path, sizeof(path), "%s/bad.pcap", scratch());
	snprintf(spec, sizeof(spec), "pcap:%s", path);
	file_put(path, "hello, this is no capture", 25);
	expect(RUN("run", "@step", "--stack", spec), 1, path);
	file_put(path, "", 0);
	expect(RUN("run", "@step", "--stack", spec), 1, path);
	put_capture(path, DLT_IEEE802_11, 1);
	expect(RUN("run", "@step", "--stack", spec), 1, path);

	/* Cut in the middle of its third frame: what is whole is sent, and it is told. */
	put_capture(path, DLT_EN10MB, 3);
	file = fopen(path, "rb");
	assert_int_equal(fread(bytes, 1, 24 + 2 * 76 + 30, file), 24 + 2 * 76 + 30);
	fclose(file);
	file_put(path, bytes, 24 + 2 * 76 + 30);
	c = RUN("run", "@step", "--stack", spec);
	expect(c, 1, path);
}

static bool run_ip(const char *command)
{
	return system(command) == 0;
}

/* The device under a host is deleted: a message and a clean end. */
static void a_tap_that_is_deleted_ends_the_host(void **state)
{
	struct command *c;

	if (geteuid() != 0 || unshare(CLONE_NEWNET) != 0)
		skip();
	c = start(NULL, "run", "@step", "--stack", "tap:gone0", "--log", "json", NULL);
	wait_for(c, "\"DeviceStarted\"");
	assert_true(run_ip("ip link set gone0 up"));
	wait_for(c, "StackUp");
	assert_true(run_ip("ip link delete gone0"));
	finish(c);
	assert_non_null(strstr(c->stdout_text, "DriverUnloaded"));
	expect(c, 1, "gone0");
}

/* The netdev's MTU and address are the adapter's, in both directions. */
static void mtu_and_address_follow(void **state)
{
	struct command *c;

	if (geteuid() != 0 || unshare(CLONE_NEWNET) != 0)
		skip();
	c = start(NULL, "run", "@step", "--stack", "tap:nic9", "--log", "json", NULL);
	wait_for(c, "\"DeviceStarted\"");
	assert_true(run_ip("ip link show nic9 | grep -q 'mtu 1500'"));
	assert_true(run_ip("ip link show nic9 | grep -q 02:00:00:00:00:09"));
	assert_true(run_ip("ip link set nic9 mtu 1400"));
	wait_for(c, "\"mtu\":1400");
	assert_null(strstr(c->stdout_text, "AdapterRestart"));
	assert_true(run_ip("ip link set nic9 mtu 4000"));
	wait_for(c, "\"reason\":\"*JumboPacket\"");
	wait_for(c, "\"status_value\":0,\"mtu\":4000");
	assert_true(run_ip("ip link set nic9 address 02:aa:00:00:00:01"));
	wait_for(c, "\"reason\":\"NetworkAddress\"");
	assert_int_equal(stop(c), 0);
	release(c);
}

/* Frames to a neighbour behind the device, which has an address. */
static void send_frames(unsigned count)
{
	const struct sockaddr_in to = { .sin_family = AF_INET,
					.sin_port = htons(9),
					.sin_addr = { htonl(0x0a090002) } };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	for (unsigned i = 0; i < count; i++)
		assert_int_equal(
			sendto(fd, "frame", 5, 0, (const struct sockaddr *)&to, sizeof(to)), 5);
	close(fd);
}

static void succeeds(struct command *c)
{
	if (c->code != 0 || c->stderr_text[0])
		fail_msg("exit code %d:\n%s%s", c->code, c->stdout_text, c->stderr_text);
	release(c);
}

/* Its two threads make and delete adapters all the time, the worker waits for them at the end. */
static void adapters_come_and_go_beside_traffic_and_requests(void **state)
{
	struct command *c;

	if (geteuid() != 0 || unshare(CLONE_NEWNET) != 0)
		skip();
	c = start(NULL, "run", "@makers", "--name", "Nic", "--stack", "tap:nic9", NULL);
	wait_for(c, "DeviceStarted");
	await_host(c, "Nic");
	assert_true(run_ip("ip address add 10.9.0.1/24 dev nic9 && ip link set nic9 up"));
	assert_true(run_ip("ip neighbour add 10.9.0.2 lladdr 02:00:00:00:00:08 dev nic9"));
	for (int i = 0; i < 6; i++) {
		send_frames(200);
		succeeds(RUN("show", "--json"));
		succeeds(RUN("offload", "Nic", "--coalesce", i % 2 ? "on" : "off"));
		succeeds(RUN("offload", "Nic", "--lso-v4", "off"));
		succeeds(RUN("sleep", "Nic", "--wake"));
		succeeds(RUN("wake", "Nic"));
	}
	wait_for(c, "all have been started");
	succeeds(RUN("restart", "Nic"));
	succeeds(RUN("show", "Nic"));
	wait_for(c, "Nic #2");
	assert_int_equal(stop(c), 0);
	release(c);
}

/* How many rings for io_uring a process has open. */
static unsigned io_urings(pid_t pid)
{
	char path[64], target[64];
	unsigned count = 0;

	for (int fd = 0; fd < 100; fd++) {
		ssize_t n;

		snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, fd);
		n = readlink(path, target, sizeof(target) - 1);
		target[n > 0 ? n : 0] = '\0';
		count += strstr(target, "[io_uring]") != NULL;
	}
	return count;
}

static bool has_io_uring(void)
{
	struct io_uring ring;

	if (io_uring_queue_init(1, &ring, 0))
		return false;
	io_uring_queue_exit(&ring);
	return true;
}

/* On both edges, unless the kernel has none, or the user does not want it. */
static void io_uring_can_be_left_alone(void **state)
{
	static const char *const wishes[] = { "--name=Nic", "--no-io-uring" };
	unsigned has[2];

	(void)state;
	if (geteuid() != 0 || unshare(CLONE_NEWNET) != 0)
		skip();
	for (unsigned i = 0; i < 2; i++) {
		struct command *c =
			start(NULL, "run", "@step", "--stack", "tap:nic9", wishes[i], NULL);

		wait_for(c, "DeviceStarted");
		has[i] = io_urings(c->pid);
		assert_int_equal(stop(c), 0);
		release(c);
	}
	assert_int_equal(has[0] > 0, has_io_uring());
	assert_int_equal(has[1], 0);
}

/* More than the driver takes: the device gets back what the driver has. */
static void the_drivers_mtu_wins(void **state)
{
	struct command *c;

	if (geteuid() != 0 || unshare(CLONE_NEWNET) != 0)
		skip();
	c = start(NULL, "run", "@step", "--stack", "tap:nic9", "--mtu", "1300", "--log", "json",
		  NULL);
	wait_for(c, "\"DeviceStarted\"");
	assert_true(run_ip("ip link show nic9 | grep -q 'mtu 1300'"));
	assert_int_equal(stop(c), 0);
	release(c);
	c = start(NULL, "run", "@step", "--stack", "tap:nic9", "--mtu", "3000", "--log", "json",
		  NULL);
	wait_for(c, "\"DeviceStarted\"");
	assert_true(run_ip("ip link show nic9 | grep -q 'mtu 3000'"));
	assert_int_equal(stop(c), 0);
	release(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(edges_that_cannot_be_opened),
		cmocka_unit_test(without_privileges_a_tap_says_what_is_missing),
		cmocka_unit_test(a_tap_that_everybody_may_open_takes_the_privilege),
		cmocka_unit_test(a_tap_that_only_root_may_open_takes_the_file),
		cmocka_unit_test(a_capture_is_sent_and_summed_up),
		cmocka_unit_test(foreign_and_damaged_captures),
		cmocka_unit_test(a_tap_that_is_deleted_ends_the_host),
		cmocka_unit_test(mtu_and_address_follow),
		cmocka_unit_test(adapters_come_and_go_beside_traffic_and_requests),
		cmocka_unit_test(io_uring_can_be_left_alone),
		cmocka_unit_test(the_drivers_mtu_wins),
	};

	return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
