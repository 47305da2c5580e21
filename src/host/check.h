/* SPDX-License-Identifier: MIT */
/* What is checked of adapters' configurations before anything is touched. */
#ifndef HOST_CHECK_H
#define HOST_CHECK_H

#include "host/nic.h"
#include "inf/os.h"

/* check_config() - one by itself. Return: enum netcx_result with *error filled. */
int check_config(const struct netcx_adapter_config *config, struct error *error);

/* check_apart() - can both be there? *error is about @b. Return: likewise. */
int check_apart(const struct netcx_adapter_config *a, const struct netcx_adapter_config *b,
		struct error *error);

/*
 * check_mac() - an adapter's hardware address as bytes
 * @text: NULL: one is made up for the adapter of this @name
 */
int check_mac(uint8_t mac[6], const char *text, const char *name, struct error *error);

/* check_os() - "10.0.22000" as the INF's reader has it. */
int check_os(const char *text, struct inf_os *os, struct error *error);

#endif
