/* SPDX-License-Identifier: ISC */
/* Two plans side by side: what would be done anyhow is nobody's question, and goes. */
#include "reconcile/template.h"

#include "base/map.h"
#include "base/str.h"

static void
free_map(struct au_map **map)
{
	au_map_free(*map, NULL);
}

/* Of one account the same, whatever it comes to; new API users have an id of each plan's own, so they go by key. */
static char *
deed_of(const struct au_step *step)
{
	return au_xasprintf(
	    "%s\n%s\n%s", step->key ? step->key : step->apiuser_id, step->target, au_step_op_name(step->op));
}

static char *
words_of(const struct au_step *step)
{
	AU_CLEANUP(au_freep) char *deed = deed_of(step);

	return au_xasprintf("%s\n%s\n%s", deed, au_step_state_name(step->state), step->want ? step->want : "");
}

static char *
text_of(const struct au_finding *finding)
{
	return au_xasprintf(
	    "%s\n%s\n%s", finding->key ? finding->key : "", finding->target ? finding->target : "", finding->text);
}

static void
note(struct au_map *map, char *text)
{
	au_map_put(map, text, map);
	free(text);
}

static bool
is_noted(const struct au_map *map, char *text)
{
	bool found = au_map_get(map, text) != NULL;

	free(text);
	return found;
}

static bool
is_news(const struct au_step *step, const void *known)
{
	return !is_noted(known, words_of(step));
}

static json_t *
without_successor(const struct au_plan *before, const struct au_map *deeds)
{
	json_t *list = json_array();

	for (size_t i = 0; i < before->step_count; i++)
		if (!is_noted(deeds, deed_of(&before->steps[i])))
			json_array_append_new(list, au_step_to_json(&before->steps[i]));
	return list;
}

static void
keep_new_findings(struct au_plan *after, const struct au_plan *before)
{
	AU_CLEANUP(free_map) struct au_map *known = au_map_new();
	size_t kept = 0;

	for (size_t i = 0; i < before->finding_count; i++)
		note(known, text_of(&before->findings[i]));
	for (size_t i = 0; i < after->finding_count; i++)
		if (!is_noted(known, text_of(&after->findings[i])))
			after->findings[kept++] = after->findings[i];
	after->finding_count = kept;
}

json_t *
au_template_compare(struct au_plan *after, const struct au_plan *before, size_t *ret_both)
{
	AU_CLEANUP(free_map) struct au_map *known = au_map_new(), *deeds = au_map_new();
	size_t count = after->step_count;

	for (size_t i = 0; i < before->step_count; i++)
		note(known, words_of(&before->steps[i]));
	for (size_t i = 0; i < after->step_count; i++)
		note(deeds, deed_of(&after->steps[i]));
	au_plan_keep(after, is_news, known);
	keep_new_findings(after, before);
	*ret_both = count - after->step_count;
	return without_successor(before, deeds);
}
