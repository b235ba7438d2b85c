/* SPDX-License-Identifier: ISC */
/* Days that are left to chance, and can be had again: what the property tests share. */
#ifndef TESTS_SCENARIO_CHANCE_H
#define TESTS_SCENARIO_CHANCE_H

#include "tests/scenario/world.h"

#include <stdint.h>

/* Repeatable, unlike au_rand: the seed of a failure is all that one needs. */
uint64_t chance_begin(unsigned seed);
size_t chance_pick(uint64_t *chance, size_t below);

/* The steps that a dry run still has must be none. */
void chance_nothing_is_left(struct scenario *s, unsigned seed);

/* What main returns: plays PROPERTY_SEEDS (16) seeds from PROPERTY_FIRST (1) on; each answers with its failures. */
int chance_play(const char *name, int (*play_seed)(unsigned seed));

#endif
