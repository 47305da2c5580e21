/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "test/html/html.h"

static void put_share(FILE *to, size_t ran, size_t code)
{
	fprintf(to,
		"<td class=n>%zu of %zu</td><td class=n>%.0f&#8239;%%</td>"
		"<td class=share><span style=\"width:%.1f%%\"></span></td>",
		ran, code, code ? (double)ran / (double)code * 100 : 0,
		code ? (double)ran / (double)code * 100 : 0);
}

static void put_source(FILE *to, const struct coverage_file *file)
{
	fputs("<details class=source><summary><code>", to);
	html_text(to, file->path);
	fprintf(to,
		"</code>, %zu lines not run</summary>\n<div class=wide tabindex=0 role=region>"
		"<table>\n",
		file->code - file->ran);
	for (size_t i = 0; i < file->line_count; i++) {
		const struct coverage_line *line = &file->lines[i];

		fprintf(to, "<tr%s><td class=n>%zu</td><td class=n>",
			line->count == 0  ? " class=left"
			: line->count > 0 ? " class=ran"
					  : "",
			i + 1);
		if (line->count > 0)
			fprintf(to, "%ld", line->count);
		else if (line->count == 0)
			fputs("not run", to);
		fputs("</td><td><code>", to);
		html_text(to, line->text);
		fputs("</code></td></tr>\n", to);
	}
	fputs("</table></div></details>\n", to);
}

static const char *short_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void put_table(FILE *to, const struct coverage *c)
{
	size_t ran = 0, code = 0;

	fputs("<table class=coverage><thead><tr><th scope=col>File</th>"
	      "<th scope=col class=n>Lines run</th><th scope=col class=n>Share</th>"
	      "<th scope=col class=share><span class=unseen>bar</span></th></tr></thead><tbody>\n",
	      to);
	for (size_t i = 0; i < c->file_count; i++) {
		ran += c->files[i].ran;
		code += c->files[i].code;
		fputs("<tr><th scope=row>", to);
		html_text(to, short_name(c->files[i].path));
		fputs("</th>", to);
		put_share(to, c->files[i].ran, c->files[i].code);
		fputs("</tr>\n", to);
	}
	fputs("</tbody><tfoot><tr><th scope=row>All</th>", to);
	put_share(to, ran, code);
	fputs("</tr></tfoot></table>\n", to);
}

void html_coverage(FILE *to, const struct coverage *c)
{
	fputs("<section id=coverage>\n<h2>Coverage of the driver's lines</h2>\n", to);
	if (*c->why) {
		fputs("<p class=why>", to);
		html_text(to, c->why);
		fputs(".</p>\n", to);
	}
	if (c->file_count) {
		fputs("<p>Of all runs since the driver was built. A case that fails or is skipped ends "
		      "its process at once and is not counted.</p>\n",
		      to);
		put_table(to, c);
		for (size_t i = 0; i < c->file_count; i++)
			put_source(to, &c->files[i]);
	}
	fputs("</section>\n", to);
}
