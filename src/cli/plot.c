/* SPDX-License-Identifier: MIT */
/* netcx plot */
#include "cli/plot.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

static const char help[] =
	"Usage: netcx plot IN -o OUT.svg [--adapter NAME]\n"
	"\n"
	"Draws a picture (SVG) of a run or of a capture.\n"
	"\n"
	"  IN              the events of a run, as netcx run --log json --statistics S prints them\n"
	"                  (or netcx events --json of such a run): throughput by time with the driver's\n"
	"                  callbacks as marks, what size packets and segments have on average, and how\n"
	"                  full the rings are. Or a capture, pcap or pcapng: throughput by time and the\n"
	"                  packets' sizes, of each interface; of netcx capture: at stack, ring and wire.\n"
	"                  - is standard input\n"
	"  -o FILE         where to; - is standard output\n"
	"  --adapter NAME  which of a run's adapters (default: the first that has statistics)\n"
	"\n"
	"Exit codes: 0 drawn, 1 IN cannot be read or is neither, or FILE cannot be written, 2 wrong\n"
	"usage.\n"
	"\n"
	"Examples:\n"
	"  netcx run nic.so --stack tap:nic0 --log json --statistics 0.1 > run.json\n"
	"  netcx plot run.json -o run.svg\n"
	"  netcx capture --time 5 --quiet - | netcx plot - -o capture.svg\n";

static const struct option options[] = { { "output", required_argument, NULL, 'o' },
					 { "adapter", required_argument, NULL, 'a' },
					 { 0 } };

/* The command line. */
struct wish {
	const char *in, *out, *adapter;
};

/* Events begin with a brace; no capture does (pcapng begins with a newline). */
static bool is_run(FILE *file)
{
	int c = getc(file);

	ungetc(c, file);
	return c == '{' || c == ' ';
}

static bool read_in(struct plot *plot, const struct wish *w, FILE *file, struct error *error)
{
	if (is_run(file))
		return plot_read_run(plot, file, w->adapter, error);
	if (w->adapter)
		return error_set(error, "--adapter is for a run's events, and this is none");
	return plot_read_capture(plot, file, error);
}

static int write_out(const struct plot *plot, const struct wish *w)
{
	bool is_output = strcmp(w->out, "-") == 0, written;
	FILE *file = is_output ? stdout : fopen(w->out, "we");
	int number = 0;

	if (!file)
		return cli_error(CLI_FAILED, "plot", "%s: %s", w->out, strerror(errno));
	written = plot_write(plot, file);
	number = errno;
	if (!is_output && fclose(file) != 0 && written) {
		written = false;
		number = errno;
	}
	if (written)
		return CLI_OK;
	return cli_error(CLI_FAILED, "plot", "%s: %s", w->out, strerror(number ? number : EIO));
}

static int draw(const struct wish *w)
{
	bool is_input = strcmp(w->in, "-") == 0;
	FILE *file = is_input ? stdin : fopen(w->in, "re");
	struct plot plot = { 0 };
	struct error why = { "" };
	int result;

	if (!file)
		return cli_error(CLI_FAILED, "plot", "%s: %s", w->in, strerror(errno));
	if (read_in(&plot, w, file, &why))
		result = write_out(&plot, w);
	else
		result = cli_error(CLI_FAILED, "plot", "%s: %s",
				   is_input ? "standard input" : w->in, why.text);
	plot_free(&plot);
	if (!is_input)
		fclose(file);
	return result;
}

static int plot_command(int argc, char **argv)
{
	struct wish w = { 0 };
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":o:", options, NULL)) != -1) {
		if (option == 'o')
			w.out = optarg;
		else if (option == 'a')
			w.adapter = optarg;
		else
			return cli_bad_option("plot", argv, option);
	}
	if (optind == argc)
		return cli_error(CLI_USAGE, "plot", "a run's events or a capture are expected");
	if (optind + 1 < argc)
		return cli_error(CLI_USAGE, "plot", "%s: one file is expected, not more",
				 argv[optind + 1]);
	w.in = argv[optind];
	if (!w.out)
		return cli_error(CLI_USAGE, "plot", "-o FILE is missing: where the picture goes");
	return draw(&w);
}

const struct cli_command cli_plot = { "plot", "a run or a capture as a picture (SVG)", help,
				      plot_command };
