/* SPDX-License-Identifier: MIT */
/*
 * What two processors can do for two flows at all, for `./run bench e2e`: a thread for each queue
 * of TAP A carries super-packets to TAP B, with nothing in between. What netcx with as many
 * transmit queues reaches over one queue is held against what this reaches over one thread.
 *
 *   relay-queues COUNT NETNS_A NAME_A NAME_B
 *
 * Each thread writes into a file of its own. B's frames are carried to A by a thread that any
 * processor may run. TAP A is made in the network namespace NETNS_A, TAP B in the present one. Runs
 * until it is killed.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define FRAME_ROOM (72 * 1024)
#define THREADS    16

/* What one thread carries. */
struct way {
	int from, to;
	char name[16];
};

static void fail(const char *what)
{
	fprintf(stderr, "relay-queues: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* One file of a device with several. @attached: frames come out of it, too. */
static int tap_open(const char *name, bool attached)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR | IFF_MULTI_QUEUE };
	struct ifreq detach = { .ifr_flags = IFF_DETACH_QUEUE };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &ifr) ||
	    ioctl(fd, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6) ||
	    (!attached && ioctl(fd, TUNSETQUEUE, &detach)))
		fail(name);
	return fd;
}

static int enter_netns(const char *name)
{
	int here = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), fd;
	char path[256];

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (here < 0 || fd < 0 || setns(fd, CLONE_NEWNET))
		fail(path);
	close(fd);
	return here;
}

static void *carry(void *argument)
{
	const struct way *way = argument;
	struct pollfd wait = { .fd = way->from, .events = POLLIN };
	uint8_t *frame = malloc(sizeof(struct virtio_net_hdr) + FRAME_ROOM);

	pthread_setname_np(pthread_self(), way->name);
	for (;;) {
		ssize_t length = read(way->from, frame, sizeof(struct virtio_net_hdr) + FRAME_ROOM);

		if (length < 0 && errno == EAGAIN)
			poll(&wait, 1, -1);
		else if (length < 0)
			fail("read");
		else if (write(way->to, frame, (size_t)length) < 0 && errno != EAGAIN &&
			 errno != EIO && errno != ENOBUFS)
			fail("write");
	}
	return NULL;
}

static void start(struct way *way, const char *kind, int number, int from, int to)
{
	pthread_t thread;

	*way = (struct way){ .from = from, .to = to };
	snprintf(way->name, sizeof(way->name), "relay-%s%d", kind, number);
	errno = pthread_create(&thread, NULL, carry, way);
	if (errno)
		fail("thread");
}

int main(int argc, char **argv)
{
	static struct way ways[THREADS + 1];
	int count = argc == 5 ? atoi(argv[1]) : 0, from[THREADS], back, home, b;

	if (count < 1 || count > THREADS) {
		fprintf(stderr, "usage: relay-queues COUNT NETNS_A NAME_A NAME_B\n");
		return 2;
	}
	home = enter_netns(argv[2]);
	for (int i = 0; i < count; i++)
		from[i] = tap_open(argv[3], true);
	/* A flow stays in its queue: what is written into an attached file draws it there. */
	back = tap_open(argv[3], false);
	if (setns(home, CLONE_NEWNET))
		fail("setns");
	b = tap_open(argv[4], true);
	for (int i = 0; i < count; i++)
		start(&ways[i], "tx", i, from[i], tap_open(argv[4], false));
	start(&ways[count], "rx", 0, b, back);
	pause();
	return 0;
}
