/* SPDX-License-Identifier: MIT */
#include "cli/capture.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>

#define SNAPLEN 262144 /* what libpcap takes at most */

/*
 * libpcap reads through this, so that the first bytes can be looked at also when they come through
 * a pipe, and the position is known for the progress.
 */
static ssize_t read_on(void *cookie, char *to, size_t length)
{
	struct capture_in *in = cookie;
	size_t n = in->magic_length - in->magic_used;

	if (n > 0) {
		n = n < length ? n : length;
		memcpy(to, in->magic + in->magic_used, n);
		in->magic_used += n;
		in->position += n;
		return (ssize_t)n;
	}
	if (ferror(in->file)) { /* it broke off behind the bytes that were last passed on */
		errno = EIO;
		return -1;
	}
	n = fread(to, 1, length, in->file);
	if (n == 0 && ferror(in->file))
		return -1;
	in->position += n;
	return (ssize_t)n;
}

/* is_micro() - the magic numbers of pcap with microseconds; pcapng has its own, often nanoseconds
 */
static bool is_micro(const unsigned char *magic)
{
	return !memcmp(magic, "\xa1\xb2\xc3\xd4", 4) || !memcmp(magic, "\xd4\xc3\xb2\xa1", 4);
}

/* In the file it is counted in units of 16 bits (draft-ietf-opsawg-pcap 4). */
static uint32_t fcs_length(pcap_t *pcap)
{
	int ext = pcap_datalink_ext(pcap);

	return LT_FCS_LENGTH_PRESENT(ext) ? 2 * (uint32_t)LT_FCS_LENGTH(ext) : 0;
}

bool capture_open_in(struct capture_in *in, const char *path)
{
	static const cookie_io_functions_t functions = { .read = read_on };
	struct stat status;
	FILE *through;

	memset(in, 0, sizeof(*in));
	in->name = strcmp(path, "-") ? path : "standard input";
	in->file = strcmp(path, "-") ? fopen(path, "rb") : stdin;
	if (!in->file || fstat(fileno(in->file), &status) < 0) {
		snprintf(in->error, sizeof(in->error), "%s", strerror(errno));
		return false;
	}
	if (S_ISDIR(status.st_mode)) {
		snprintf(in->error, sizeof(in->error), "%s", strerror(EISDIR));
		return false;
	}
	in->size = S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0;
	in->magic_length = fread(in->magic, 1, sizeof(in->magic), in->file);
	in->micro = is_micro(in->magic);
	if (in->magic_length == 0) {
		snprintf(in->error, sizeof(in->error), "it is empty");
		return false;
	}

	through = fopencookie(in, "rb", functions);
	in->pcap = through ? pcap_fopen_offline_with_tstamp_precision(
				     through, PCAP_TSTAMP_PRECISION_NANO, in->error)
			   : NULL;
	if (!in->pcap)
		return false;
	if (pcap_datalink(in->pcap) != DLT_EN10MB) {
		snprintf(
			in->error, sizeof(in->error),
			"its link type is %s: Ethernet is needed, as a capture on one interface has it",
			pcap_datalink_val_to_name(pcap_datalink(in->pcap))
				? pcap_datalink_val_to_name(pcap_datalink(in->pcap))
				: "unknown");
		return false;
	}
	in->fcs = fcs_length(in->pcap);
	return true;
}

void capture_close_in(struct capture_in *in)
{
	if (in->pcap)
		pcap_close(in->pcap);
	if (in->file && in->file != stdin)
		fclose(in->file);
}

int capture_read(struct capture_in *in, struct pcap_pkthdr **header, const uint8_t **frame)
{
	int result = pcap_next_ex(in->pcap, header, frame);

	if (result == PCAP_ERROR_BREAK)
		return 0;
	if (result < 0) {
		snprintf(in->error, sizeof(in->error), "%s", pcap_geterr(in->pcap));
		return -1;
	}
	return result;
}

bool capture_open_out(struct capture_out *out, const char *path, const struct capture_in *in,
		      const char **error)
{
	memset(out, 0, sizeof(*out));
	out->name = strcmp(path, "-") ? path : "standard output";
	out->micro = in->micro;
	out->pcap = pcap_open_dead_with_tstamp_precision(DLT_EN10MB, SNAPLEN,
							 in->micro ? PCAP_TSTAMP_PRECISION_MICRO
								   : PCAP_TSTAMP_PRECISION_NANO);
	out->dumper = out->pcap ? pcap_dump_open(out->pcap, path) : NULL;
	if (out->dumper)
		return true;
	*error = errno ? strerror(errno) : "out of memory";
	if (out->pcap)
		pcap_close(out->pcap);
	return false;
}

bool capture_write(struct capture_out *out, const struct pcap_pkthdr *header, const uint8_t *frame,
		   size_t length)
{
	struct pcap_pkthdr written = *header;

	written.caplen = (bpf_u_int32)length;
	if (out->micro)
		written.ts.tv_usec /= 1000;
	pcap_dump((u_char *)out->dumper, &written, frame);
	return !ferror(pcap_dump_file(out->dumper));
}

bool capture_close_out(struct capture_out *out)
{
	bool good = pcap_dump_flush(out->dumper) == 0 && !ferror(pcap_dump_file(out->dumper));

	pcap_dump_close(out->dumper);
	pcap_close(out->pcap);
	return good;
}
