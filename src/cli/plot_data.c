/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "cli/plot.h"

void plot_free(struct plot *plot)
{
	for (size_t i = 0; i < plot->panel_count; i++) {
		for (size_t n = 0; n < plot->panels[i].line_count; n++)
			free(plot->panels[i].lines[n].points);
	}
	free(plot->marks);
	*plot = (struct plot){ 0 };
}

struct plot_panel *plot_panel(struct plot *plot, const char *title, const char *unit)
{
	struct plot_panel *panel = &plot->panels[plot->panel_count++];

	snprintf(panel->title, sizeof(panel->title), "%s", title);
	snprintf(panel->unit, sizeof(panel->unit), "%s", unit);
	return panel;
}

struct plot_line *plot_line(struct plot_panel *panel, const char *name)
{
	struct plot_line *line = &panel->lines[panel->line_count++];

	snprintf(line->name, sizeof(line->name), "%s", name);
	return line;
}

bool plot_add(struct plot_line *line, double x, double y)
{
	if (line->count == line->room) {
		size_t room = line->room ? line->room * 2 : 64;
		struct plot_point *points = realloc(line->points, room * sizeof(*points));

		if (!points)
			return false;
		line->points = points;
		line->room = room;
	}
	line->points[line->count++] = (struct plot_point){ x, y };
	return true;
}

struct plot_mark *plot_mark(struct plot *plot, double x)
{
	if (plot->mark_count == plot->mark_room) {
		size_t room = plot->mark_room ? plot->mark_room * 2 : 64;
		struct plot_mark *marks = realloc(plot->marks, room * sizeof(*marks));

		if (!marks)
			return NULL;
		plot->marks = marks;
		plot->mark_room = room;
	}
	plot->marks[plot->mark_count] = (struct plot_mark){ .x = x };
	return &plot->marks[plot->mark_count++];
}
