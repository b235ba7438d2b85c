/* SPDX-License-Identifier: ISC */
/*
 * A follower (follow.h) of a server that has to be asked what changed.
 *
 * With a cookie, the feed tells what changed since.  Without one, the feed is
 * asked where it is, everything is read page by page, and following begins from
 * where the feed was: what changes meanwhile is told afterwards.  Either way an
 * object that changed is looked up (chase.h), so that no state is kept here.
 */
#ifndef SOURCED_TAIL_H
#define SOURCED_TAIL_H

#include "sourced/feed.h"

/* The functions of a way of following; create gives what follows by the feed. */
void *au_tail_new(const struct au_follow_config *config, const struct au_feed *feed);
void au_tail_free(void *follower);
void au_tail_start(void *follower, const struct au_follow_start *start);
void au_tail_ask_again(void *follower);
void au_tail_drained(void *follower);
void au_tail_stop(void *follower);
void au_tail_room(void *follower);
bool au_tail_is_following(const void *follower);

#endif
