/* SPDX-License-Identifier: MIT */
/* netcx segment: what becomes of each packet, from the first to the last. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/capture_files.h"
#include "cli/cli.h"
#include "cli/segment_link.h"
#include "cli/segment_options.h"
#include "cli/segment_summary.h"
#include "cli/stop.h"
#include "segment/frame.h"

static const char help[] =
	"Usage: netcx segment IN OUT [--mtu N | --mss N | --mss-list FILE] [--udp-mss N]\n"
	"                     [--mss-from-handshake] [--ecn flow|classic|accurate]\n"
	"                     [--ip-id ndis|linux] [--tunnel KIND:PORT | --tunnel none]...\n"
	"                     [--keep-small] [--fix-checksums]\n"
	"                     [--format pcap|pcapng] [--stats] [--json]\n"
	"\n"
	"Turns a capture with super-packets, as one taken on a host that offloads segmentation has\n"
	"them, into the frames that its NIC sent. Reads and writes pcap and pcapng, of all link types;\n"
	"packets of one that cannot hold IP, or not so that it is found, go on as they are.\n"
	"\n"
	"  IN, OUT          capture files; - is standard input, standard output\n"
	"  --mtu N          cut IP packets that are longer than N bytes to that; default: 1500\n"
	"  --mss N          cut TCP and UDP payload that is longer than N bytes to that\n"
	"  --udp-mss N      the same for UDP only: the datagrams' size, which their sender chose\n"
	"  --mss-list FILE  one number a line, the MSS of packet i; 0: leave it alone\n"
	"  --mss-from-handshake\n"
	"                   cut a TCP connection's packets to the MSS that their receiver announced\n"
	"                   in the handshake, less the TCP options; others to --mss or --mtu. The\n"
	"                   default unless one of these is given; --mtu bounds it\n"
	"  --ecn KIND       whose CWR flag is on all segments: flow, of connections whose handshake\n"
	"                   asks for Accurate ECN and is not refused it (RFC 9768, the default);\n"
	"                   accurate, of all; classic, of none: on the first only (RFC 3168)\n"
	"  --ip-id KIND     how the IPv4 identification goes on: ndis, within 15 bits (the default),\n"
	"                   or linux, within 16\n"
	"  --tunnel KIND:PORT\n"
	"                   what is sent to a UDP port: vxlan, vxlan-gpe, geneve, gtpu, gue, fou, gre,\n"
	"                   mpls, or udp for plain UDP; beside the ports that these have anyway\n"
	"  --tunnel none    no tunnels: all UDP is plain\n"
	"  --keep-small     leave what needs no cutting as it is, byte for byte; else it is given the\n"
	"                   lengths and checksums that its sender left to the NIC: 0, or the sum of\n"
	"                   the pseudo-header. A checksum that is wrong in another way is kept\n"
	"  --fix-checksums  and finish that one too\n"
	"  --format FORMAT  of OUT: pcap or pcapng; default: as its name ends, .pcap or .pcapng, with\n"
	"                   another name as IN; standard output gets pcap\n"
	"  --stats          the summary by reason\n"
	"  --json           the summary as one JSON object on standard output, or on standard error\n"
	"                   when OUT is standard output\n"
	"\n"
	"In tunnels the innermost packet's TCP or UDP payload is cut, and all headers are repeated with\n"
	"their lengths and checksums, as Linux does it: VXLAN, Geneve, GTP-U, GUE, GRE, IP in IP, MPLS,\n"
	"PPPoE and others. What is encrypted, or numbered by its sender, or a tunnel to a port that is\n"
	"not told, is left alone and counted by its name.\n"
	"Sizes that nothing tells are guessed: the MTU is 1500. A warning says of how many packets.\n"
	"Times are kept; all segments of a packet have its time. IPv6 jumbograms, a Linux sender's\n"
	"packets above 64 KB, lose their hop-by-hop header. What lies behind the IP packet (padding, a\n"
	"frame check sequence, a time stamp) is no payload; it stays with frames that need no cutting.\n"
	"pcapng from pcapng keeps sections, interfaces, times, options (comments with each segment) and\n"
	"all other blocks, except what says that it is not to be copied, and what is true no longer of\n"
	"segments: hashes, lengths of check sequences. A pcap file holds one link type and no comments:\n"
	"it gets the Ethernet packets of a pcapng file (from a pipe, and without any, those of the first\n"
	"packet's link type), the others are left out and counted.\n"
	"A summary goes to standard error.\n"
	"OUT that is there already is replaced at the end, when the new one is whole. SIGINT and\n"
	"SIGTERM stop after a whole packet and say how far a new OUT goes.\n"
	"Exit codes: 0 all was read and written, 1 a file could not be read or written, 2 wrong usage.\n";

struct job {
	struct segment_rules rules;
	struct segment_wishes wishes;
	struct capture_in in;
	struct capture_out out;
	struct segment_counts counts;
	struct segment_room room;
	bool to_stdout;
	bool failed;   /* OUT could not be written */
	bool progress; /* standard error is a terminal */
	time_t told;   /* when the progress was shown */
};

static void show_progress(struct job *job, bool last)
{
	time_t now;

	if (!job->progress || (!last && job->counts.packets % 1024))
		return;
	now = time(NULL);
	if (last ? job->told == 0 : now == job->told)
		return;
	job->told = now;
	if (last)
		fprintf(stderr, "\r\033[K");
	else if (job->in.size)
		fprintf(stderr, "\r%" PRIu64 " packets, %.0f %%", job->counts.packets,
			100.0 * (double)capture_position(job->in.reader) / (double)job->in.size);
	else
		fprintf(stderr, "\r%" PRIu64 " packets", job->counts.packets);
}

static bool write_frame(struct job *job, const struct capture_packet *packet)
{
	job->counts.frames++;
	return capture_out_write(&job->out, packet);
}

/* What has no IP packet in it that could be looked for goes on as it is. */
static bool as_it_is(struct job *job, const struct capture_packet *packet, bool known)
{
	struct segment_counts *counts = &job->counts;

	counts->packets++;
	if (!known) {
		counts->unknown++;
		counts->links[packet->interface->link]++;
	} else if (packet->captured < packet->length) {
		counts->fates[FATE_PARTIAL]++;
	} else {
		counts->fates[FATE_PASSED]++;
		counts->opaque++;
	}
	return write_frame(job, packet);
}

static bool write_parts(struct job *job, const struct segment_frame *frame,
			struct lso_segmenter *segmenter, const struct capture_packet *packet)
{
	struct capture_packet part = *packet;
	size_t n;

	part.changed = true;
	while ((n = lso_next(segmenter, segment_frame_part_room(frame, &job->room))) > 0) {
		segment_frame_part(frame, &job->room, packet, n, &part);
		job->counts.segments++;
		if (!write_frame(job, &part))
			return false;
		part.further = true;
	}
	return true;
}

static bool one_frame(struct job *job, struct capture_packet *packet, struct segment_frame *frame)
{
	struct lso_segmenter segmenter;
	struct segment_result result;
	struct iovec iov;

	job->rules.fcs = frame->fcs;
	result = segment_begin(&job->rules, frame->bytes, frame->captured, frame->length,
			       job->counts.packets, &iov, &segmenter);
	segment_count(&job->counts, &result);
	if (result.fate == FATE_CUT)
		return write_parts(job, frame, &segmenter, packet);
	segment_frame_whole(frame, packet, result.behind);
	packet->changed = result.finished || result.new_length;
	return write_frame(job, packet);
}

static bool one_packet(struct job *job, struct capture_packet *packet)
{
	uint16_t link = packet->interface->link;
	struct segment_frame frame;

	if (!capture_out_takes(&job->out, packet)) {
		job->counts.packets++;
		job->counts.left_out++;
		job->counts.links_out[link]++;
		return true;
	}
	if (!capture_link_is_known(link))
		return as_it_is(job, packet, false);
	switch (segment_frame_take(&frame, &job->room, packet)) {
	case SEGMENT_FOUND:
		return one_frame(job, packet, &frame);
	case SEGMENT_OPAQUE:
		return as_it_is(job, packet, true);
	default:
		errno = ENOMEM;
		return false;
	}
}

/* one_record() - a packet, or what a copy of pcapng has besides. Return: false and errno */
static bool one_record(struct job *job, enum capture_result kind, struct capture_packet *packet,
		       const struct capture_block *block)
{
	return kind == CAPTURE_PACKET ? one_packet(job, packet)
				      : capture_write_block(&job->out.writer, block);
}

static bool summarise(struct job *job)
{
	job->counts.no_copy = job->out.writer.dropped;
	job->counts.other_time = job->out.writer.other_time;
	if (!job->wishes.json) {
		segment_summarise(&job->counts, &job->rules, job->wishes.stats);
		return true;
	}
	return segment_summary_json(&job->counts, &job->rules,
				    job->out.writer.format == CAPTURE_FORMAT_PCAP ? "pcap"
										  : "pcapng",
				    job->to_stdout ? stderr : stdout);
}

/* write_error() - Return: CLI_FAILED */
static int write_error(const struct job *job)
{
	return cli_error(CLI_FAILED, "segment", "%s: %s", job->out.name, strerror(errno));
}

/*
 * cut_all() - the packets, until the end, an error or a signal
 * @code: set when the list or the output ends it, which has been said then
 * Return: what capture_next() said last
 */
static enum capture_result cut_all(struct job *job, int *code)
{
	struct capture_packet packet;
	struct capture_block block;
	enum capture_result result = CAPTURE_END;

	while (!stop_asked() &&
	       (result = capture_next(job->in.reader, &packet, &block, &job->in.error)) > 0) {
		if (job->rules.list && result == CAPTURE_PACKET &&
		    job->counts.packets == job->rules.list_length) {
			show_progress(job, true);
			*code = cli_error(CLI_FAILED, "segment",
					  "the MSS list ends after %zu packets, %s goes on",
					  job->rules.list_length, job->in.name);
			return 0;
		}
		if (!one_record(job, result, &packet, &block)) {
			int error = errno;

			show_progress(job, true);
			errno = error;
			*code = write_error(job);
			job->failed = true;
			return 0;
		}
		show_progress(job, false);
	}
	show_progress(job, true);
	return result;
}

static int work(struct job *job)
{
	bool replaces = output_replaces(&job->out.output);
	int code = CLI_OK;
	enum capture_result result = cut_all(job, &code);
	bool whole = code == CLI_OK && !stop_asked() && result != CAPTURE_ERROR;

	if (job->failed) {
		output_discard(&job->out.output);
		return code;
	}
	if (!capture_close_out(&job->out, whole))
		return code == CLI_OK ? write_error(job) : code;
	if (code != CLI_OK)
		return code;
	if (stop_asked())
		return cli_error(CLI_FAILED, "segment",
				 replaces ? "interrupted: %s is left as it was, after %" PRIu64
					    " packets"
					  : "interrupted: %s holds the frames of the first %" PRIu64
					    " packets only",
				 job->out.name, job->counts.packets);
	if (result == CAPTURE_ERROR)
		return cli_error(CLI_FAILED, "segment", "%s: after %" PRIu64 " packets: %s%s%s%s",
				 job->in.name, job->counts.packets, job->in.error.text,
				 replaces ? "; " : "", replaces ? job->out.name : "",
				 replaces ? " is left as it was" : "");
	if (job->counts.packets < job->rules.list_length)
		fprintf(stderr, "the MSS list goes on after the last packet\n");
	return CLI_OK;
}

static int open_and_work(struct job *job, const char *in, const char *out)
{
	const char *error;
	int code;

	if (output_is_input(in, out))
		return cli_error(CLI_USAGE, "segment", "%s: input and output are the same file",
				 strcmp(in, "-") ? in : "standard input");
	if (strcmp(out, "-") == 0 && isatty(STDOUT_FILENO))
		return cli_error(CLI_USAGE, "segment", "a capture is not for a terminal");
	if (!capture_open_in(&job->in, in)) {
		code = cli_error(CLI_FAILED, "segment", "%s: %s", job->in.name, job->in.error.text);
		capture_close_in(&job->in);
		return code;
	}
	if (!capture_open_out(&job->out, out, &job->in, job->wishes.format, &stop_waiting,
			      &error)) {
		capture_close_in(&job->in);
		return cli_error(CLI_FAILED, "segment", "%s: %s", out, error);
	}
	job->to_stdout = job->out.output.standard;
	stop_catch();
	code = work(job);
	capture_close_in(&job->in);
	if (!summarise(job) && code == CLI_OK)
		code = cli_error(CLI_FAILED, "segment", "the summary cannot be written: %s",
				 strerror(errno));
	return code;
}

static int run(int argc, char **argv)
{
	struct job job = { .rules = { .mtu = 1500 }, .progress = isatty(STDERR_FILENO) };
	int code = segment_read_options(&job.rules, &job.wishes, argc, argv);

	if (code == CLI_OK && job.wishes.json && strcmp(argv[optind + 1], "-") == 0)
		cli_json(stderr);
	if (code == CLI_OK) {
		job.rules.flows = flow_table_create();
		if (segment_room_make(&job.room) && segment_counts_make(&job.counts) &&
		    job.rules.flows)
			code = open_and_work(&job, argv[optind], argv[optind + 1]);
		else
			code = cli_error(CLI_FAILED, "segment", "out of memory");
	}
	segment_room_free(&job.room);
	segment_counts_free(&job.counts);
	free(job.wishes.list);
	flow_table_free(job.rules.flows);
	stop_end(); /* all is said and tidied up */
	return code;
}

const struct cli_command cli_segment = { "segment", "cut a capture's super-packets", help, run };
