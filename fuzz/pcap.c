/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a capture file, read as the stack edge does. Input: 1 byte for the MTU, then the
 * file.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "edge/edge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void read_all(struct edge *edge)
{
	static uint8_t room[70000];
	struct iovec iov[] = { { room, 60 }, { room + 60, sizeof(room) - 60 } };
	struct frame_meta meta;
	ssize_t length;

	while ((length = edge_receive(edge, iov, 2, &meta)) > 0) {
		require((size_t)length <= sizeof(room));
		require(!meta.mss || (meta.needs_checksum && meta.layout.payload_offset < length));
		require(!meta.needs_checksum ||
			meta.layout.l4_offset + frame_checksum_offset(&meta.layout) + 2 <= length);
	}
	require(length < 0);
	require(length == -ENODATA || edge_ended(edge));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct edge_config config = { .role = EDGE_STACK };
	char spec[64];
	struct error why = { "" };
	struct edge *edge;
	int fd;

	if (size < 1)
		return 0;
	config.mtu = data[0] * 8u;
	fd = memfd_create("capture", MFD_CLOEXEC);
	require(fd >= 0 && write(fd, data + 1, size - 1) == (ssize_t)(size - 1));
	snprintf(spec, sizeof(spec), "pcap:/proc/self/fd/%d", fd);
	edge = edge_open(spec, &config, &why);
	if (edge)
		read_all(edge);
	else
		require(why.text[0] != 0);
	edge_close(edge);
	close(fd);
	return 0;
}
