/* SPDX-License-Identifier: MIT */
/* Answers to control clients that a worker finds and the main thread sends. */
#include <stdlib.h>

#include "host/host.h"

struct host_reply {
	struct host_reply *next;
	uint64_t client;
	json_t *json;
};

void host_reply(struct netcx_host *host, uint64_t client, json_t *json)
{
	struct host_reply *reply = malloc(sizeof(*reply)), **at = &host->replies;

	if (!reply) {
		json_decref(json);
		return;
	}
	*reply = (struct host_reply){ .client = client, .json = json };
	pthread_mutex_lock(&host->lock);
	while (*at)
		at = &(*at)->next;
	*at = reply;
	pthread_mutex_unlock(&host->lock);
	host_news(host, HOST_NEWS_REPLY);
}

static struct host_reply *take(struct netcx_host *host)
{
	struct host_reply *reply;

	pthread_mutex_lock(&host->lock);
	reply = host->replies;
	if (reply)
		host->replies = reply->next;
	pthread_mutex_unlock(&host->lock);
	return reply;
}

void host_send_replies(struct netcx_host *host)
{
	struct host_reply *reply;

	while ((reply = take(host))) {
		control_reply(&host->control, reply->client, reply->json);
		free(reply);
	}
}

void host_drop_reply(struct netcx_host *host)
{
	struct host_reply *reply = take(host);

	if (reply)
		json_decref(reply->json);
	free(reply);
}
