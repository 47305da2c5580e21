/* SPDX-License-Identifier: MIT */
/* How a host ends by signals, files that would let it wait for ever, and hosts that do not answer.
 */
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "run.h"
#include "stage/files.h"

#define MOST_CLIENTS 64 /* CONTROL_CLIENTS of control/server.h */
#define NOBODY       65534

static struct command *start_step(const char *step)
{
	const struct surroundings around = { .step = step };
	struct command *c = start(&around, "run", "@step", "--log", "json", NULL);

	wait_for(c, "\"DeviceStarted\"");
	return c;
}

/* timeout(1) signals its child, and the group that the child is in. */
static void the_same_signal_at_once_is_the_same_wish(void **state)
{
	static const int signals[] = { SIGTERM, SIGINT };
	const struct surroundings slow = { .step = "Slow" };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct command *c = start(&slow, "run", "@step", "--log", "json", NULL);

		wait_for(c, "\"NetAdapterCreate\"");
		kill(c->pid, signals[i]);
		usleep(5000);
		kill(c->pid, signals[i]);
		assert_int_equal(finish(c), 0);
		assert_non_null(strstr(c->stdout_text, "DriverUnloaded"));
		release(c);
	}
}

static void a_second_wish_does_not_wait(void **state)
{
	static const struct {
		int first, second;
		unsigned between; /* microseconds */
	} wishes[] = { { SIGTERM, SIGTERM, 400000 }, { SIGINT, SIGTERM, 20000 } };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct command *c = start_step("KeepPackets");

		kill(c->pid, wishes[i].first);
		usleep(wishes[i].between);
		kill(c->pid, wishes[i].second);
		assert_int_equal(finish(c), 130);
		assert_non_null(strstr(c->stderr_text, "the driver was not waited for"));
		release(c);
	}
}

/* A path in the scratch directory. Static storage. */
static const char *in_scratch(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", scratch(), name);
	return path;
}

static void only_a_regular_file_is_an_inf(void **state)
{
	const char *path = in_scratch("pipe.inf");

	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	expect(RUN("run", "@step", "--inf", path), 1, "pipe.inf: not a regular file");
	unlink(path);
	expect(RUN("run", "@step", "--inf", scratch()), 1, "Is a directory");
	expect(RUN("run", "@step", "--inf", "/dev/zero"), 1, "/dev/zero: not a regular file");
}

/* Beside the driver it would be missed as one that is not there is not. */
static void a_link_to_no_inf_is_told(void **state)
{
	char *driver = strdup(in_scratch("linked.so")), *inf = strdup(in_scratch("linked.inf"));

	(void)state;
	assert_int_equal(symlink(driver_path("@step"), driver), 0);
	assert_int_equal(symlink("gone.inf", inf), 0);
	expect(RUN("run", driver), 1, "linked.inf: a symbolic link to what is not there");
	unlink(inf);
	unlink(driver);
	free(inf);
	free(driver);
}

static void only_regular_files_are_settings(void **state)
{
	const char *path = in_scratch("netcx/cli_step/Ethernet.conf");

	(void)state;
	mkdir(in_scratch("netcx"), 0700);
	mkdir(in_scratch("netcx/cli_step"), 0700);
	path = in_scratch("netcx/cli_step/Ethernet.conf");
	assert_int_equal(mkfifo(path, 0600), 0);
	expect(RUN("run", "@step"), 1, "Ethernet.conf: not a regular file (--no-settings does");
	unlink(path);
	rmdir(in_scratch("netcx/cli_step"));
}

static void a_pipe_is_no_namespace(void **state)
{
	const char *path = in_scratch("pipe.ns");

	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	expect(RUN("run", "@step", "--stack", "tap:nope0", "--netns", path), 1, "pipe.ns");
	unlink(path);
}

static void a_stopped_host_is_told(void **state)
{
	struct command *c = start_step("Nic");

	(void)state;
	kill(c->pid, SIGSTOP);
	expect(RUN("show"), 1, "does not answer: it is stopped; `kill -CONT ");
	expect(RUN("offload"), 1, "does not answer: it is stopped");
	kill(c->pid, SIGCONT);
	release(RUN("show"));
	assert_int_equal(stop(c), 0);
	release(c);
}

static void a_host_with_too_many_clients_is_told(void **state)
{
	struct command *c = start_step("Nic"), *shown;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fds[MOST_CLIENTS];
	char ready[64];

	(void)state;
	socket_path(c, address.sun_path, sizeof(address.sun_path));
	for (int i = 0; i < MOST_CLIENTS; i++) {
		fds[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		assert_int_equal(connect(fds[i], (struct sockaddr *)&address, sizeof(address)), 0);
		/* With an answer it has been accepted. */
		assert_int_equal(send(fds[i], "{}\n", 3, MSG_NOSIGNAL), 3);
		assert_true(recv(fds[i], ready, sizeof(ready), 0) > 0);
	}
	expect(RUN("show"), 1, "does not answer: too many connections");
	expect(RUN("events"), 1, "does not answer: too many connections");
	for (int i = 0; i < MOST_CLIENTS; i++)
		close(fds[i]);
	shown = RUN("show");
	assert_int_equal(shown->code, 0);
	assert_non_null(strstr(shown->stdout_text, "running"));
	release(shown);
	assert_int_equal(stop(c), 0);
	release(c);
}

/* A terminal that is closed; unless nohup has taken the signal away. */
static void a_hangup_unloads_the_driver(void **state)
{
	struct command *c;

	signal(SIGHUP, SIG_DFL); /* the test may run below nohup itself */
	c = start(NULL, "run", "@step", "--name", "Hung", NULL);
	wait_for(c, "DeviceStarted");
	kill(c->pid, SIGHUP);
	assert_int_equal(finish(c), 0);
	assert_non_null(strstr(c->stdout_text, "DriverUnloaded"));
	assert_string_equal(c->stderr_text, "");
	release(c);
	signal(SIGHUP, SIG_IGN);
	c = start(NULL, "run", "@step", "--name", "Nohup", NULL);
	signal(SIGHUP, SIG_DFL);
	wait_for(c, "DeviceStarted");
	kill(c->pid, SIGHUP);
	assert_false(comes(c, "DriverUnloaded", 200));
	assert_int_equal(stop(c), 0);
	release(c);
}

static void a_directory_of_others_is_told(void **state)
{
	/* Of its own network: other tests' hosts are another user's, and would be told, too. */
	const struct surroundings nobody = { .nobody = true, .new_network = true };
	struct command *c;

	(void)state;
	mkdir(in_scratch("netcx"), 0700);
	assert_int_equal(chmod(in_scratch("netcx"), 0755), 0);
	expect(RUN("show"), 1, "is open to others; its mode is to be 0700");
	assert_int_equal(chmod(in_scratch("netcx"), 0700), 0);
	if (geteuid() == 0) {
		assert_int_equal(chmod(scratch(), 0755), 0);
		c = RUN_IN(&nobody, "show");
		chmod(scratch(), 0700);
		expect(c, 1, "is another user's");
		assert_int_equal(chown(in_scratch("netcx"), NOBODY, NOBODY), 0);
		expect(RUN("show"), 1, "/netcx belongs to another user");
	}
	rmdir(in_scratch("netcx"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_signal_at_once_is_the_same_wish),
		cmocka_unit_test(a_second_wish_does_not_wait),
		cmocka_unit_test(only_a_regular_file_is_an_inf),
		cmocka_unit_test(a_link_to_no_inf_is_told),
		cmocka_unit_test(only_regular_files_are_settings),
		cmocka_unit_test(a_pipe_is_no_namespace),
		cmocka_unit_test(a_stopped_host_is_told),
		cmocka_unit_test(a_host_with_too_many_clients_is_told),
		cmocka_unit_test(a_hangup_unloads_the_driver),
		cmocka_unit_test(a_directory_of_others_is_told),
	};

	return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
