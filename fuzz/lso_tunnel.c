/* SPDX-License-Identifier: MIT */
/*
 * Segmentation of packets in tunnels. The first 4 bytes of input say how: MSS, modes, where the
 * packet is split. What comes out is whole, in order, parses as the packet does, has good checksums
 * outside and inside, and is the same copied as referred to, into rooms of exactly the size asked
 * for. Packets to port 5555 are FOU's.
 */
#include <netcx/lso.h>
#include <stdlib.h>
#include <string.h>

#define ETHERNET 14

static void check(int condition)
{
	if (!condition)
		abort();
}

static const struct lso_tunnel_port ports[] = { { 5555, LSO_TUNNEL_FOU } };

/* check_inside() - the inner packet alone, behind a link-layer header of its own */
static void check_inside(const uint8_t *frame, size_t length, const struct lso_tunnel *found)
{
	size_t at = found->inner.l3_offset;
	uint8_t *alone = malloc(ETHERNET + length - at);
	struct lso_verdicts verdicts;

	check(alone != NULL);
	memset(alone, 0, ETHERNET);
	alone[12] = found->inner.ip_version == 4 ? 0x08 : 0x86;
	alone[13] = found->inner.ip_version == 4 ? 0x00 : 0xdd;
	memcpy(alone + ETHERNET, frame + at, length - at);
	verdicts = lso_verify(alone, ETHERNET + length - at);
	check(verdicts.ipv4 != LSO_SUM_BAD && verdicts.l4 != LSO_SUM_BAD);
	free(alone);
}

static void check_frame(uint8_t *frame, size_t length, const struct lso_tunnel *of,
			const struct lso_tunnel_options *tunnel)
{
	struct iovec iov = { frame, length };
	struct lso_verdicts verdicts = lso_verify(frame, length);
	struct lso_tunnel found;

	check(verdicts.ipv4 != LSO_SUM_BAD && verdicts.l4 != LSO_SUM_BAD);
	check(lso_parse_tunnel(&iov, 1, tunnel, &found) == LSO_OK);
	check(found.depth == of->depth && found.kind == of->kind);
	check(found.inner.payload_offset == of->inner.payload_offset - of->jumbo_length);
	check_inside(frame, length, &found);
}

static void cut(const struct iovec *iov, int count, const uint8_t *packet, size_t size,
		const struct lso_options *options, const struct lso_tunnel_options *tunnel)
{
	struct lso_segmenter copies, references;
	struct lso_tunnel found;
	uint8_t *frame, *header;
	struct iovec out[5];
	size_t at, headers;

	lso_parse_tunnel(iov, count, tunnel, &found);
	check(lso_begin_tunnel(&copies, iov, count, options, tunnel) == LSO_OK);
	references = copies;
	at = found.inner.payload_offset;
	headers = lso_header_size(&copies);
	check(headers == at - found.jumbo_length);
	frame = malloc(lso_frame_size(&copies));
	header = malloc(headers);
	check(frame && header);
	for (uint32_t left = lso_segments(&copies); left > 0; left--) {
		size_t n = lso_next(&copies, frame);
		int entries = lso_next_iov(&references, header, out, 5);

		check(n > headers && n <= lso_frame_size(&copies));
		check(!memcmp(frame + headers, packet + at, n - headers));
		at += n - headers;
		check_frame(frame, n, &found, tunnel);
		check(entries >= 2 && out[0].iov_len == headers);
		check(!memcmp(frame, header, headers));
	}
	check(at == size && lso_next(&copies, frame) == 0);
	free(frame);
	free(header);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lso_tunnel_options tunnel = { .size = sizeof(tunnel),
					     .ports = ports,
					     .port_count = 1 };
	struct lso_options options = { .udp_zero_checksum = true };
	const uint8_t *packet = data + 4;
	struct lso_tunnel found;
	struct lso_segmenter s;
	struct iovec iov[2];
	enum lso_status status, parsed;
	size_t first;

	if (size < 4)
		return 0;
	size -= 4;
	options.mss = (uint32_t)(data[0] | data[1] << 8);
	if (options.mss && size / options.mss > 64)
		options.mss = (uint32_t)(size / 64);
	options.ip_id = (enum lso_ip_id)(data[2] % 3);
	tunnel.outer_ip_id = (enum lso_ip_id)(data[2] / 4 % 3);
	tunnel.no_known_ports = data[2] >= 0xf0;
	options.path = data[2] & 0x10 ? LSO_PATH_AUTO : LSO_PATH_PORTABLE;
	first = data[3] * 4u < size ? data[3] * 4u : size;
	iov[0] = (struct iovec){ (uint8_t *)(uintptr_t)packet, first };
	iov[1] = (struct iovec){ (uint8_t *)(uintptr_t)packet + first, size - first };
	parsed = lso_parse_tunnel(iov, 2, &tunnel, &found);
	status = lso_begin_tunnel(&s, iov, 2, &options, &tunnel);
	if (status == LSO_OK)
		cut(iov, 2, packet, size, &options, &tunnel);
	else if (!found.jumbo_length) /* with it, headers of 512 bytes are fewer in the segments */
		check(parsed == status || status == LSO_TOO_LONG || status == LSO_BAD_MSS ||
		      status == LSO_NO_PAYLOAD);
	return 0;
}
