/* SPDX-License-Identifier: MIT */
/*
 * host DRIVER.so: run a NetAdapterCx driver inside a program of one's own, show the events of its
 * life as lines of JSON, and take it down as soon as its device has started. C17 or C++.
 *
 *	cc host.c -o host $(pkg-config --cflags --libs netcxhost)
 *	cc host.c -o host $(pkg-config --cflags --libs netcxhost-static)    # nothing of netcx to
 *bring along
 */
#include <netcx/host.h>
#include <stdio.h>
#include <string.h>

static struct netcx_host *host;

static void on_event(void *context, const char *json)
{
	(void)context;
	fputs(json, stdout);
	if (strstr(json, "\"name\":\"DeviceStarted\""))
		netcx_host_stop(host);
}

int main(int argc, char **argv)
{
	struct netcx_host_config config = {};
	struct netcx_adapter_config adapter = {};
	struct netcx_error error;
	int result = NETCX_FAILED;

	if (argc != 2)
		return NETCX_USAGE;
	config.event = on_event;
	adapter.driver = argv[1];
	host = netcx_host_create(&config, &error);
	if (host)
		result = netcx_host_add(host, &adapter, &error);
	if (result == NETCX_OK)
		result = netcx_host_run(host, &error);
	if (result != NETCX_OK)
		fprintf(stderr, "%s\n", error.text);
	netcx_host_destroy(host);
	printf("version %s\n", netcx_version());
	return result;
}
