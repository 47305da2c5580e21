/* SPDX-License-Identifier: MIT */
/* A program of somebody else, C or C++: runs the driver that it is given until it has started. */
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
