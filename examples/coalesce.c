/* SPDX-License-Identifier: MIT */
/*
 * coalesce CAPTURE: what a receiver's stack would be given of the Ethernet frames in a capture
 *(pcap as this machine writes it). Nothing is copied: the whole file stays in memory.
 *
 *	cc coalesce.c -o coalesce $(pkg-config --cflags --libs liblso)
 */
#include <netcx/lso.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned char file[64 << 20];

/* A super-packet, or a frame that stayed alone: this is where a receiver would hand it on. */
static void received(void *context, const struct lso_unit *unit)
{
	unsigned long *packets = context;

	++*packets;
	printf("%u frames, %zu bytes in %d pieces: %s\n", unit->frames, unit->length, unit->count,
	       lso_end_reason(unit->end));
}

int main(int argc, char **argv)
{
	unsigned long packets = 0;
	struct lso_coalesce_options options = {
		.size = sizeof(options),
		.emit = received,
		.context = &packets,
		.rules = LSO_RULES_LINUX,
		.flows = 64,
		.max_age = 1000, /* microseconds, as in the capture */
	};
	struct lso_coalescer *c;
	size_t size = lso_coalesce_size(&options);
	void *memory = aligned_alloc(64, size);
	size_t length, at = 24;
	uint32_t head[4];
	FILE *in;

	in = argc == 2 ? fopen(argv[1], "rb") : NULL;
	if (!in || !memory || lso_coalesce_begin(&c, memory, size, &options) != LSO_OK) {
		fprintf(stderr, "usage: coalesce CAPTURE\n");
		return 2;
	}
	length = fread(file, 1, sizeof(file), in);
	fclose(in);

	while (at + sizeof(head) <= length) {
		struct iovec frame = { .iov_base = file + at + sizeof(head) };

		memcpy(head, file + at, sizeof(head)); /* seconds, microseconds, length, original */
		frame.iov_len = head[2];
		if (head[2] > length - at - sizeof(head))
			break;
		lso_coalesce_expire(c, head[0] * UINT64_C(1000000) + head[1]);
		lso_coalesce_frame(c, &frame, 1, LSO_FRAME_VERIFY, NULL);
		at += sizeof(head) + head[2];
	}
	lso_coalesce_flush(c, UINT32_MAX);
	printf("%lu packets\n", packets);
	free(memory);
	return 0;
}
