/* SPDX-License-Identifier: MIT */
/* Files that are replaced only by whole new ones, and pipes whose other side keeps us waiting. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/output.h"
#include "base/stream.h"
#include "test.h"

static char folder[] = "/tmp/netcx-output-XXXXXX";

static const char *in_folder(const char *name)
{
	static char paths[4][100];
	static int next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	return path;
}

static void put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void expect(const char *path, const char *text)
{
	char got[100] = "";
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	got[fread(got, 1, sizeof(got) - 1, file)] = '\0';
	fclose(file);
	assert_string_equal(got, text);
}

/* How many files are in the folder: nothing of ours is left there. */
static int files(void)
{
	char command[100], number[16] = "";
	FILE *list;

	snprintf(command, sizeof(command), "ls -A %s | wc -l", folder);
	list = popen(command, "r");
	assert_non_null(list);
	assert_non_null(fgets(number, sizeof(number), list));
	pclose(list);
	return atoi(number);
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	char command[100];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

static void write_some(struct output *output, const char *path, const char *text)
{
	assert_true(output_open(output, path, NULL));
	fputs(text, output->file);
	fflush(output->file);
}

static void what_is_there_stays_until_the_new_is_whole(void **state)
{
	const char *path = in_folder("good");
	struct output output;
	struct stat status;

	(void)state;
	put(path, "old");
	assert_int_equal(chmod(path, 0640), 0);
	for (int whole = 0; whole < 2; whole++) {
		write_some(&output, path, "new");
		assert_true(output_replaces(&output));
		expect(path, "old");
		assert_true(output_close(&output, whole));
		expect(path, whole ? "new" : "old");
		assert_int_equal(files(), 1);
	}
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0640);
	write_some(&output, path, "newer");
	output_discard(&output);
	expect(path, "new");
	assert_int_equal(files(), 1);
	unlink(path);
}

static void a_link_goes_on_leading_there(void **state)
{
	const char *path = in_folder("file"), *link = in_folder("link");
	struct output output;
	struct stat status;

	(void)state;
	put(path, "old");
	assert_int_equal(symlink("file", link), 0);
	write_some(&output, link, "new");
	assert_true(output_close(&output, true));
	assert_int_equal(lstat(link, &status), 0);
	assert_true(S_ISLNK(status.st_mode));
	expect(path, "new");
	unlink(path);
	unlink(link);
}

static void a_new_file_is_seen_to_grow(void **state)
{
	const char *path = in_folder("fresh");
	struct output output;

	(void)state;
	write_some(&output, path, "some");
	assert_false(output_replaces(&output));
	expect(path, "some");
	assert_true(output_close(&output, false));
	expect(path, "some");
	unlink(path);
	write_some(&output, path, "some");
	output_discard(&output);
	assert_int_equal(access(path, F_OK), -1);
	/* Nobody can lose what is empty. */
	put(path, "");
	write_some(&output, path, "some");
	assert_false(output_replaces(&output));
	assert_true(output_close(&output, true));
	expect(path, "some");
	unlink(path);
}

static void no_room_is_no_success(void **state)
{
	struct output output;

	(void)state;
	assert_true(output_open(&output, "/dev/full", NULL));
	fputs("some", output.file);
	errno = 0;
	assert_false(output_close(&output, true));
	assert_int_equal(errno, ENOSPC);
	assert_false(output_open(&output, in_folder("none/x"), NULL));
	assert_int_equal(errno, ENOENT);
	assert_false(output_open(&output, folder, NULL));
	assert_int_equal(errno, EISDIR);
}

/* What somebody has open is written to there, whatever its name. */
static void a_descriptor_is_written_as_it_is(void **state)
{
	const char *path = in_folder("open");
	struct output output;
	char name[40], got[8] = "";
	int ends[2], saved = dup(STDOUT_FILENO), fd;
	bool written;

	(void)state;
	put(path, "old and longer");
	fd = open(path, O_WRONLY);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	write_some(&output, name, "new");
	assert_false(output_replaces(&output));
	assert_true(output_close(&output, true));
	expect(path, "new");
	close(fd);
	unlink(path);

	assert_int_equal(pipe(ends), 0);
	snprintf(name, sizeof(name), "/dev/fd/%d", ends[1]);
	write_some(&output, name, "one");
	assert_true(output_close(&output, true));
	assert_int_equal(read(ends[0], got, sizeof(got)), 3);
	dup2(ends[1], STDOUT_FILENO);
	written = output_open(&output, "/dev/stdout", NULL) && fputs("two", output.file) >= 0 &&
		  output_close(&output, true);
	dup2(saved, STDOUT_FILENO);
	assert_true(written);
	assert_int_equal(read(ends[0], got, sizeof(got)), 3);
	close(ends[0]);
	close(ends[1]);
	close(saved);
}

/* Whoever may not write the file may not replace it either. */
static void a_file_that_is_read_only_stays(void **state)
{
	const char *path = in_folder("mine");
	struct output output;

	(void)state;
	if (geteuid() == 0) /* may write everything */
		skip();
	put(path, "old");
	assert_int_equal(chmod(path, 0400), 0);
	assert_false(output_open(&output, path, NULL));
	assert_int_equal(errno, EACCES);
	assert_int_equal(files(), 1);
	unlink(path);
}

/* A name that leads elsewhere, made by another user, is not followed. */
static void a_fresh_file_is_nobody_elses(void **state)
{
	const char *path = in_folder("conf");
	char *one, *two;
	int fd = output_fresh(path, 0600, &one), other = output_fresh(path, 0600, &two);

	(void)state;
	assert_true(fd >= 0 && other >= 0);
	assert_string_not_equal(one, two);
	assert_memory_equal(one, path, strlen(path));
	unlink(one);
	unlink(two);
	free(one);
	free(two);
	close(fd);
	close(other);
}

static void one_file_by_many_names(void **state)
{
	const char *path = in_folder("a"), *hard = in_folder("b"), *soft = in_folder("c");
	const char *other = in_folder("d");
	int saved = dup(STDIN_FILENO), fd;

	(void)state;
	put(path, "x");
	put(other, "x");
	assert_int_equal(link(path, hard), 0);
	assert_int_equal(symlink("a", soft), 0);
	assert_true(output_is_input(path, path));
	assert_true(output_is_input(path, hard));
	assert_true(output_is_input(soft, hard));
	assert_false(output_is_input(path, other));
	assert_false(output_is_input(path, "/none"));
	assert_false(output_is_input("/dev/null", "/dev/null"));
	fd = open(path, O_RDONLY);
	dup2(fd, STDIN_FILENO);
	assert_true(output_is_input("-", soft));
	assert_false(output_is_input("-", other));
	dup2(saved, STDIN_FILENO);
	close(saved);
	close(fd);
	unlink(path);
	unlink(other);
	unlink(hard);
	unlink(soft);
}

static void *stop_soon(void *context)
{
	usleep(120000);
	atomic_store((_Atomic bool *)context, true);
	return NULL;
}

/* Where the other side of a pipe does not come, does not read, does not write. */
static void waiting_ends_when_it_is_to(void **state)
{
	const char *path = in_folder("fifo");
	_Atomic bool stop = false;
	struct output output;
	pthread_t thread;
	char byte;
	FILE *file;
	int fd;

	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	pthread_create(&thread, NULL, stop_soon, &stop);
	assert_false(output_open(&output, path, &stop));
	assert_int_equal(errno, EINTR);
	pthread_join(thread, NULL);

	atomic_store(&stop, false);
	fd = stream_open_path(path, false, &stop);
	assert_true(fd >= 0);
	assert_true(output_open(&output, path, &stop));
	pthread_create(&thread, NULL, stop_soon, &stop);
	for (int i = 0; i < 200000 && !ferror(output.file); i++)
		fputc('x', output.file);
	assert_true(ferror(output.file));
	assert_false(output_close(&output, true));
	pthread_join(thread, NULL);

	file = stream_file(fd, false, &stop);
	assert_non_null(file);
	while (fread(&byte, 1, 1, file) == 1) /* what is there is read all the same */
		assert_int_equal(byte, 'x');
	assert_true(feof(file));
	fclose(file);
	unlink(path);
}

static void a_blocked_signal_ends_waiting(void **state)
{
	const char *path = in_folder("fifo");
	sigset_t set;
	int number;

	(void)state;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	assert_int_equal(mkfifo(path, 0600), 0);
	raise(SIGTERM);
	assert_int_equal(stream_open_path(path, true, NULL), -1);
	assert_int_equal(errno, EINTR);
	sigwait(&set, &number);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_there_stays_until_the_new_is_whole),
		cmocka_unit_test(a_link_goes_on_leading_there),
		cmocka_unit_test(a_new_file_is_seen_to_grow),
		cmocka_unit_test(no_room_is_no_success),
		cmocka_unit_test(a_descriptor_is_written_as_it_is),
		cmocka_unit_test(a_file_that_is_read_only_stays),
		cmocka_unit_test(a_fresh_file_is_nobody_elses),
		cmocka_unit_test(one_file_by_many_names),
		cmocka_unit_test(waiting_ends_when_it_is_to),
		cmocka_unit_test(a_blocked_signal_ends_waiting),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
