/* SPDX-License-Identifier: MIT */
#ifndef CONTROL_EVENT_TEXT_H
#define CONTROL_EVENT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * event_text() - an event's line of JSON (control/events.h) as a line for a person
 * @colour: with terminal escapes
 * Return: the length, with a newline at its end; what is no event gives an empty line's 0.
 */
size_t event_text(const char *json, bool colour, char *text, size_t size);

#endif
