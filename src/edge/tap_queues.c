/* SPDX-License-Identifier: MIT */
#include "edge/tap_queues.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int open_device(struct error *error)
{
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	if (errno == ENOENT || errno == ENODEV || errno == ENXIO)
		error_set(
			error,
			"there is no /dev/net/tun; load the module (`modprobe tun`) or, in a container, pass the device in");
	else
		error_set(error, "cannot open /dev/net/tun: %s%s", strerror(errno),
			  errno == EACCES || errno == EPERM
				  ? "; run as root or get access to the file"
				  : "");
	return -1;
}

static bool attach_failed(const char *name, int number, struct error *error)
{
	switch (number) {
	case EPERM:
		error_set(
			error,
			"making a TAP takes CAP_NET_ADMIN: run as root, or let root make it for this user: `ip tuntap add dev %s mode tap user NAME`",
			name);
		break;
	case EBUSY:
		error_set(error, "%s is in use by another process", name);
		break;
	case EINVAL:
		error_set(error, "there is an interface %s already, and it is not a TAP", name);
		break;
	default:
		error_set(error, "cannot make the TAP: %s", strerror(number));
	}
	return false;
}

/* Return: 0 or an errno. */
static int try_attach(int fd, const char *name, int flags)
{
	struct ifreq request = { .ifr_flags = (short)flags };

	memcpy(request.ifr_name, name, strlen(name));
	return ioctl(fd, TUNSETIFF, &request) ? errno : 0;
}

/*
 * A device of several queues lets any process in. One that was there before, and does not outlast
 * its users, has one.
 */
static int check_unused(int fd)
{
	struct ifreq request = { 0 };

	if (ioctl(fd, TUNGETIFF, &request))
		return errno;
	return request.ifr_flags & IFF_PERSIST ? 0 : EBUSY;
}

static int attach_several(int fd, const char *name, int flags)
{
	int status = try_attach(fd, name, flags | IFF_MULTI_QUEUE | IFF_TUN_EXCL);

	if (status != EBUSY)
		return status;
	status = try_attach(fd, name, flags | IFF_MULTI_QUEUE);
	return status ? status : check_unused(fd);
}

/*
 * The first file. A device that was there before has one queue or several, whatever we would like;
 * *@several says which.
 */
static int attach_first(int fd, const char *name, int flags, bool *several)
{
	int status = *several ? attach_several(fd, name, flags) : try_attach(fd, name, flags);

	if (status != EINVAL)
		return status;
	*several = !*several;
	return *several ? attach_several(fd, name, flags) : try_attach(fd, name, flags);
}

/* A device that lasts may have been left with another header. */
static bool set_header(int fd, struct error *error)
{
	int size = sizeof(struct virtio_net_hdr),
	    little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;

	if (!ioctl(fd, TUNSETVNETHDRSZ, &size) && !ioctl(fd, TUNSETVNETLE, &little))
		return true;
	error_set(error, "the kernel refuses the virtio_net_hdr: %s", strerror(errno));
	return false;
}

static int set_attached(int fd, bool attached)
{
	struct ifreq request = {
		.ifr_flags = (short)(attached ? IFF_ATTACH_QUEUE : IFF_DETACH_QUEUE),
	};

	return ioctl(fd, TUNSETQUEUE, &request) ? errno : 0;
}

/* One more file of a device with several queues, detached. Return: -1: there is none. */
static int open_further(const char *name, int flags, int *error)
{
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	*error = fd < 0 ? errno : try_attach(fd, name, flags | IFF_MULTI_QUEUE);
	if (!*error)
		*error = set_attached(fd, false);
	if (!*error)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static bool add_queue(struct tap_queues *queues, int fd, struct edge_counters *counters)
{
	struct tap_queue *queue = aligned_alloc(64, (sizeof(*queue) + 63) & ~(size_t)63);

	if (!queue)
		return false;
	memset(queue, 0, sizeof(*queue));
	queue->fd = fd;
	queue->counters = counters ? counters : &queue->own;
	queues->queue[queues->count++] = queue;
	return true;
}

/* What is not there is no failure: the kernel's limit is not the user's mistake. */
static int open_several(struct tap_queues *queues, const char *name, int flags, unsigned wanted)
{
	int error = 0;

	queues->send_fd = open_further(name, flags, &error);
	queues->own_send_fd = queues->send_fd >= 0;
	while (queues->own_send_fd && queues->count < wanted) {
		int fd = open_further(name, flags, &error);

		if (fd < 0)
			break;
		if (!add_queue(queues, fd, NULL)) {
			close(fd);
			return ENOMEM;
		}
	}
	if (!queues->own_send_fd)
		queues->send_fd = queues->queue[0]->fd;
	return error;
}

bool tap_queues_open(struct tap_queues *queues, const char *name, bool vnet, unsigned wanted,
		     struct edge_counters *counters, char few[static 256], struct error *error)
{
	int flags = IFF_TAP | IFF_NO_PI | (vnet ? IFF_VNET_HDR : 0);
	bool several = wanted > 1;
	int status, fd;

	*queues = (struct tap_queues){ .send_fd = -1 };
	if (wanted > TAP_QUEUES)
		wanted = TAP_QUEUES;
	fd = open_device(error);
	if (fd < 0)
		return false;
	if (!add_queue(queues, fd, counters)) {
		close(fd);
		error_set(error, "out of memory");
		return false;
	}
	queues->used = 1;
	queues->send_fd = fd;
	status = attach_first(fd, name, flags, &several);
	if (status ? !attach_failed(name, status, error) : vnet && !set_header(fd, error)) {
		tap_queues_close(queues);
		return false;
	}
	if (wanted > 1 && !several)
		snprintf(
			few, 256,
			"the device was made with one; `ip tuntap add dev %s mode tap multi_queue` makes one with several",
			name);
	else if (wanted > 1) {
		status = open_several(queues, name, flags, wanted);
		if (status)
			snprintf(few, 256, "the kernel has given %u: %s", queues->count,
				 strerror(status));
	}
	return true;
}

void tap_queues_close(struct tap_queues *queues)
{
	for (unsigned i = 0; i < queues->count; i++) {
		tap_ahead_close(queues->queue[i]->ahead);
		close(queues->queue[i]->fd);
		free(queues->queue[i]);
	}
	queues->count = queues->used = 0;
	if (queues->own_send_fd)
		close(queues->send_fd);
	queues->own_send_fd = false;
	queues->send_fd = -1;
}

void tap_queues_read_ahead(struct tap_queues *queues, bool vnet)
{
	for (unsigned i = 0; i < queues->count; i++)
		queues->queue[i]->ahead = tap_ahead_open(queues->queue[i]->fd,
							 vnet ? sizeof(struct virtio_net_hdr) : 0);
}

static void forget(struct tap_queue *queue)
{
	if (queue->ahead)
		count_add(&queue->counters->rx_dropped, tap_ahead_forget(queue->ahead));
}

unsigned tap_queues_use(struct tap_queues *queues, unsigned count)
{
	if (count > queues->count)
		count = queues->count;
	while (queues->used < count && !set_attached(queues->queue[queues->used]->fd, true))
		queues->used++;
	/* The last first: the kernel numbers those that stay anew. */
	while (queues->used > count && queues->used > 1 &&
	       !set_attached(queues->queue[queues->used - 1]->fd, false))
		queues->used--;
	for (unsigned i = queues->used; i < queues->count; i++)
		forget(queues->queue[i]);
	return queues->used < count ? queues->used : count;
}
