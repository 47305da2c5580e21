/* SPDX-License-Identifier: MIT */
#include "cli/screen.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/stop.h"

#define ESCAPE    27
#define BACKSPACE 127
#define MOST_MS   1000000u /* to wait at a time */

/* The process' terminal: there is one. */
static struct termios before;
static volatile sig_atomic_t resized, over;
static unsigned rows, columns, painted;

static void measure(void)
{
	struct winsize size = { 0 };

	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	rows = size.ws_row ? size.ws_row : 24;
	columns = size.ws_col ? size.ws_col : 80;
}

static void on_signal(int number)
{
	if (number == SIGWINCH) {
		resized = 1;
		return;
	}
	over = 1;
	stop_note(number);
}

static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	static const int numbers[] = { SIGWINCH, SIGINT, SIGTERM, SIGHUP, SIGQUIT };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigaction(numbers[i], &action, NULL);
}

bool screen_open(void)
{
	struct termios raw;

	if (!isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &before) < 0)
		return false;
	raw = before;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	if (tcsetattr(STDIN_FILENO, TCSANOW, &raw) < 0)
		return false;
	catch_signals();
	measure();
	/* The other screen, without a cursor and without wrapping. */
	fputs("\033[?1049h\033[?25l\033[?7l", stdout);
	return true;
}

void screen_close(void)
{
	fputs("\033[?7h\033[?25h\033[?1049l", stdout);
	fflush(stdout);
	tcsetattr(STDIN_FILENO, TCSANOW, &before);
}

void screen_begin(void)
{
	measure();
	painted = 0;
	fputs("\033[H", stdout);
}

bool screen_line(enum screen_look look, const char *text)
{
	static const char *const looks[] = { "\033[0m", "\033[1m", "\033[7m" };

	if (painted >= rows)
		return false;
	if (painted++)
		fputs("\r\n", stdout);
	/* A reversed line is so to the edge. */
	printf("%s%-*.*s\033[0m\033[K", looks[look], look == SCREEN_REVERSE ? (int)columns : 0,
	       (int)columns, text);
	return painted < rows;
}

void screen_end(void)
{
	fputs("\033[J", stdout);
	fflush(stdout);
}

int screen_key(unsigned long long until)
{
	for (;;) {
		uint64_t now = clock_ns();
		struct pollfd wait = { .fd = STDIN_FILENO, .events = POLLIN };
		unsigned char key;
		uint64_t left = now >= until ? 0 : (until - now + NS_PER_MS - 1) / NS_PER_MS;

		if (over)
			return SCREEN_OVER;
		if (resized) {
			resized = 0;
			return SCREEN_RESIZED;
		}
		if (poll(&wait, 1, left > MOST_MS ? (int)MOST_MS : (int)left) > 0)
			return read(STDIN_FILENO, &key, 1) == 1 && key ? key : SCREEN_OVER;
		if (clock_ns() >= until)
			return SCREEN_NOTHING;
	}
}

bool screen_ask(const char *question, char *answer, unsigned room)
{
	unsigned length = 0;

	answer[0] = '\0';
	for (;;) {
		int key;

		/* In the third line, where top asks. */
		printf("\033[3;1H\033[K%s %s", question, answer);
		fflush(stdout);
		key = screen_key(UINT64_MAX / 2);
		if (key == SCREEN_OVER || key == ESCAPE)
			return false;
		if (key == '\r' || key == '\n')
			return true;
		if ((key == BACKSPACE || key == '\b') && length)
			answer[--length] = '\0';
		else if (key > ' ' && key < BACKSPACE && length + 1 < room) {
			answer[length++] = (char)key;
			answer[length] = '\0';
		}
	}
}
