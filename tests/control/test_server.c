/* SPDX-License-Identifier: MIT */
/* The control socket: one reply per request in order, whatever the client sends or does not read.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "control/events.h"
#include "control/server.h"
#include "test.h"

/* A control over nothing but a loop; requests are answered with what they said. */
struct fixture {
	struct loop loop;
	struct events events;
	struct control control;
	uint64_t waiting; /* the client whose "later" is unanswered */
	unsigned requests;
};

static json_t *answer(void *context, uint64_t client, json_t *request)
{
	struct fixture *b = context;
	const char *op = json_string_value(json_object_get(request, "op"));

	b->requests++;
	if (op && strcmp(op, "later") == 0) {
		b->waiting = client;
		return NULL;
	}
	if (op && strcmp(op, "big") == 0) {
		char *text = malloc(100001);
		json_t *reply;

		memset(text, 'x', 100000);
		text[100000] = '\0';
		reply = json_pack("{s:s}", "big", text);
		free(text);
		return reply;
	}
	return op ? json_pack("{s:b,s:O}", "ok", 1, "op", json_object_get(request, "op"))
		  : control_error("no op");
}

static void turn(struct fixture *b)
{
	while (loop_once(&b->loop, 20))
		;
}

static int setup(void **state)
{
	const char *runtime = getenv("NETCX_TEST_DIR");
	static char template[] = "/tmp/netcx-test-XXXXXX";
	struct fixture *b = calloc(1, sizeof(*b));
	const struct control_ops ops = { .request = answer, .context = b };
	struct error error;

	if (!runtime) {
		assert_non_null(mkdtemp(template));
		setenv("NETCX_TEST_DIR", template, 1);
		setenv("XDG_RUNTIME_DIR", template, 1);
	}
	assert_int_equal(loop_init(&b->loop), 0);
	assert_int_equal(events_init(&b->events, -1), 0);
	if (control_open(&b->control, &b->loop, &b->events, &ops, &error) < 0)
		fail_msg("%s", error.text);
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *b = *state;

	control_close(&b->control);
	events_destroy(&b->events);
	loop_destroy(&b->loop);
	free(b);
	return 0;
}

static int connect_to(struct fixture *b)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	memcpy(address.sun_path, b->control.path, sizeof(address.sun_path));
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	turn(b);
	return fd;
}

static void say(struct fixture *b, int fd, const char *text)
{
	size_t left = strlen(text);

	while (left) {
		ssize_t n = send(fd, text, left, MSG_NOSIGNAL);

		if (n > 0) {
			text += n;
			left -= (size_t)n;
		}
		turn(b);
	}
}

/* All that is there to read, as text. */
static size_t hear(struct fixture *b, int fd, char *text, size_t size)
{
	size_t length = 0;

	for (;;) {
		ssize_t n;

		turn(b);
		n = recv(fd, text + length, size - 1 - length, 0);
		if (n <= 0)
			break;
		length += (size_t)n;
	}
	text[length] = '\0';
	return length;
}

static void the_socket_is_ones_own(void **state)
{
	struct fixture *b = *state;
	struct stat st;
	char directory[256];

	assert_int_equal(control_directory(directory, sizeof(directory), false), 0);
	assert_int_equal(stat(directory, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(stat(b->control.path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_true(S_ISSOCK(st.st_mode));
}

static void a_directory_of_others_is_refused(void **state)
{
	char saved[256], trap[] = "/tmp/netcx-trap-XXXXXX", path[300], directory[96];

	snprintf(saved, sizeof(saved), "%s", getenv("XDG_RUNTIME_DIR"));
	assert_non_null(mkdtemp(trap));
	snprintf(path, sizeof(path), "%s/netcx", trap);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(chmod(path, 0755), 0);
	setenv("XDG_RUNTIME_DIR", trap, 1);
	assert_int_equal(control_directory(directory, sizeof(directory), true), -EPERM);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(symlink("/tmp", path), 0);
	assert_int_equal(control_directory(directory, sizeof(directory), true), -ENOTDIR);
	assert_int_equal(unlink(path), 0);
	rmdir(trap);
	setenv("XDG_RUNTIME_DIR", saved, 1);
}

static void replies_come_in_order(void **state)
{
	struct fixture *b = *state;
	int fd = connect_to(b);
	char text[4096];

	say(b, fd, "{\"op\":\"a\"}\n\r\n  \n{\"op\":\"b\"}\r\n{\"op\":");
	hear(b, fd, text, sizeof(text));
	assert_string_equal(text, "{\"ok\":true,\"op\":\"a\"}\n{\"ok\":true,\"op\":\"b\"}\n");
	say(b, fd, "\"c\"}\n");
	hear(b, fd, text, sizeof(text));
	assert_string_equal(text, "{\"ok\":true,\"op\":\"c\"}\n");
	close(fd);
	turn(b);
	assert_int_equal(b->control.client_count, 0);
}

static void garbage_gets_an_error_and_goes_on(void **state)
{
	static const char *const garbage[] = { "hello\n",
					       "[]\n",
					       "7\n",
					       "\"x\"\n",
					       "{\n",
					       "{}}\n",
					       "{\"op\":\"a\",\"op\":\"b\"}\n",
					       "\xFF\xFE\n",
					       "{\"op\":\"\xC0\x80\"}\n",
					       "null\n",
					       "{}\n" };
	struct fixture *b = *state;
	int fd = connect_to(b);
	char text[4096];

	for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
		json_t *reply;

		say(b, fd, garbage[i]);
		hear(b, fd, text, sizeof(text));
		reply = json_loads(text, 0, NULL);
		assert_non_null(reply);
		assert_non_null(json_string_value(json_object_get(reply, "error")));
		json_decref(reply);
	}
	assert_int_equal(send(fd, "\0\n{\"op\":\"z\"}\n", 13, 0), 13);
	hear(b, fd, text, sizeof(text));
	assert_non_null(strstr(text, "\"error\""));
	assert_non_null(strstr(text, "\"op\":\"z\""));
	close(fd);
}

static void an_endless_line_costs_one_error(void **state)
{
	struct fixture *b = *state;
	int fd = connect_to(b);
	char *line = malloc(3 * CONTROL_LINE_MAX + 1), text[4096];

	memset(line, 'x', 3 * CONTROL_LINE_MAX);
	line[3 * CONTROL_LINE_MAX] = '\0';
	say(b, fd, line);
	say(b, fd, "\n{\"op\":\"after\"}\n");
	hear(b, fd, text, sizeof(text));
	assert_non_null(strstr(text, "longer than"));
	assert_null(strstr(strstr(text, "longer than") + 1, "longer than"));
	assert_non_null(strstr(text, "\"op\":\"after\""));
	free(line);
	close(fd);
}

static void a_late_reply_holds_back_those_behind(void **state)
{
	struct fixture *b = *state;
	int fd = connect_to(b);
	char text[4096];

	say(b, fd, "{\"op\":\"later\"}\n{\"op\":\"next\"}\n");
	assert_int_equal(hear(b, fd, text, sizeof(text)), 0);
	control_reply(&b->control, b->waiting, json_pack("{s:b}", "late", 1));
	hear(b, fd, text, sizeof(text));
	assert_string_equal(text, "{\"late\":true}\n{\"ok\":true,\"op\":\"next\"}\n");

	/* The client goes before its reply comes: the reply is dropped. */
	say(b, fd, "{\"op\":\"later\"}\n");
	close(fd);
	turn(b);
	control_reply(&b->control, b->waiting, json_pack("{s:b}", "late", 1));
	assert_int_equal(b->control.client_count, 0);
}

static void half_a_connection_is_still_answered(void **state)
{
	struct fixture *b = *state;
	int fd = connect_to(b);
	char text[4096];

	say(b, fd, "{\"op\":\"a\"}\n");
	shutdown(fd, SHUT_WR);
	hear(b, fd, text, sizeof(text));
	assert_string_equal(text, "{\"ok\":true,\"op\":\"a\"}\n");
	assert_int_equal(b->control.client_count, 0);
	close(fd);
}

/* Requests without reading the replies: they wait, memory does not grow without end. */
static void a_client_that_never_reads_is_not_served_on(void **state)
{
	struct fixture *b = *state;
	int fd = connect_to(b);
	unsigned sent = 0, before;

	while (sent < 200 && send(fd, "{\"op\":\"big\"}\n", 13, MSG_NOSIGNAL) == 13) {
		sent++;
		loop_once(&b->loop, 0);
	}
	turn(b);
	before = b->requests;
	assert_true(before < 50);
	turn(b);
	assert_int_equal(b->requests, before);
	close(fd);
	turn(b);
	assert_int_equal(b->control.client_count, 0);
}

static void events_follow(void **state)
{
	struct fixture *b = *state;
	int late = connect_to(b), all = connect_to(b);
	char text[4096];

	EVENTS_PUT(&b->events, NT_EVENT_LOG, "", "Before", NT_UINT("n", 1));
	say(b, late, "{\"op\":\"events\"}\n");
	say(b, all, "{\"op\":\"events\",\"history\":true}\n");
	EVENTS_PUT(&b->events, NT_EVENT_LOG, "", "After", NT_UINT("n", 2));
	control_feed(&b->control);
	hear(b, late, text, sizeof(text));
	assert_null(strstr(text, "Before"));
	assert_non_null(strstr(text, "After"));
	hear(b, all, text, sizeof(text));
	assert_non_null(strstr(text, "Before"));
	assert_non_null(strstr(text, "After"));
	close(late);
	close(all);
}

static void a_slow_follower_loses_and_hears_of_it(void **state)
{
	struct fixture *b = *state;
	int fd = connect_to(b);
	static char text[8 << 20];
	char *line, *rest;
	size_t seen = 0, lost = 0;

	say(b, fd, "{\"op\":\"events\"}\n");
	for (unsigned i = 0; i < 20000; i++) {
		EVENTS_PUT(&b->events, NT_EVENT_LOG, "", "Flood", NT_UINT("n", i),
			   NT_TEXT("text", "some words that make the event longer than nothing"));
		control_feed(&b->control);
	}
	hear(b, fd, text, sizeof(text));
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		json_t *e = json_loads(line, 0, NULL);

		assert_non_null(e);
		lost += (size_t)json_integer_value(json_object_get(e, "count"));
		seen += !!json_object_get(e, "n");
		json_decref(e);
	}
	assert_true(lost > 0);
	assert_int_equal(seen + lost, 20000);
	close(fd);
}

static void too_many_are_sent_away(void **state)
{
	struct fixture *b = *state;
	int fds[CONTROL_CLIENTS], more;
	char text[256];

	for (int i = 0; i < CONTROL_CLIENTS; i++)
		fds[i] = connect_to(b);
	assert_int_equal(b->control.client_count, CONTROL_CLIENTS);
	more = connect_to(b);
	hear(b, more, text, sizeof(text));
	assert_non_null(strstr(text, "too many"));
	for (int i = 0; i < CONTROL_CLIENTS; i++)
		close(fds[i]);
	close(more);
	turn(b);
	assert_int_equal(b->control.client_count, 0);
}

/* Descriptors left to give: so many that the next one is refused. */
static void leave_descriptors(struct rlimit *before)
{
	struct rlimit none;
	int next = fcntl(0, F_DUPFD_CLOEXEC, 0);

	close(next);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, before), 0);
	none = *before;
	none.rlim_cur = (rlim_t)next;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
}

static void without_descriptors_it_waits_and_goes_on(void **state)
{
	struct fixture *b = *state;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	uint64_t end = clock_ns() + 500 * NS_PER_MS;
	struct rlimit before;
	unsigned turns = 0;
	char text[256];

	memcpy(address.sun_path, b->control.path, sizeof(address.sun_path));
	leave_descriptors(&before);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	while (clock_ns() < end)
		turns += (unsigned)loop_once(&b->loop, 50);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(b->control.client_count, 0);
	/* It looks several times, and does not spin: about ten are right. */
	assert_in_range(turns, 2, 40);
	assert_int_equal(send(fd, "{\"op\":\"a\"}\n", 11, MSG_NOSIGNAL), 11);
	end = clock_ns() + 10000 * NS_PER_MS;
	while (b->requests == 0 && clock_ns() < end)
		loop_once(&b->loop, 50);
	hear(b, fd, text, sizeof(text));
	assert_string_equal(text, "{\"ok\":true,\"op\":\"a\"}\n");
	close(fd);
}

static void sockets_of_the_dead_are_removed(void **state)
{
	struct fixture *b = *state;
	const struct control_ops ops = { .request = answer, .context = b };
	char directory[96], path[128];
	struct error error;
	FILE *file;

	control_close(&b->control);
	assert_int_equal(control_directory(directory, sizeof(directory), true), 0);
	/* above the largest pid there can be (PID_MAX_LIMIT) */
	snprintf(path, sizeof(path), "%s/4194305.sock", directory);
	file = fopen(path, "w");
	assert_non_null(file);
	fclose(file);
	assert_int_equal(control_open(&b->control, &b->loop, &b->events, &ops, &error), 0);
	assert_int_equal(access(path, F_OK), -1);
}

static int remove_directory(void **state)
{
	char path[256];

	if (getenv("NETCX_TEST_DIR")) {
		snprintf(path, sizeof(path), "%s/netcx", getenv("NETCX_TEST_DIR"));
		rmdir(path);
		rmdir(getenv("NETCX_TEST_DIR"));
	}
	return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_socket_is_ones_own),
		TEST(a_directory_of_others_is_refused),
		TEST(replies_come_in_order),
		TEST(garbage_gets_an_error_and_goes_on),
		TEST(an_endless_line_costs_one_error),
		TEST(a_late_reply_holds_back_those_behind),
		TEST(half_a_connection_is_still_answered),
		TEST(a_client_that_never_reads_is_not_served_on),
		TEST(events_follow),
		TEST(a_slow_follower_loses_and_hears_of_it),
		TEST(too_many_are_sent_away),
		TEST(without_descriptors_it_waits_and_goes_on),
		TEST(sockets_of_the_dead_are_removed),
	};

	return cmocka_run_group_tests(tests, NULL, remove_directory);
}
