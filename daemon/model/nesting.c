/* SPDX-License-Identifier: ISC */
/*
 * Tarjan's strongly connected components, without recursion: groups may be nested as deep as there are groups.  A
 * component is complete when all that lies outside of it is, so levels are known on the way.
 */
#include "model/nesting.h"

#include "base/map.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NONE SIZE_MAX

struct node {
	const char *name;
	size_t *outer; /* nodes that hold it */
	size_t outer_count;
	size_t next;       /* index into outer: where its walk stands */
	size_t order, low; /* order 0: not met yet */
	size_t component;  /* NONE while it is open */
	size_t from;       /* in the search for a ring: by which node it was met; NONE = not */
};

struct component {
	size_t level;
};

struct graph {
	struct au_arena *arena;
	struct node *nodes;
	size_t count;
	struct component *components;
	size_t component_count;
	size_t *open, open_count; /* nodes of components that are not complete */
	size_t *way, way_count;   /* from where the walk began to where it stands */
	size_t met;
};

static void
free_map(struct au_map **map)
{
	au_map_free(*map, NULL);
}

static struct node *
node_of(struct graph *graph, struct au_map *by_id, const char *id, const char *name)
{
	struct node *node = au_map_get(by_id, id);

	if (node == NULL) {
		node = &graph->nodes[graph->count++];
		*node = (struct node){ .name = name != NULL ? name : id, .component = NONE, .from = NONE };
		au_map_put(by_id, id, node);
	}
	return node;
}

static void
build(struct graph *graph, const struct au_nesting_link *links, size_t count)
{
	AU_CLEANUP(free_map) struct au_map *by_id = au_map_new();
	struct node **inner = au_arena_alloc(graph->arena, (count + 1) * sizeof(*inner));
	struct node **outer = au_arena_alloc(graph->arena, (count + 1) * sizeof(*outer));

	graph->nodes = au_arena_alloc(graph->arena, (2 * count + 1) * sizeof(*graph->nodes));
	for (size_t i = 0; i < count; i++) {
		inner[i] = node_of(graph, by_id, links[i].inner, links[i].inner_name);
		outer[i] = node_of(graph, by_id, links[i].outer, links[i].outer_name);
		inner[i]->outer_count++;
	}
	for (size_t i = 0; i < graph->count; i++) {
		struct node *node = &graph->nodes[i];
		node->outer = au_arena_alloc(graph->arena, (node->outer_count + 1) * sizeof(*node->outer));
		node->outer_count = 0;
	}
	for (size_t i = 0; i < count; i++)
		inner[i]->outer[inner[i]->outer_count++] = (size_t)(outer[i] - graph->nodes);
}

/* ---- components ---- */

static void
enter(struct graph *graph, size_t index)
{
	struct node *node = &graph->nodes[index];

	node->order = node->low = ++graph->met;
	graph->open[graph->open_count++] = index;
	graph->way[graph->way_count++] = index;
}

/* All of its nodes, which lie on top of the open ones, are known: how far it is from there to the outermost. */
static void
complete(struct graph *graph, size_t first)
{
	struct component *component = &graph->components[graph->component_count];
	size_t at = graph->open_count;

	do
		graph->nodes[graph->open[--at]].component = graph->component_count;
	while (graph->open[at] != first);
	for (size_t i = at; i < graph->open_count; i++) {
		const struct node *node = &graph->nodes[graph->open[i]];
		for (size_t j = 0; j < node->outer_count; j++) {
			size_t other = graph->nodes[node->outer[j]].component;
			if (other != graph->component_count && graph->components[other].level >= component->level)
				component->level = graph->components[other].level + 1;
		}
	}
	graph->open_count = at;
	graph->component_count++;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static void
leave(struct graph *graph, size_t index)
{
	const struct node *node = &graph->nodes[index];

	if (node->low == node->order)
		complete(graph, index);
	graph->way_count--;
	if (graph->way_count > 0) {
		struct node *before = &graph->nodes[graph->way[graph->way_count - 1]];
		before->low = least(before->low, node->low);
	}
}

static void
walk_from(struct graph *graph, size_t start)
{
	enter(graph, start);
	while (graph->way_count > 0) {
		size_t index = graph->way[graph->way_count - 1];
		struct node *node = &graph->nodes[index];
		if (node->next == node->outer_count) {
			leave(graph, index);
			continue;
		}
		size_t next = node->outer[node->next++];
		if (graph->nodes[next].order == 0)
			enter(graph, next);
		else if (graph->nodes[next].component == NONE)
			node->low = least(node->low, graph->nodes[next].order);
	}
}

/* ---- rings ---- */

static const char *
ring_text(struct graph *graph, size_t start, size_t last)
{
	const char *text = graph->nodes[start].name;

	for (size_t at = last; at != start; at = graph->nodes[at].from)
		text = au_arena_printf(graph->arena, "%s > %s", graph->nodes[at].name, text);
	return au_arena_printf(graph->arena, "%s > %s", graph->nodes[start].name, text);
}

/* The shortest way from a node back to itself, breadth first within its component; NULL when there is none. */
static const char *
find_ring(struct graph *graph, size_t start)
{
	size_t *queue = graph->open, count = 0; /* nothing is open any more */

	queue[count++] = start;
	for (size_t i = 0; i < count; i++) {
		const struct node *node = &graph->nodes[queue[i]];
		for (size_t j = 0; j < node->outer_count; j++) {
			struct node *next = &graph->nodes[node->outer[j]];
			if (node->outer[j] == start)
				return ring_text(graph, start, queue[i]);
			if (next->component != node->component || next->from != NONE)
				continue;
			next->from = queue[i];
			queue[count++] = node->outer[j];
		}
	}
	return NULL;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The node of each component whose name comes first. */
static size_t *
find_starts(const struct graph *graph)
{
	size_t *starts = au_arena_alloc(graph->arena, (graph->component_count + 1) * sizeof(*starts));

	for (size_t i = 0; i < graph->component_count; i++)
		starts[i] = NONE;
	for (size_t i = 0; i < graph->count; i++) {
		size_t *start = &starts[graph->nodes[i].component];
		if (*start == NONE || strcmp(graph->nodes[i].name, graph->nodes[*start].name) < 0)
			*start = i;
	}
	return starts;
}

static void
find_rings(struct graph *graph, struct au_nesting *nesting)
{
	const size_t *starts = find_starts(graph);

	nesting->rings = au_arena_alloc(graph->arena, (graph->component_count + 1) * sizeof(*nesting->rings));
	for (size_t i = 0; i < graph->component_count; i++) {
		const char *ring = find_ring(graph, starts[i]);
		if (ring != NULL)
			nesting->rings[nesting->ring_count++] = ring;
	}
	if (nesting->ring_count > 0)
		qsort(nesting->rings, nesting->ring_count, sizeof(*nesting->rings), by_text);
}

void
au_nesting_find(struct au_arena *arena, const struct au_nesting_link *links, size_t count, struct au_nesting *ret)
{
	struct graph graph = { .arena = arena };
	struct au_nesting nesting = { 0 };

	build(&graph, links, count);
	graph.components = au_arena_alloc(arena, (graph.count + 1) * sizeof(*graph.components));
	graph.open = au_arena_alloc(arena, (graph.count + 1) * sizeof(*graph.open));
	graph.way = au_arena_alloc(arena, (graph.count + 1) * sizeof(*graph.way));
	for (size_t i = 0; i < graph.count; i++)
		if (graph.nodes[i].order == 0)
			walk_from(&graph, i);
	for (size_t i = 0; i < graph.count; i++) {
		size_t level = graph.components[graph.nodes[i].component].level;
		if (nesting.deepest_name == NULL || level > nesting.deepest) {
			nesting.deepest = level;
			nesting.deepest_name = graph.nodes[i].name;
		}
	}
	find_rings(&graph, &nesting);
	*ret = nesting;
}
