/* SPDX-License-Identifier: MIT */
#include "edge/netdev.h"

#include <errno.h>
#include <linux/ethtool_netlink.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <netlink/errno.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <string.h>

/* By bit position of NETDEV_CSUM and the others. */
static const char *const feature_names[NETDEV_FEATURES] = {
	"tx-checksum-ip-generic",
	"tx-tcp-segmentation",
	"tx-tcp6-segmentation",
	"tx-tcp-ecn-segmentation",
	"tx-udp-segmentation",
	"rx-gro",
	"rx-gro-hw",
	"rx-lro",
};

static int feature_of_name(const char *name)
{
	for (int i = 0; i < NETDEV_FEATURES; i++) {
		if (!strcmp(name, feature_names[i]))
			return i;
	}
	return -1;
}

static void parse_link(struct netdev *nl, struct nlmsghdr *message)
{
	struct ifinfomsg *info = nlmsg_data(message);
	struct nlattr *attrs[IFLA_MAX + 1];
	struct netdev_link *link = &nl->event.link;

	if (nlmsg_datalen(message) < (int)sizeof(*info) || info->ifi_index != nl->ifindex)
		return;
	/* A bridge announces its ports in messages of its own family; RTM_DELLINK too. */
	if (info->ifi_family != AF_UNSPEC)
		return;
	if (message->nlmsg_type == RTM_DELLINK) {
		nl->event.has |= NETDEV_HAS_GONE;
		return;
	}
	if (message->nlmsg_type != RTM_NEWLINK ||
	    nlmsg_parse(message, sizeof(*info), attrs, IFLA_MAX, NULL) < 0 || !attrs[IFLA_MTU] ||
	    nla_len(attrs[IFLA_MTU]) < 4 || !attrs[IFLA_ADDRESS] ||
	    nla_len(attrs[IFLA_ADDRESS]) != sizeof(link->mac))
		return;
	link->mtu = nla_get_u32(attrs[IFLA_MTU]);
	memcpy(link->mac, nla_data(attrs[IFLA_ADDRESS]), sizeof(link->mac));
	link->up = info->ifi_flags & IFF_UP;
	link->all_multicast = info->ifi_flags & IFF_ALLMULTI;
	/* The flag is the administrator's alone; a sniffer or a bridge only counts. */
	link->promiscuous = info->ifi_flags & IFF_PROMISC ||
			    (attrs[IFLA_PROMISCUITY] && nla_len(attrs[IFLA_PROMISCUITY]) >= 4 &&
			     nla_get_u32(attrs[IFLA_PROMISCUITY]) > 0);
	nl->event.has |= NETDEV_HAS_LINK;
}

/* With an address of IPv6 a group is joined, its solicited-node address. */
static void parse_address(struct netdev *nl, struct nlmsghdr *message)
{
	struct ifaddrmsg *info = nlmsg_data(message);

	if (nlmsg_datalen(message) >= (int)sizeof(*info) &&
	    info->ifa_index == (unsigned)nl->ifindex)
		nl->event.has |= NETDEV_HAS_ADDRESSES;
}

/* One bit of the form that names its bits. Learns the number of the features we know. */
static unsigned parse_bit(struct netdev *nl, struct nlattr *bit, bool list)
{
	struct nlattr *attrs[ETHTOOL_A_BITSET_BIT_MAX + 1];
	int feature;

	if (nla_parse_nested(attrs, ETHTOOL_A_BITSET_BIT_MAX, bit, NULL) < 0 ||
	    !attrs[ETHTOOL_A_BITSET_BIT_NAME])
		return 0;
	feature = feature_of_name(nla_get_string(attrs[ETHTOOL_A_BITSET_BIT_NAME]));
	if (feature < 0)
		return 0;
	if (attrs[ETHTOOL_A_BITSET_BIT_INDEX] && nla_len(attrs[ETHTOOL_A_BITSET_BIT_INDEX]) >= 4)
		nl->bits[feature] = (int32_t)nla_get_u32(attrs[ETHTOOL_A_BITSET_BIT_INDEX]);
	return list || attrs[ETHTOOL_A_BITSET_BIT_VALUE] ? 1u << feature : 0;
}

/*
 * A bitset of ethtool netlink (Documentation/networking/ethtool-netlink.rst, "Bit sets"): compact,
 * a bit map; or verbose, where a bit without a mask is in the list when it is set.
 */
static unsigned parse_bitset(struct netdev *nl, struct nlattr *bitset)
{
	struct nlattr *attrs[ETHTOOL_A_BITSET_MAX + 1];
	struct nlattr *value, *bit;
	unsigned features = 0;
	int left;

	if (!bitset || nla_parse_nested(attrs, ETHTOOL_A_BITSET_MAX, bitset, NULL) < 0)
		return 0;
	value = attrs[ETHTOOL_A_BITSET_VALUE];
	if (value) {
		for (int i = 0; i < NETDEV_FEATURES; i++) {
			uint32_t word;

			if (nl->bits[i] < 0 || (nl->bits[i] / 32 + 1) * 4 > nla_len(value))
				continue;
			memcpy(&word, (char *)nla_data(value) + nl->bits[i] / 32 * 4, 4);
			if (word >> (nl->bits[i] % 32) & 1)
				features |= 1u << i;
		}
	} else if (attrs[ETHTOOL_A_BITSET_BITS]) {
		nla_for_each_nested(bit, attrs[ETHTOOL_A_BITSET_BITS], left) features |=
			parse_bit(nl, bit, attrs[ETHTOOL_A_BITSET_NOMASK]);
	}
	return features;
}

static void parse_features(struct netdev *nl, struct nlmsghdr *message)
{
	struct genlmsghdr *generic = nlmsg_data(message);
	struct nlattr *attrs[ETHTOOL_A_FEATURES_MAX + 1];
	struct nlattr *header[ETHTOOL_A_HEADER_MAX + 1];

	if (nlmsg_datalen(message) < (int)GENL_HDRLEN ||
	    (generic->cmd != ETHTOOL_MSG_FEATURES_GET_REPLY &&
	     generic->cmd != ETHTOOL_MSG_FEATURES_NTF) ||
	    genlmsg_parse(message, 0, attrs, ETHTOOL_A_FEATURES_MAX, NULL) < 0 ||
	    !attrs[ETHTOOL_A_FEATURES_HEADER] ||
	    nla_parse_nested(header, ETHTOOL_A_HEADER_MAX, attrs[ETHTOOL_A_FEATURES_HEADER], NULL) <
		    0 ||
	    !header[ETHTOOL_A_HEADER_DEV_INDEX] ||
	    nla_len(header[ETHTOOL_A_HEADER_DEV_INDEX]) < 4 ||
	    nla_get_u32(header[ETHTOOL_A_HEADER_DEV_INDEX]) != (uint32_t)nl->ifindex)
		return;
	parse_bitset(nl, attrs[ETHTOOL_A_FEATURES_HW]);
	nl->wanted = parse_bitset(nl, attrs[ETHTOOL_A_FEATURES_WANTED]);
	nl->active = parse_bitset(nl, attrs[ETHTOOL_A_FEATURES_ACTIVE]);
	nl->event.features = nl->active;
	nl->event.has |= NETDEV_HAS_FEATURES;
}

static int on_message(struct nl_msg *message, void *context)
{
	struct netdev *nl = context;

	/* Only the kernel speaks here. */
	if (nlmsg_get_src(message)->nl_pid)
		return NL_SKIP;
	if (nlmsg_get_proto(message) == NETLINK_ROUTE &&
	    (nlmsg_hdr(message)->nlmsg_type == RTM_NEWADDR ||
	     nlmsg_hdr(message)->nlmsg_type == RTM_DELADDR))
		parse_address(nl, nlmsg_hdr(message));
	else if (nlmsg_get_proto(message) == NETLINK_ROUTE)
		parse_link(nl, nlmsg_hdr(message));
	else if (nlmsg_hdr(message)->nlmsg_type == nl->family)
		parse_features(nl, nlmsg_hdr(message));
	return NL_OK;
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *error, void *context)
{
	struct netdev *nl = context;

	/* libnl folds many numbers into one of its own. */
	nl->error = error->error;
	return NL_STOP;
}

static struct nl_sock *new_socket(struct netdev *nl, int protocol, bool events)
{
	struct nl_sock *socket = nl_socket_alloc();

	if (!socket)
		return NULL;
	nl_socket_modify_cb(socket, NL_CB_VALID, NL_CB_CUSTOM, on_message, nl);
	nl_socket_modify_err_cb(socket, NL_CB_CUSTOM, on_error, nl);
	nl_socket_disable_auto_ack(socket);
	if (events)
		nl_socket_disable_seq_check(socket);
	if (nl_connect(socket, protocol) < 0 || (events && nl_socket_set_nonblocking(socket) < 0)) {
		nl_socket_free(socket);
		return NULL;
	}
	return socket;
}

static bool subscribe(struct netdev *nl, struct error *error)
{
	int group =
		genl_ctrl_resolve_grp(nl->ethtool, ETHTOOL_GENL_NAME, ETHTOOL_MCGRP_MONITOR_NAME);

	nl->route_events = new_socket(nl, NETLINK_ROUTE, true);
	nl->ethtool_events = new_socket(nl, NETLINK_GENERIC, true);
	if (!nl->route_events || !nl->ethtool_events || group < 0 ||
	    nl_socket_add_memberships(nl->route_events, RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR,
				      RTNLGRP_IPV6_IFADDR, 0) < 0 ||
	    nl_socket_add_membership(nl->ethtool_events, group) < 0) {
		error_set(error, "cannot subscribe to the kernel's notes of changes to the device");
		return false;
	}
	return true;
}

bool netdev_open(struct netdev *nl, int ifindex, bool events, struct error *error)
{
	unsigned active, wanted;
	int status;

	*nl = (struct netdev){ .ifindex = ifindex };
	for (int i = 0; i < NETDEV_FEATURES; i++)
		nl->bits[i] = -1;
	nl->route = new_socket(nl, NETLINK_ROUTE, false);
	nl->ethtool = new_socket(nl, NETLINK_GENERIC, false);
	if (!nl->route || !nl->ethtool) {
		error_set(error, "cannot open a netlink socket: %s", strerror(errno));
		goto fail;
	}
	nl->family = genl_ctrl_resolve(nl->ethtool, ETHTOOL_GENL_NAME);
	if (!events)
		return true;
	if (nl->family < 0) {
		error_set(
			error,
			"the kernel has no ethtool netlink; it takes Linux 5.6 with CONFIG_ETHTOOL_NETLINK");
		goto fail;
	}
	if (!subscribe(nl, error))
		goto fail;
	/* Also learns the features' numbers, which notifications go by. */
	status = netdev_get_features(nl, &active, &wanted);
	if (status) {
		error_set(error, "cannot read the device's features: %s", strerror(-status));
		goto fail;
	}
	return true;
fail:
	netdev_close(nl);
	return false;
}

void netdev_close(struct netdev *nl)
{
	nl_socket_free(nl->route);
	nl_socket_free(nl->ethtool);
	nl_socket_free(nl->route_events);
	nl_socket_free(nl->ethtool_events);
	*nl = (struct netdev){ 0 };
}

/* Send, free the message, read the one answer. Return: 0 or -errno. */
static int ask(struct netdev *nl, struct nl_sock *socket, struct nl_msg *message)
{
	int status;

	nl->event.has = 0;
	nl->error = 0;
	status = nl_send_auto(socket, message);
	nlmsg_free(message);
	if (status >= 0)
		status = nl_recvmsgs_default(socket);
	if (nl->error)
		return nl->error;
	return status < 0 ? -EIO : 0;
}

static struct nl_msg *link_message(const struct netdev *nl, int type, int flags)
{
	struct ifinfomsg info = { .ifi_family = AF_UNSPEC, .ifi_index = nl->ifindex };
	struct nl_msg *message = nlmsg_alloc_simple(type, NLM_F_REQUEST | flags);

	if (message && nlmsg_append(message, &info, sizeof(info), NLMSG_ALIGNTO) < 0) {
		nlmsg_free(message);
		return NULL;
	}
	return message;
}

int netdev_get_link(struct netdev *nl, struct netdev_link *link)
{
	struct nl_msg *message = link_message(nl, RTM_GETLINK, 0);
	int status;

	if (!message)
		return -ENOMEM;
	status = ask(nl, nl->route, message);
	if (status)
		return status;
	if (!(nl->event.has & NETDEV_HAS_LINK))
		return -EPROTO;
	*link = nl->event.link;
	return 0;
}

int netdev_set_link(struct netdev *nl, int attribute, const void *value, int size)
{
	struct nl_msg *message = link_message(nl, RTM_NEWLINK, NLM_F_ACK);

	if (!message)
		return -ENOMEM;
	if (nla_put(message, attribute, size, value) < 0) {
		nlmsg_free(message);
		return -ENOMEM;
	}
	return ask(nl, nl->route, message);
}

static struct nl_msg *features_message(const struct netdev *nl, uint8_t command, int flags,
				       uint32_t ethtool_flags)
{
	struct nl_msg *message = nlmsg_alloc();
	struct nlattr *header;

	if (!message)
		return NULL;
	if (nl->family < 0 || !genlmsg_put(message, NL_AUTO_PORT, NL_AUTO_SEQ, nl->family, 0, flags,
					   command, ETHTOOL_GENL_VERSION))
		goto fail;
	header = nla_nest_start(message, ETHTOOL_A_FEATURES_HEADER);
	if (!header ||
	    nla_put_u32(message, ETHTOOL_A_HEADER_DEV_INDEX, (uint32_t)nl->ifindex) < 0 ||
	    nla_put_u32(message, ETHTOOL_A_HEADER_FLAGS, ethtool_flags) < 0)
		goto fail;
	nla_nest_end(message, header);
	return message;
fail:
	nlmsg_free(message);
	return NULL;
}

int netdev_get_features(struct netdev *nl, unsigned *active, unsigned *wanted)
{
	struct nl_msg *message = features_message(nl, ETHTOOL_MSG_FEATURES_GET, 0, 0);
	int status;

	if (!message)
		return -ENOMEM;
	status = ask(nl, nl->ethtool, message);
	if (status)
		return status;
	if (!(nl->event.has & NETDEV_HAS_FEATURES))
		return -EPROTO;
	*active = nl->active;
	*wanted = nl->wanted;
	return 0;
}

static bool put_bit(struct nl_msg *message, const char *name, bool value)
{
	struct nlattr *bit = nla_nest_start(message, ETHTOOL_A_BITSET_BITS_BIT);

	if (!bit || nla_put_string(message, ETHTOOL_A_BITSET_BIT_NAME, name) < 0 ||
	    (value && nla_put_flag(message, ETHTOOL_A_BITSET_BIT_VALUE) < 0))
		return false;
	nla_nest_end(message, bit);
	return true;
}

int netdev_set_features(struct netdev *nl, unsigned mask, unsigned value)
{
	struct nl_msg *message =
		features_message(nl, ETHTOOL_MSG_FEATURES_SET, NLM_F_ACK, ETHTOOL_FLAG_OMIT_REPLY);
	struct nlattr *wanted, *bits;

	if (!message)
		return -ENOMEM;
	wanted = nla_nest_start(message, ETHTOOL_A_FEATURES_WANTED);
	bits = wanted ? nla_nest_start(message, ETHTOOL_A_BITSET_BITS) : NULL;
	if (!bits)
		goto fail;
	for (int i = 0; i < NETDEV_FEATURES; i++) {
		if (mask & 1u << i && !put_bit(message, feature_names[i], value & 1u << i))
			goto fail;
	}
	nla_nest_end(message, bits);
	nla_nest_end(message, wanted);
	return ask(nl, nl->ethtool, message);
fail:
	nlmsg_free(message);
	return -ENOMEM;
}

static int read_event(struct nl_sock *socket)
{
	int status = nl_recvmsgs_default(socket);

	switch (status) {
	case -NLE_AGAIN:
		return 0;
	case -NLE_NOMEM:
		/* How libnl says ENOBUFS: the socket overflowed. */
		return -ENOBUFS;
	default:
		return status < 0 ? -EIO : 1;
	}
}

int netdev_next_event(struct netdev *nl)
{
	struct nl_sock *sockets[] = { nl->route_events, nl->ethtool_events };

	for (int i = 0; i < 2; i++) {
		/* Messages about other devices leave no event. */
		for (int tries = 0; tries < 256; tries++) {
			int status;

			nl->event.has = 0;
			status = read_event(sockets[i]);
			if (status < 0)
				return status;
			if (!status)
				break;
			if (nl->event.has)
				return 1;
		}
	}
	return 0;
}

void netdev_drop_events(struct netdev *nl)
{
	struct nl_sock *sockets[] = { nl->route_events, nl->ethtool_events };

	for (int i = 0; i < 2; i++) {
		for (int tries = 0; tries < 4096; tries++) {
			if (!read_event(sockets[i]))
				break;
		}
	}
	nl->event.has = 0;
}
