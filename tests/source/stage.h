/* SPDX-License-Identifier: ISC */
/* A store in a folder of its own, and rounds of batches written as short JSON; for tests of what batches do. */
#ifndef TESTS_SOURCE_STAGE_H
#define TESTS_SOURCE_STAGE_H

#include "base/str.h"
#include "source/round.h"
#include "wire/source_read.h"

struct stage {
	char *path;
	struct au_store *store;
	struct au_source_now now;
	struct au_source_link link;
	struct au_trust trust;
	long long approved[AU_SEARCHES];
	struct au_map *answers; /* for the next round */
	struct au_seen *seen[AU_SEARCHES];
	struct au_surprises *surprises;
	struct au_round *last;
	long long seq;
	struct au_str facts;
};

int stage_set_up(void **state);
int stage_tear_down(void **state);

/* One round with one batch; changes is a JSON array with single quotes for double ones, NULL for none.  The round's rc.
 */
int stage_batch(struct stage *stage, enum au_search search, enum au_reading_step step, enum au_reading reading,
    const char *cookie, const char *changes);
/* Batches of the pushed stream that must be fine. */
void stage_push(struct stage *stage, enum au_search search, const char *cookie, const char *changes);
void stage_begin(struct stage *stage, enum au_search search, enum au_reading reading);
void stage_end(struct stage *stage, enum au_search search, enum au_reading_step step, const char *cookie,
    const char *changes);
/* A whole reading with these changes that ends well, with the cookie "next". */
void stage_read_whole(struct stage *stage, enum au_search search, const char *changes);
/* The same for a batch that the caller fills in.  Changes and seq are set here; and with the end of a reading, unless
 * there is one, a reading that tells of success. */
int stage_meta(struct stage *stage, struct au_source_batch meta, const char *const *frames, size_t frame_count);
/* Frames of packed records instead, which are left as they are. */
int stage_records(struct stage *stage, struct au_source_batch meta, const struct au_buf *frames, size_t frame_count);
/* Go on with the batch of the last round, which was not done.  The round's rc. */
int stage_go_on(struct stage *stage);
void stage_answer(struct stage *stage, const char *dn, enum au_lookup_verdict verdict, const char *entry);
/* People p00000, p00001, ... (by these ids, and as uid=p00000). */
void stage_put_people(struct au_buf *frame, size_t people);
/* A first reading of them, with no groups yet. */
void stage_import_crowd(struct stage *stage, size_t people);
/* A frame with one group and the numbers from `first` up to `end` as its members; more names can be added behind. */
void stage_put_crowd(struct au_buf *frame, const char *group, size_t first, size_t end);
/* Begin, put everything, end well: both searches. */
void stage_import(struct stage *stage, const char *people, const char *groups);

/*
 * What the store holds, in one line: "a:uid=a b:uid=b | g(a,?uid=x)", ids with DNs, then groups with members' ids, or
 * '?' and the DN of an unknown one.
 */
const char *stage_facts(struct stage *stage);
/* "ok complete drift=0 people=COOKIE groups=COOKIE", or with "incomplete" and "-" for no cookie. */
const char *stage_state(struct stage *stage);
/* Verbs of all audit rows, oldest first, separated by blanks. */
const char *stage_trail(struct stage *stage);
/* What was missing in the last reading: ids of entries, "GROUP/MEMBER" for members. */
const char *stage_missing(struct stage *stage);
/* Groups that are to be read again: "ID:DN ID:DN". */
const char *stage_wishes(struct stage *stage);
/* Readings that are kept, oldest first: "people whole complete -REMOVED ?MISSING !HELD; ..." */
const char *stage_readings(struct stage *stage);
/* Forget what was loaded and load it anew, as the next daemon would. */
void stage_restart(struct stage *stage);

#define PERSON(id) PERSON_NAMED(id, "uid=" id)
#define PERSON_NAMED(id, dn)                                                                                           \
	"{'op':'put','dn_norm':'" dn "','entry':{'source':'s','id':'" id "','kind':'person','dn':'" dn "'}}"
#define GROUP(id)                                                                                                      \
	"{'op':'put','dn_norm':'cn=" id "','entry':{'source':'s','id':'" id "','kind':'group','dn':'cn=" id "'}}"
#define DELTA(id, joined, left) "{'op':'delta','group':'" id "','joined':[" joined "],'left':[" left "]}"
#define MEMBERS(...) "{'op':'members','members':[" __VA_ARGS__ "]}"

/* Ten people a to j, of whom a, b and c are in group g. */
#define TEN "[" TEN_PEOPLE "]"
#define TEN_PEOPLE PERSON("a") "," TEN_BUT_A
#define TEN_BUT_A                                                                                                      \
	PERSON("b")                                                                                                    \
	"," PERSON("c") "," PERSON("d") "," PERSON("e") "," PERSON("f") "," PERSON("g1") "," PERSON("h") "," PERSON(   \
	    "i") "," PERSON("j")
#define TEN_FACTS "a:uid=a b:uid=b c:uid=c d:uid=d e:uid=e f:uid=f g1:uid=g1 h:uid=h i:uid=i j:uid=j"
#define ONE_GROUP "[" GROUP("g") "," MEMBERS("'uid=a','uid=b','uid=c'") "]"

/* Everybody but c. */
#define NINE "[" PERSON("a") "," PERSON("b") ",{'op':'present','ids':['d','e','f','g1','h','i','j']}]"

#endif
