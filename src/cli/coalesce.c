/* SPDX-License-Identifier: MIT */
/* netcx coalesce: a capture's frames become the super-packets that a receiver's stack would get. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/capture_files.h"
#include "cli/cli.h"
#include "cli/client.h"
#include "cli/coalesce_options.h"
#include "cli/coalesce_ports.h"
#include "cli/stop.h"

#define SECTION 0x0a0d0d0au /* a pcapng block: the next interfaces are others */

static const char help[] =
	"Usage: netcx coalesce IN OUT [--rules linux|rsc [--updates]] [--udp] [--flows N]\n"
	"                      [--frames N] [--age MICROSECONDS] [--ndis-ids] [--trust]\n"
	"                      [--format pcap|pcapng] [--stats] [--json]\n"
	"\n"
	"The inverse of netcx segment: joins the TCP (and UDP) frames of a capture to the super-packets\n"
	"that a receiver's stack would be given. netcx segment cuts them to the same frames again,\n"
	"byte for byte. Reads and writes pcap and pcapng, of all link types; packets of one that cannot\n"
	"hold IP, or not so that it is found, go on as they are.\n"
	"\n"
	"  IN, OUT       capture files; - is standard input, standard output\n"
	"  --rules RULES linux: what Linux' GRO merges (the default); rsc: NDIS' receive segment\n"
	"                coalescing\n"
	"  --updates     rsc: let acknowledgments and timestamps go on, and windows change, as NDIS\n"
	"                allows it; such packets are cut to other frames than came in\n"
	"  --udp         UDP as well (URO)\n"
	"  --flows N     that are held at a time: 1 to 65536, default 256\n"
	"  --frames N    in a packet at most: 1 to 65535, default 128\n"
	"  --age N       microseconds that a packet grows at most, default 1000; 0: any time\n"
	"  --ndis-ids    IPv4 IDs that wrap from 7FFF to 0 count on\n"
	"  --trust       do not verify checksums\n"
	"  --format F    of OUT: pcap or pcapng; default: as its name ends, .pcap or .pcapng, with\n"
	"                another name as IN; standard output gets pcap\n"
	"  --stats       the summary by reason\n"
	"  --json        the summary as one JSON object on standard output, or on standard error when\n"
	"                OUT is standard output\n"
	"\n"
	"Each interface of a pcapng file has its own flows. A packet has the time, and in pcapng the\n"
	"options, of its first frame, without check sequences; it comes where it is complete.\n"
	"No packet grows longer than its interface's snap length.\n"
	"A summary goes to standard error.\n"
	"OUT that is there already is replaced at the end, when the new one is whole.\n"
	"Exit codes: 0 all was read and written, 1 a file could not be read or written, 2 wrong usage.\n";

struct job {
	struct coalesce_wishes wishes;
	struct coalesce_ports ports;
	struct capture_in in;
	struct capture_out out;
};

static bool write_out(void *context, const struct capture_packet *packet)
{
	return capture_out_write(context, packet);
}

/* one_block() - of pcapng, which tells of packets behind it: those in front of it first */
static bool one_block(struct job *job, const struct capture_block *block)
{
	if (!coalesce_flush(&job->ports))
		return false;
	if (block->type == SECTION)
		coalesce_forget(&job->ports);
	return capture_write_block(&job->out.writer, block);
}

static bool one_packet(struct job *job, const struct capture_packet *packet)
{
	if (capture_out_takes(&job->out, packet))
		return coalesce_packet(&job->ports, packet);
	job->ports.counts.packets++;
	job->ports.counts.left_out++;
	return true;
}

static void print_reasons(const char *what, const uint64_t *counts)
{
	for (int i = 0; i < LSO_ENDS; i++) {
		if (counts[i])
			fprintf(stderr, "%s, %s: %" PRIu64 "\n", what,
				lso_end_reason((enum lso_end)i), counts[i]);
	}
}

static json_t *reasons(const uint64_t *counts)
{
	json_t *object = json_object();

	for (int i = 0; i < LSO_ENDS; i++) {
		if (counts[i])
			json_object_set_new(object, lso_end_name((enum lso_end)i),
					    json_integer((json_int_t)counts[i]));
	}
	return object;
}

static bool print_counts(const struct coalesce_counts *c, FILE *to)
{
	json_t *object = json_pack(
		"{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o}", "packets", (json_int_t)c->packets,
		"coalesced", (json_int_t)c->joined, "units", (json_int_t)c->units, "inexact",
		(json_int_t)c->inexact, "untouched", (json_int_t)c->untouched, "left_out",
		(json_int_t)c->left_out, "written", (json_int_t)c->written, "units_by_end",
		reasons(c->ends), "alone_by_reason", reasons(c->alone));
	bool fine;

	json_add_error(object);
	fine = object && json_dumpf(object, to, JSON_INDENT(2)) == 0 && fputc('\n', to) >= 0 &&
	       fflush(to) == 0;
	json_decref(object);
	return fine;
}

static bool summarise(const struct job *job)
{
	const struct coalesce_counts *c = &job->ports.counts;
	uint64_t alone = c->packets - c->joined - c->untouched - c->left_out;

	if (job->wishes.json)
		return print_counts(c, job->out.output.standard ? stderr : stdout);
	fprintf(stderr,
		"%" PRIu64 " packets: %" PRIu64 " coalesced into %" PRIu64 ", %" PRIu64
		" alone; %" PRIu64 " packets written\n",
		c->packets, c->joined, c->units, alone, c->written);
	if (c->untouched)
		fprintf(stderr,
			"of link types in which IP is not found, left as they are: %" PRIu64 "\n",
			c->untouched);
	if (c->left_out)
		fprintf(stderr, "left out, since pcap holds one link type: %" PRIu64 "\n",
			c->left_out);
	if (c->inexact)
		fprintf(stderr, "cut again to other frames than came in: %" PRIu64 "\n",
			c->inexact);
	if (job->wishes.stats) {
		print_reasons("coalesced", c->ends);
		print_reasons("alone", c->alone);
	}
	return true;
}

/* read_all() - until the end, an error or a signal. Return: as capture_next(); *@written: false
 * and errno when OUT could not be */
static enum capture_result read_all(struct job *job, bool *written)
{
	enum capture_result result = CAPTURE_END;
	struct capture_packet packet;
	struct capture_block block;

	while (!stop_asked() && *written &&
	       (result = capture_next(job->in.reader, &packet, &block, &job->in.error)) > 0)
		*written = result == CAPTURE_PACKET ? one_packet(job, &packet)
						    : one_block(job, &block);
	if (*written)
		*written = coalesce_flush(&job->ports);
	return result;
}

static int work(struct job *job)
{
	const char *replaced = output_replaces(&job->out.output) ? "; it is left as it was" : "";
	bool written = true;
	enum capture_result result = read_all(job, &written);

	if (!written) {
		int error = errno;

		job->ports.failed = error; /* nothing more is written */
		output_discard(&job->out.output);
		return cli_error(CLI_FAILED, "coalesce", "%s: %s", job->out.name, strerror(error));
	}
	if (!capture_close_out(&job->out, !stop_asked() && result != CAPTURE_ERROR))
		return cli_error(CLI_FAILED, "coalesce", "%s: %s", job->out.name, strerror(errno));
	if (stop_asked())
		return cli_error(CLI_FAILED, "coalesce",
				 "interrupted after %" PRIu64 " packets: %s%s",
				 job->ports.counts.packets, job->out.name, replaced);
	if (result == CAPTURE_ERROR)
		return cli_error(CLI_FAILED, "coalesce", "%s: after %" PRIu64 " packets: %s",
				 job->in.name, job->ports.counts.packets, job->in.error.text);
	return CLI_OK;
}

static int open_and_work(struct job *job, const char *in, const char *out)
{
	const char *error;
	int code;

	if (output_is_input(in, out))
		return cli_error(CLI_USAGE, "coalesce", "%s: input and output are the same file",
				 strcmp(in, "-") ? in : "standard input");
	if (strcmp(out, "-") == 0 && isatty(STDOUT_FILENO))
		return cli_error(CLI_USAGE, "coalesce", "a capture is not for a terminal");
	if (!capture_open_in(&job->in, in)) {
		code = cli_error(CLI_FAILED, "coalesce", "%s: %s", job->in.name,
				 job->in.error.text);
		capture_close_in(&job->in);
		return code;
	}
	if (!capture_open_out(&job->out, out, &job->in, job->wishes.format, &stop_waiting,
			      &error)) {
		capture_close_in(&job->in);
		return cli_error(CLI_FAILED, "coalesce", "%s: %s", out, error);
	}
	stop_catch();
	code = work(job);
	capture_close_in(&job->in);
	if (!summarise(job) && code == CLI_OK)
		code = cli_error(CLI_FAILED, "coalesce", "the summary cannot be written: %s",
				 strerror(errno));
	return code;
}

static int run(int argc, char **argv)
{
	struct job job = { 0 };
	int code = coalesce_read_options(&job.wishes, argc, argv);

	if (code != CLI_OK)
		return code;
	job.ports.options = job.wishes.options;
	job.ports.trust = job.wishes.trust;
	job.ports.write = write_out;
	job.ports.context = &job.out;
	if (job.wishes.json && strcmp(argv[optind + 1], "-") == 0)
		cli_json(stderr);
	code = open_and_work(&job, argv[optind], argv[optind + 1]);
	coalesce_flush(&job.ports); /* after an error: what is held is freed, nothing is written */
	coalesce_forget(&job.ports);
	stop_end(); /* all is said and tidied up */
	return code;
}

const struct cli_command cli_coalesce = { "coalesce", "join a capture's frames", help, run };
