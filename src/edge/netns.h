/* SPDX-License-Identifier: MIT */
#ifndef EDGE_NETNS_H
#define EDGE_NETNS_H

#include "edge/private.h"

/*
 * netns_enter() - take the calling thread into another network namespace for a moment
 * @name: as `ip netns` knows it, or a path; NULL: stay
 * Return: for netns_leave(), or -1 after error_set(). What is opened meanwhile stays there.
 */
int netns_enter(const char *name, struct error *error);

/*
 * netns_enter_fd() - the same by an open descriptor of the namespace, which stays the caller's
 * Return: for netns_leave(), or -1 with errno set.
 */
int netns_enter_fd(int there);

/*
 * netns_leave() - back again
 * Return: 0, or -errno: the thread is still in the other namespace.
 */
int netns_leave(int home);

#endif
