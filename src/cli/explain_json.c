/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "cli/client.h"
#include "cli/explain_text.h"

static void set_text(json_t *object, const char *name, const char *text)
{
	if (text)
		json_object_set_new(object, name, json_string(text));
}

static void set_list(json_t *object, const char *name, const char *const *list)
{
	json_t *array;

	if (!list)
		return;
	array = json_array();
	for (; *list; list++)
		json_array_append_new(array, json_string(*list));
	json_object_set_new(object, name, array);
}

static json_t *numbers_of(const struct explain_fact *rule)
{
	json_t *numbers = json_object();

	for (const struct explain_number *n = rule->numbers; n && n->version; n++)
		json_object_set_new(numbers, n->version, json_integer(n->number));
	return numbers;
}

static json_t *parameters_of(const struct explain_fact *fact)
{
	json_t *array = json_array();

	for (const struct explain_parameter *p = fact->parameters; p->meaning; p++) {
		json_t *one =
			json_pack("{s:i,s:s}", "parameter", (int)p->which, "meaning", p->meaning);

		if (p->one)
			json_object_set_new(one, "value", json_integer((json_int_t)p->value));
		json_array_append_new(array, one);
	}
	return array;
}

json_t *explain_json(const struct explain_fact *fact)
{
	json_t *object = json_pack("{s:s,s:s,s:s}", "kind", explain_kind_name(fact->kind), "name",
				   fact->name, "what", fact->what);

	if (fact->has_value)
		json_object_set_new(object, "value", json_integer(fact->value));
	if (fact->kind == EXPLAIN_RULE)
		json_object_set_new(object, "numbers", numbers_of(fact));
	if (fact->parameters)
		json_object_set_new(object, "parameters", parameters_of(fact));
	set_text(object, "type", fact->type);
	set_text(object, "versions", fact->versions);
	set_text(object, "irql", fact->irql);
	set_text(object, "values", fact->values);
	set_text(object, "read_by", fact->read_by);
	set_text(object, "use", fact->use);
	set_text(object, "since", fact->since);
	set_list(object, "also", fact->also);
	set_list(object, "causes", fact->cause);
	set_list(object, "where", fact->where);
	set_list(object, "notes", fact->note);
	set_list(object, "rules", fact->rules);
	set_list(object, "see", fact->see);
	return object;
}

static json_t *reading_of(const struct explain_reading *r)
{
	json_t *object = json_pack("{s:I,s:i,s:s,s:s}", "number", (json_int_t)r->number, "base",
				   r->decimal ? 10 : 16, "from", r->first, "to", r->last);

	json_object_set_new(object, "rule", r->rule ? json_string(r->rule->name) : json_null());
	return object;
}

void explain_print_json(const struct explain_answer *answer)
{
	json_t *object = json_pack("{s:s,s:b}", "asked", answer->asked, "exact", answer->exact);
	json_t *parameters = json_array(), *readings = json_array(), *facts = json_array(),
	       *near = json_array();

	for (size_t i = 0; i < answer->parameter_count; i++)
		json_array_append_new(parameters, json_integer((json_int_t)answer->parameter[i]));
	for (size_t i = 0; i < answer->reading_count; i++)
		json_array_append_new(readings, reading_of(&answer->readings[i]));
	for (size_t i = 0; i < answer->count; i++)
		json_array_append_new(facts, explain_json(answer->facts[i]));
	for (size_t i = 0; i < answer->near_count; i++)
		json_array_append_new(near, json_string(answer->near[i]->name));
	json_object_set_new(object, "parameters", parameters);
	json_object_set_new(object, "readings", readings);
	json_object_set_new(object, "facts", facts);
	json_object_set_new(object, "near", near);
	print_json(object, stdout);
	json_decref(object);
}
