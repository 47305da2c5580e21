/* SPDX-License-Identifier: MIT */
/* The picture as SVG. What is in it has a class, for who looks for it: line, bar, callback, legend.
 */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/utf.h"
#include "cli/plot.h"

/* Pixels. */
#define WIDTH      960.0
#define LEFT       70.0
#define RIGHT      20.0
#define TOP        74.0
#define HEIGHT     170.0 /* of a panel */
#define GAP        62.0  /* between two */
#define ROW        17.0  /* of the list of marks */
#define NEAR       16.0  /* marks so near to each other have one number */
#define CLUSTERS   24u
#define MOST_DRAWN 1200u /* points of a line; of more, averages */

/* Told apart by eyes of all kinds: Okabe and Ito. */
static const char *const colours[PLOT_LINES] = { "#0072b2", "#d55e00", "#009e73",
						 "#cc79a7", "#e69f00", "#56b4e9" };

/* An axis of values. */
struct axis {
	double least, most; /* least 0: linear */
	double y;           /* of the panel's lower edge */
};

/* Marks that have one number. */
struct cluster {
	size_t first, count;
};

static double inner_width(void)
{
	return WIDTH - LEFT - RIGHT;
}

static double x_of(const struct plot *plot, double time)
{
	return LEFT + (time - plot->begin) / (plot->end - plot->begin) * inner_width();
}

static double y_of(const struct axis *axis, double value)
{
	double part;

	if (axis->least > 0)
		part = value <= axis->least
			       ? 0
			       : log(value / axis->least) / log(axis->most / axis->least);
	else
		part = value / axis->most;
	return axis->y - fmin(part, 1) * HEIGHT;
}

/* Text of others: no markup, nothing that XML forbids. */
static void put_text(FILE *file, const char *text)
{
	while (*text) {
		const char *from = text;
		uint32_t character = utf8_get(&text);

		if (character == '<')
			fputs("&lt;", file);
		else if (character == '&')
			fputs("&amp;", file);
		else if (character < 0x20 || character == UTF_REPLACEMENT || character >= 0xFFFE)
			fputc('?', file);
		else
			fwrite(from, 1, (size_t)(text - from), file);
	}
}

static void put_label(FILE *file, double x, double y, const char *class, const char *text)
{
	fprintf(file, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">", x, y, class);
	put_text(file, text);
	fputs("</text>\n", file);
}

/* 1, 2 or 5 and zeros, so that there are four to eight steps. */
static double step_for(double most)
{
	double power = pow(10, floor(log10(most / 5))), times = most / 5 / power;

	return power * (times > 5 ? 10 : times > 2 ? 5 : times > 1 ? 2 : 1);
}

static void short_number(char text[static 24], double value)
{
	if (value >= 1e6)
		snprintf(text, 24, "%gM", value / 1e6);
	else if (value >= 1e5)
		snprintf(text, 24, "%gk", value / 1e3);
	else
		snprintf(text, 24, "%g", value);
}

static void put_tick(FILE *file, const struct axis *axis, double value)
{
	double y = y_of(axis, value);
	char text[24];

	short_number(text, value);
	fprintf(file, "<path class=\"grid\" d=\"M%.1f %.1fH%.1f\"/>\n", LEFT, y, WIDTH - RIGHT);
	put_label(file, LEFT - 8, y + 4, "y", text);
}

static void put_ticks(FILE *file, const struct axis *axis, bool bars)
{
	double value, step = axis->least > 0 ? 0 : step_for(axis->most);

	if (axis->least <= 0) {
		for (unsigned i = 0; i * step <= axis->most * 1.0001; i++)
			put_tick(file, axis, i * step);
		return;
	}
	for (value = bars ? 1 : axis->least * 2; value <= axis->most; value *= bars ? 10 : 4)
		put_tick(file, axis, value);
}

static double largest(const struct plot_panel *panel)
{
	double most = 0;

	for (size_t i = 0; i < panel->line_count; i++) {
		const struct plot_line *line = &panel->lines[i];

		for (size_t n = 0; n < line->count; n++)
			most = fmax(most, line->points[n].y);
		for (size_t n = 0; n < panel->bucket_count; n++)
			most = fmax(most, line->bars[n]);
	}
	return most;
}

static struct axis axis_for(const struct plot_panel *panel, size_t number)
{
	double most = panel->top > 0 ? panel->top : largest(panel);
	struct axis axis = { .least = panel->least,
			     .y = TOP + (double)number * (HEIGHT + GAP) + HEIGHT };

	if (!(most > 0))
		most = 1;
	if (panel->top > 0)
		axis.most = most;
	else if (panel->least > 0)
		axis.most = pow(10, ceil(log10(fmax(most, 2))));
	else
		axis.most = ceil(most / step_for(most)) * step_for(most);
	return axis;
}

/* The average of points that lie closer than can be seen. Return: PLOT_GAP: there is none. */
static struct plot_point average(const struct plot_line *line, size_t from, size_t count)
{
	struct plot_point sum = { line->points[from].x, 0 };
	size_t found = 0;

	for (size_t i = from; i < from + count && i < line->count; i++) {
		if (line->points[i].y < 0)
			continue;
		sum.y += line->points[i].y;
		found++;
	}
	sum.y = found ? sum.y / (double)found : PLOT_GAP;
	return sum;
}

static void put_line(FILE *file, const struct plot *plot, const struct plot_line *line,
		     const struct axis *axis, const char *colour)
{
	size_t step = (line->count + MOST_DRAWN - 1) / MOST_DRAWN;
	bool pen = false;

	fprintf(file, "<path class=\"line\" stroke=\"%s\" d=\"", colour);
	for (size_t i = 0; i < line->count; i += step) {
		struct plot_point p = average(line, i, step);

		if (p.y >= 0)
			fprintf(file, "%s%.1f %.1f", pen ? "L" : "M", x_of(plot, p.x),
				y_of(axis, p.y));
		/* A point between two gaps is seen, too. */
		if (p.y >= 0 && !pen)
			fputs("h0.1", file);
		pen = p.y >= 0;
	}
	fputs("\"/>\n", file);
}

static void put_bars(FILE *file, const struct plot_panel *panel, const struct axis *axis)
{
	double group = inner_width() / (double)panel->bucket_count;
	double wide = group * 0.8 / (double)panel->line_count;
	char text[24];

	for (size_t n = 0; n < panel->bucket_count; n++) {
		double x = LEFT + (double)n * group + group * 0.1;

		put_label(file, LEFT + ((double)n + 0.5) * group, axis->y + 16, "x",
			  panel->buckets[n]);
		for (size_t i = 0; i < panel->line_count; i++) {
			double value = panel->lines[i].bars[n], y = y_of(axis, value);

			if (!(value > 0))
				continue;
			short_number(text, value);
			fprintf(file,
				"<rect class=\"bar\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"><title>",
				x + (double)i * wide, y, wide * 0.92, axis->y - y, colours[i]);
			put_text(file, panel->lines[i].name);
			fprintf(file, ": %.0f</title></rect>\n", value);
		}
	}
}

/* From the right edge on, the last first. Characters are about 7 pixels wide. */
static void put_legend(FILE *file, const struct plot_panel *panel, double y)
{
	double x = WIDTH - RIGHT;

	for (size_t i = panel->line_count; i-- > 0;) {
		const struct plot_line *line = &panel->lines[i];

		x -= 6.6 * (double)strlen(line->name);
		put_label(file, x, y, "legend", line->name);
		fprintf(file,
			"<rect x=\"%.1f\" y=\"%.1f\" width=\"12\" height=\"4\" fill=\"%s\"/>\n",
			x - 17, y - 6, colours[i]);
		x -= 34;
	}
}

static void put_times(FILE *file, const struct plot *plot, double y)
{
	double step = step_for(plot->end - plot->begin);
	char text[32];

	for (double t = ceil(plot->begin / step) * step; t <= plot->end + step * 1e-6; t += step) {
		fprintf(file, "<path class=\"grid\" d=\"M%.1f %.1fv%.1f\"/>\n", x_of(plot, t), y,
			-HEIGHT);
		snprintf(text, sizeof(text), "%.6g s", fabs(t) < step * 1e-6 ? 0.0 : t);
		put_label(file, x_of(plot, t), y + 16, "x", text);
	}
}

static void put_panel(FILE *file, const struct plot *plot, size_t number)
{
	const struct plot_panel *panel = &plot->panels[number];
	struct axis axis = axis_for(panel, number);
	char title[160];

	snprintf(title, sizeof(title), "%s, %s", panel->title, panel->unit);
	put_label(file, LEFT, axis.y - HEIGHT - 10, "panel", title);
	put_legend(file, panel, axis.y - HEIGHT - 10);
	put_ticks(file, &axis, panel->bucket_count > 0);
	if (panel->bucket_count > 0) {
		put_bars(file, panel, &axis);
	} else {
		put_times(file, plot, axis.y);
		for (size_t i = 0; i < panel->line_count; i++)
			put_line(file, plot, &panel->lines[i], &axis, colours[i]);
	}
	fprintf(file, "<path class=\"axis\" d=\"M%.1f %.1fH%.1f\"/>\n", LEFT, axis.y,
		WIDTH - RIGHT);
}

/* ---- marks ---- */

/* Return: how many clusters there are; more than have room: those are further from each other. */
static size_t find_clusters(const struct plot *plot, struct cluster clusters[static CLUSTERS])
{
	for (double near = NEAR;; near *= 1.5) {
		size_t count = 0;
		double from = 0;

		for (size_t i = 0; i < plot->mark_count; i++) {
			double x = x_of(plot, plot->marks[i].x);

			if (count && x - from < near) {
				clusters[count - 1].count++;
				continue;
			}
			from = x;
			if (count++ < CLUSTERS)
				clusters[count - 1] = (struct cluster){ i, 1 };
			else
				break;
		}
		if (count <= CLUSTERS)
			return count;
	}
}

static double below_panels(const struct plot *plot)
{
	return TOP + (double)plot->panel_count * (HEIGHT + GAP) - GAP + 44;
}

static void put_mark_lines(FILE *file, const struct plot *plot)
{
	double bottom = below_panels(plot) - 44;

	for (size_t i = 0; i < plot->mark_count; i++) {
		const struct plot_mark *mark = &plot->marks[i];

		fprintf(file, "<path class=\"callback%s\" d=\"M%.1f %.1fV%.1f\"><title>%.6f s: ",
			mark->offload ? " offload" : "", x_of(plot, mark->x), TOP - 24, bottom,
			mark->x);
		put_text(file, mark->text);
		fputs("</title></path>\n", file);
	}
}

/* A row of the list; @file NULL: it is only counted. Return: the next row. */
static size_t put_row(FILE *file, const struct plot *plot, size_t row, double x, const char *text)
{
	if (file)
		put_label(file, x, below_panels(plot) + (double)(row + 1) * ROW, "entry", text);
	return row + 1;
}

/* All of few; of many what changed the offloads, and how many others. Return: the next row. */
static size_t put_marks_of(FILE *file, const struct plot *plot, const struct cluster *cluster,
			   size_t row)
{
	const struct plot_mark *first = &plot->marks[cluster->first];
	size_t named = 0;
	char text[480];

	for (size_t i = 0; i < cluster->count; i++) {
		if (cluster->count > 2 && (!first[i].offload || named == 4))
			continue;
		row = put_row(file, plot, row, LEFT + 90, first[i].text);
		named++;
	}
	if (named == cluster->count)
		return row;
	if (named)
		snprintf(text, sizeof(text), "and %zu other%s", cluster->count - named,
			 cluster->count - named == 1 ? "" : "s");
	else
		snprintf(text, sizeof(text), "%s ... %s, %zu callbacks", first[0].text,
			 first[cluster->count - 1].text, cluster->count);
	return put_row(file, plot, row, LEFT + 90, text);
}

/* The list below the panels. Return: its rows. */
static size_t put_list(FILE *file, const struct plot *plot, const struct cluster *clusters,
		       size_t count)
{
	size_t row = 0;
	char text[24];

	for (size_t i = 0; i < count; i++) {
		snprintf(text, sizeof(text), "%zu", i + 1);
		put_row(file, plot, row, LEFT, text);
		snprintf(text, sizeof(text), "%.3f s", plot->marks[clusters[i].first].x);
		put_row(file, plot, row, LEFT + 24, text);
		row = put_marks_of(file, plot, &clusters[i], row);
	}
	return row;
}

static void put_clusters(FILE *file, const struct plot *plot, const struct cluster *clusters,
			 size_t count)
{
	char text[24];

	if (count)
		put_label(file, LEFT, below_panels(plot), "panel", "Callbacks");
	for (size_t i = 0; i < count; i++) {
		snprintf(text, sizeof(text), "%zu", i + 1);
		put_label(file, x_of(plot, plot->marks[clusters[i].first].x), TOP - 28, "number",
			  text);
	}
	put_list(file, plot, clusters, count);
}

static const char style[] =
	"<style>text{font-family:sans-serif;font-size:12px;fill:#333}"
	".title{font-size:17px;font-weight:bold}.panel{font-size:13px;font-weight:bold}"
	".panel,.legend,.x{paint-order:stroke;stroke:#fff;stroke-width:4px}"
	".x{text-anchor:middle}.y{text-anchor:end}.number{text-anchor:middle;font-size:10px;fill:#7a3b9e}"
	".entry{font-size:11px}.line{fill:none;stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}"
	".grid{stroke:#e4e4e4;fill:none}.axis{stroke:#777;fill:none}"
	".callback{stroke:#aaa;stroke-width:0.7;stroke-dasharray:2 3;fill:none}"
	".offload{stroke:#7a3b9e;stroke-width:1;stroke-dasharray:none;stroke-opacity:0.6}</style>\n";

bool plot_write(const struct plot *plot, FILE *file)
{
	struct cluster clusters[CLUSTERS];
	size_t count = find_clusters(plot, clusters);
	size_t rows = put_list(NULL, plot, clusters, count);
	double height = below_panels(plot) + (count ? (double)(rows + 1) * ROW : -20);

	errno = 0;
	fprintf(file,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\">\n<title>",
		WIDTH, height, WIDTH, height);
	put_text(file, plot->title);
	fputs("</title>\n", file);
	fputs(style, file);
	fprintf(file, "<rect width=\"%.0f\" height=\"%.0f\" fill=\"#fff\"/>\n", WIDTH, height);
	put_label(file, LEFT, 24, "title", plot->title);
	put_mark_lines(file, plot);
	for (size_t i = 0; i < plot->panel_count; i++)
		put_panel(file, plot, i);
	put_clusters(file, plot, clusters, count);
	fputs("</svg>\n", file);
	return fflush(file) == 0 && !ferror(file);
}
