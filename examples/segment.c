/* SPDX-License-Identifier: MIT */
/*
 * segment FRAME MSS: cut the TCP or UDP super-packet in the file FRAME (one raw Ethernet frame)
 * into the frames that a NIC would send, and say what they are. Nothing is copied but headers. It
 *may lie in a tunnel: VXLAN, Geneve, GRE, IPIP and others, see lso_begin_tunnel().
 *
 *	cc segment.c -o segment $(pkg-config --cflags --libs liblso)
 */
#include <netcx/lso.h>
#include <stdio.h>
#include <stdlib.h>

static unsigned char packet[1 << 20];

int main(int argc, char **argv)
{
	struct lso_options options = { .ip_id = LSO_IP_ID_LINUX };
	unsigned char header[LSO_MAX_HEADERS];
	struct lso_segmenter segmenter;
	enum lso_status status;
	struct iovec in, out[2];
	FILE *file;

	if (argc != 3) {
		fprintf(stderr, "usage: segment FRAME MSS\n");
		return 2;
	}
	file = fopen(argv[1], "rb");
	if (!file) {
		perror(argv[1]);
		return 1;
	}
	in.iov_base = packet;
	in.iov_len = fread(packet, 1, sizeof(packet), file);
	fclose(file);

	options.mss = (uint32_t)strtoul(argv[2], NULL, 10);
	status = lso_begin_tunnel(&segmenter, &in, 1, &options, NULL);
	if (status != LSO_OK) {
		fprintf(stderr, "segment: %s: %s\n", argv[1], lso_reason(status));
		return 1;
	}
	printf("%u segments on path %s\n", lso_segments(&segmenter),
	       lso_path_name(lso_path_find(LSO_PATH_AUTO)));

	/* Each turn gives what sendmsg(2) on a packet socket takes. */
	while (lso_next_iov(&segmenter, header, out, 2) > 0)
		printf("%zu bytes of headers, %zu of payload from offset %td\n", out[0].iov_len,
		       out[1].iov_len, (unsigned char *)out[1].iov_base - packet);
	return 0;
}
