/* SPDX-License-Identifier: MIT */
/* When the adapters are up, and who hears of it: netcx wait, --ready-fd, sd_notify, early commands.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "run.h"

/* Milliseconds, in hexadecimal as step.c has it. */
static const struct surroundings slow = { .step = "Slow", .status = "2bc" }, /* 0.7 s */
	very_slow = { .step = "Slow", .status = "1f40" };                    /* 8 s */

/* Its control socket is there, and its driver is not up. */
static struct command *start_slowly(const struct surroundings *around, const char *name,
				    const char *option, const char *value)
{
	struct command *c = start(around, "run", "@step", "--name", name, option, value, NULL);

	wait_for(c, "EvtDevicePrepareHardware");
	return c;
}

/* What it still waits for is not waited for. */
static void end_at_once(struct command *c)
{
	kill(c->pid, SIGKILL);
	finish(c);
	release(c);
}

/* In the background of the other tests: more than a command waits for. */
static struct command *late_host, *late_command;

static void a_command_waits_only_so_long(void **state)
{
	late_host = start_slowly(&very_slow, "Late", NULL, NULL);
	late_command = start(NULL, "set", "Late", "*JumboPacket", "1514", NULL);
}

static void and_says_what_it_waited_for(void **state)
{
	finish(late_command);
	expect(late_command, 1, "the host is still starting: its driver has not come up");
	end_at_once(late_host);
}

static void an_early_command_waits_for_the_start(void **state)
{
	struct command *c = start_slowly(&slow, "Early", NULL, NULL);
	struct command *query = RUN("oid", "Early", "query", "OID_GEN_VENDOR_DESCRIPTION");

	assert_string_equal(query->stderr_text, "");
	assert_int_equal(query->code, 0);
	assert_non_null(strstr(query->stdout_text, "Step by step"));
	assert_true(comes(c, "DeviceStarted", 0));
	release(query);
	assert_int_equal(stop(c), 0);
	release(c);
}

static void an_early_command_to_a_host_that_ends_is_told_so(void **state)
{
	struct command *c = start_slowly(&slow, "Ending", NULL, NULL);
	struct command *query = start(NULL, "oid", "Ending", "query", "OID_GEN_STATISTICS", NULL);

	/* Asked, then ended: both are there before the driver is up. */
	assert_false(comes(query, "anything", 200));
	assert_int_equal(stop(c), 0);
	finish(query);
	expect(query, 1, "the host is stopping");
	release(c);
}

static void wait_returns_when_the_adapter_runs(void **state)
{
	struct command *early = start(NULL, "wait", "Waited", NULL);
	struct command *c = start(&slow, "run", "@step", "--name", "Waited", NULL), *shown;

	assert_int_equal(finish(early), 0);
	assert_string_equal(early->stderr_text, "");
	release(early);
	shown = RUN("show", "Waited");
	assert_non_null(strstr(shown->stdout_text, "Waited: running"));
	release(shown);
	assert_int_equal(stop(c), 0);
	release(c);
}

static void wait_says_what_does_not_come(void **state)
{
	struct command *c;

	expect(RUN("wait", "Nowhere", "--timeout", "1"), 1,
	       "no adapter Nowhere of this user's runs after 1 seconds");
	c = start_slowly(&very_slow, "Slow", NULL, NULL);
	expect(RUN("wait", "Slow", "--timeout", "1"), 1, "\"Slow\" (pid ");
	end_at_once(c);
	expect(RUN("wait", "a", "b"), 2, "one adapter is expected");
	expect(RUN("wait", "--timeout", "soon"), 2, "seconds are expected");
}

/* A pipe whose write end a child gets by number. */
static void open_pipe(int ends[2], char number[12])
{
	assert_int_equal(pipe(ends), 0);
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	snprintf(number, 12, "%d", ends[1]);
}

static ssize_t read_end(int fd, char *byte)
{
	struct pollfd p = { fd, POLLIN, 0 };

	assert_int_equal(poll(&p, 1, 20000), 1);
	return read(fd, byte, 1);
}

static void a_descriptor_is_told(void **state)
{
	char number[12], byte = 0;
	struct command *c;
	int ends[2];

	open_pipe(ends, number);
	c = start_slowly(&slow, "Told", "--ready-fd", number);
	close(ends[1]);
	assert_int_equal(poll(&(struct pollfd){ ends[0], POLLIN, 0 }, 1, 0), 0);
	assert_int_equal(read_end(ends[0], &byte), 1);
	assert_int_equal(byte, '\n');
	/* Closed at once, while the host runs. */
	assert_int_equal(read_end(ends[0], &byte), 0);
	close(ends[0]);
	assert_int_equal(stop(c), 0);
	release(c);
}

static void a_descriptor_is_closed_without_a_word_when_nothing_comes_up(void **state)
{
	const struct surroundings broken = { .step = "D0Entry", .status = "c0000001" };
	char number[12], byte = 0;
	struct command *c;
	int ends[2];

	open_pipe(ends, number);
	c = start(&broken, "run", "@step", "--name", "Broken", "--ready-fd", number, NULL);
	close(ends[1]);
	assert_int_equal(read_end(ends[0], &byte), 0);
	close(ends[0]);
	assert_int_equal(finish(c), 1);
	release(c);
}

static void a_wrong_descriptor_is_refused(void **state)
{
	int fd = open("/dev/null", O_RDONLY);
	char number[12];

	snprintf(number, sizeof(number), "%d", fd);
	expect(RUN("run", "@step", "--ready-fd", number), 2, "open for reading only");
	close(fd);
	expect(RUN("run", "@step", "--ready-fd", "987"), 2,
	       "--ready-fd 987: that descriptor is not");
	expect(RUN("run", "@step", "--ready-fd", "x"), 2, "--ready-fd x: the number");
}

static void systemd_is_told(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct pollfd p = { fd, POLLIN, 0 };
	char text[64] = "";
	struct command *c;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/notify", scratch());
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	setenv("NOTIFY_SOCKET", address.sun_path, 1);
	c = start_slowly(&slow, "Notified", NULL, NULL);
	unsetenv("NOTIFY_SOCKET");
	assert_int_equal(poll(&p, 1, 0), 0);
	assert_int_equal(poll(&p, 1, 20000), 1);
	assert_true(read(fd, text, sizeof(text) - 1) > 0);
	assert_string_equal(text, "READY=1\n");
	assert_int_equal(stop(c), 0);
	memset(text, 0, sizeof(text));
	assert_int_equal(poll(&p, 1, 0), 1);
	assert_true(read(fd, text, sizeof(text) - 1) > 0);
	assert_string_equal(text, "STOPPING=1\n");
	assert_int_equal(poll(&p, 1, 0), 0);
	close(fd);
	unlink(address.sun_path);
	release(c);
}

static void hosts_of_others_are_told(void **state)
{
	const struct surroundings nobody = { .nobody = true };
	struct command *c, *shown;
	char own[64];
	json_t *json, *other;
	bool found = false;
	size_t i;

	if (geteuid() != 0)
		skip();
	c = start(NULL, "run", "@step", "--name", "Roots", NULL);
	wait_for(c, "DeviceStarted");
	assert_int_equal(chmod(scratch(), 0755), 0);
	snprintf(own, sizeof(own), "root's runs (pid %ld): sudo netcx show\n", (long)c->pid);
	/* Told to who has none of his own, which another test may have for a moment. */
	for (int i = 0; i < 100 && !found; i++) {
		shown = RUN_IN(&nobody, "show");
		found = strstr(shown->stderr_text, own);
		assert_int_equal(shown->code, found ? 1 : 0);
		release(shown);
	}
	assert_true(found);
	found = false;
	assert_int_equal(stop(c), 0);
	release(c);
	c = start(&nobody, "run", "@step", "--name", "Nobodys", NULL);
	wait_for(c, "DeviceStarted");
	shown = RUN("show", "--json");
	json = json_loads(shown->stdout_text, 0, NULL);
	json_array_foreach(json_object_get(json, "others"), i, other) found =
		found || json_integer_value(json_object_get(other, "pid")) == c->pid;
	json_decref(json);
	release(shown);
	assert_true(found);
	assert_int_equal(stop(c), 0);
	release(c);
	chmod(scratch(), 0700);
	rmdir("/tmp/netcx-65534");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_waits_only_so_long),
		cmocka_unit_test(an_early_command_waits_for_the_start),
		cmocka_unit_test(an_early_command_to_a_host_that_ends_is_told_so),
		cmocka_unit_test(wait_returns_when_the_adapter_runs),
		cmocka_unit_test(wait_says_what_does_not_come),
		cmocka_unit_test(a_descriptor_is_told),
		cmocka_unit_test(a_descriptor_is_closed_without_a_word_when_nothing_comes_up),
		cmocka_unit_test(a_wrong_descriptor_is_refused),
		cmocka_unit_test(systemd_is_told),
		cmocka_unit_test(hosts_of_others_are_told),
		cmocka_unit_test(and_says_what_it_waited_for),
	};

	return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
