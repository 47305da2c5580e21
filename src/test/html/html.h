/* SPDX-License-Identifier: MIT */
/*
 * The parts of the report's page. All text that comes from a driver, a case or a command line goes
 * through html_text(): nothing of it becomes markup.
 */
#ifndef TEST_HTML_HTML_H
#define TEST_HTML_HTML_H

#include <stdio.h>

#include "test/coverage.h"
#include "test/report.h"

/*
 * html_text() - text, in an element or between an attribute's double quotes
 * What is no UTF-8, control characters and those that turn the direction of writing are shown by
 * their numbers.
 */
void html_text(FILE *to, const char *text);

/* The page's own style and script; the second's digest as a policy names it. */
extern const char html_style[], html_script[], html_script_digest[];

/* html_case() - all of a case that opens */
void html_case(FILE *to, const struct test_case *test, const struct test_result *result);

/* html_packets() - the expected and the actual one, field beside field; nothing without both */
void html_packets(FILE *to, const struct test_result *result);

/* html_events() - the time line; @lines as test_result has them */
void html_events(FILE *to, const char *lines);

void html_coverage(FILE *to, const struct coverage *coverage);

#endif
