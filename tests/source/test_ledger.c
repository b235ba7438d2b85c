/* SPDX-License-Identifier: ISC */
/* What the log of changes proves about a group's members, and what it does not. */
#include "tests/unit.h"

#include "base/str.h"
#include "sourced/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEAST 4
#define PEOPLE 12
#define DAYS 1000
#define HOURS 60

/* A number of that second, of one server or of another. */
static const char *
csn_of(unsigned number, unsigned server)
{
	static char texts[8][AU_CSN_SIZE];
	static unsigned turn;
	char *text = texts[turn++ % 8];

	snprintf(text, AU_CSN_SIZE, "20261128%06u.000000Z#000000#%03u#000000", number, server);
	return text;
}

static const char *
csn(unsigned number)
{
	return csn_of(number, 0);
}

/* A record of one step: "+anna" joins. */
static void
log_step(struct au_ledger *ledger, const char *number, const char *step)
{
	struct au_log_step one = { step + 1, step[0] == '+' };

	au_ledger_record(ledger,
	    &(struct au_log_record){
		.group = "g", .csn = number, .attribute = "member", .steps = &one, .count = step[0] == ' ' ? 0 : 1 });
}

static void
log_opaque(struct au_ledger *ledger, const char *number)
{
	au_ledger_record(ledger, &(struct au_log_record){ .group = "g", .csn = number, .opaque = "for a test" });
}

/* What is said when the group is seen, in words: "+anna -bert", "read", "wait". */
static const char *
see(struct au_ledger *ledger, const char *number)
{
	static char text[256];
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_ledger_change change = { 0 };
	enum au_ledger_word word = au_ledger_see(ledger, "g", number, arena, &change);

	text[0] = '\0';
	if (word != AU_LEDGER_TELL)
		return word == AU_LEDGER_WAIT ? "wait" : "read";
	for (size_t i = 0; i < change.joined_count; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "+%s ", change.joined[i]);
	for (size_t i = 0; i < change.left_count; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "-%s ", change.left[i]);
	return text;
}

static struct au_ledger *
told(unsigned number)
{
	struct au_ledger *ledger = au_ledger_new(LEAST);

	au_ledger_told(ledger, "g", csn(number), LEAST, "member");
	return ledger;
}

static void
only_large_groups_are_kept(void **state)
{
	struct au_ledger *ledger = au_ledger_new(LEAST);

	(void)state;
	assert_false(au_ledger_has_any(ledger));
	au_ledger_told(ledger, "g", csn(1), LEAST - 1, "member");
	assert_false(au_ledger_has_any(ledger));
	au_ledger_told(ledger, "g", NULL, LEAST, "member");
	au_ledger_told(ledger, "g", "no number", LEAST, "member");
	au_ledger_told(ledger, "g", csn(1), LEAST, NULL);
	assert_false(au_ledger_has_any(ledger));
	assert_string_equal(see(ledger, csn(1)), "read");
	au_ledger_told(ledger, "g", csn(1), LEAST, "member");
	assert_true(au_ledger_has(ledger, "g"));
	au_ledger_told(ledger, "g", csn(2), LEAST - 1, "member");
	assert_false(au_ledger_has(ledger, "g"));
	au_ledger_free(ledger);
}

static void
a_change_is_told_when_the_group_was_seen(void **state)
{
	struct au_ledger *ledger = told(1);

	(void)state;
	log_step(ledger, csn(2), "+anna");
	assert_string_equal(see(ledger, csn(2)), "+anna ");
	assert_string_equal(see(ledger, csn(2)), "");
	/* The log may be later, and a change need not be one of members. */
	assert_string_equal(see(ledger, csn(3)), "wait");
	log_step(ledger, csn(3), " ");
	assert_string_equal(see(ledger, csn(3)), "");
	au_ledger_free(ledger);
}

static void
changes_add_up(void **state)
{
	struct au_ledger *ledger = told(1);

	(void)state;
	log_step(ledger, csn(2), "+anna");
	log_step(ledger, csn(3), "+bert");
	log_step(ledger, csn(4), "-anna");
	log_step(ledger, csn(5), "+cleo");
	assert_string_equal(see(ledger, csn(4)), "+bert -anna ");
	assert_string_equal(see(ledger, csn(5)), "+cleo ");
	au_ledger_free(ledger);
}

/* Records of before come again when the log is asked from an older place. */
static void
what_was_told_is_not_told_again(void **state)
{
	struct au_ledger *ledger = told(3);

	(void)state;
	log_step(ledger, csn(2), "+anna");
	log_step(ledger, csn(3), "-anna");
	assert_string_equal(see(ledger, csn(3)), "");
	log_step(ledger, csn(4), "+bert");
	log_step(ledger, csn(4), "+bert");
	assert_string_equal(see(ledger, csn(4)), "+bert ");
	assert_string_equal(see(ledger, csn(3)), "");
	/* A reading that is newer than records which wait. */
	log_step(ledger, csn(5), "+cleo");
	log_step(ledger, csn(6), "+dave");
	au_ledger_told(ledger, "g", csn(5), LEAST, "member");
	assert_string_equal(see(ledger, csn(6)), "+dave ");
	au_ledger_free(ledger);
}

static void
a_stamp_that_goes_back_is_read(void **state)
{
	struct au_ledger *ledger = told(3);

	(void)state;
	log_step(ledger, csn(5), "+anna");
	assert_string_equal(see(ledger, csn(5)), "+anna ");
	/* It was still on its way. */
	assert_string_equal(see(ledger, csn(4)), "");
	assert_string_equal(see(ledger, csn(2)), "read");
	au_ledger_free(ledger);
}

static void
what_the_log_lacks_is_read(void **state)
{
	struct au_ledger *ledger = told(1);

	(void)state;
	log_step(ledger, csn(2), "+anna");
	log_step(ledger, csn(4), "+bert");
	assert_string_equal(see(ledger, csn(3)), "read");
	au_ledger_told(ledger, "g", csn(3), LEAST, "member");
	assert_string_equal(see(ledger, csn(4)), "+bert ");
	au_ledger_free(ledger);
}

static void
what_does_not_tell_is_read(void **state)
{
	struct au_ledger *ledger = told(1);
	struct au_log_step step = { "anna", true };

	(void)state;
	log_step(ledger, csn(2), "+anna");
	log_opaque(ledger, csn(3));
	log_step(ledger, csn(4), "+bert");
	assert_string_equal(see(ledger, csn(4)), "read");
	assert_string_equal(see(ledger, csn(2)), "+anna ");
	assert_string_equal(see(ledger, csn(3)), "read");
	au_ledger_told(ledger, "g", csn(3), LEAST, "member");
	assert_string_equal(see(ledger, csn(4)), "+bert ");
	/* In another attribute than the members that we know of. */
	au_ledger_record(
	    ledger, &(struct au_log_record){
			.group = "g", .csn = csn(5), .attribute = "uniqueMember", .steps = &step, .count = 1 });
	assert_string_equal(see(ledger, csn(5)), "read");
	au_ledger_free(ledger);
}

/* Each stamp that the group was seen with must be in the log, not only the last. */
static void
what_was_waited_for_in_vain_is_read(void **state)
{
	struct au_ledger *ledger = told(1);

	(void)state;
	assert_string_equal(see(ledger, csn(2)), "wait");
	log_step(ledger, csn(3), "+anna");
	assert_string_equal(see(ledger, csn(3)), "read");
	au_ledger_told(ledger, "g", csn(3), LEAST, "member");
	assert_string_equal(see(ledger, csn(4)), "wait");
	log_step(ledger, csn(4), "+bert");
	log_step(ledger, csn(5), "+cleo");
	assert_string_equal(see(ledger, csn(5)), "+bert +cleo ");
	au_ledger_free(ledger);
}

static void
two_servers_have_no_order(void **state)
{
	struct au_ledger *ledger = told(1);

	(void)state;
	log_step(ledger, csn_of(2, 7), "+anna");
	assert_string_equal(see(ledger, csn_of(2, 7)), "read");
	assert_string_equal(see(ledger, csn(3)), "read");
	au_ledger_told(ledger, "g", csn_of(2, 7), LEAST, "member");
	log_step(ledger, csn_of(3, 7), "+bert");
	assert_string_equal(see(ledger, csn_of(3, 7)), "+bert ");
	assert_string_equal(see(ledger, csn(4)), "read");
	au_ledger_free(ledger);
}

static void
behind_a_gap_groups_are_read_once(void **state)
{
	struct au_ledger *ledger = told(1);

	(void)state;
	au_ledger_gap(ledger);
	log_step(ledger, csn(2), "+anna");
	assert_string_equal(see(ledger, csn(2)), "read");
	au_ledger_told(ledger, "g", csn(2), LEAST, "member");
	log_step(ledger, csn(3), "+bert");
	assert_string_equal(see(ledger, csn(3)), "+bert ");
	au_ledger_free(ledger);
}

static void
what_was_not_sent_was_not_told(void **state)
{
	struct au_ledger *ledger = told(1);

	(void)state;
	au_ledger_sent(ledger);
	au_ledger_dropped(ledger);
	log_step(ledger, csn(2), "+anna");
	assert_string_equal(see(ledger, csn(2)), "+anna ");
	au_ledger_dropped(ledger);
	log_step(ledger, csn(3), "+bert");
	assert_string_equal(see(ledger, csn(3)), "read");
	au_ledger_free(ledger);
}

static void
another_group_of_the_same_id_is_read(void **state)
{
	struct au_ledger *ledger = told(1);

	(void)state;
	log_step(ledger, csn(2), "+anna");
	au_ledger_forget(ledger, "g");
	assert_string_equal(see(ledger, csn(2)), "read");
	au_ledger_free(ledger);
}

static void
a_flood_is_read(void **state)
{
	struct au_ledger *ledger = told(1);

	(void)state;
	for (unsigned i = 0; i < AU_LEDGER_MOST; i++)
		log_step(ledger, csn(2 + i), "+anna");
	assert_string_equal(see(ledger, csn(1 + AU_LEDGER_MOST)), "read");
	assert_string_equal(see(ledger, csn(AU_LEDGER_MOST)), "read");
	assert_string_equal(see(ledger, csn(AU_LEDGER_MOST / 2)), "+anna ");
	au_ledger_told(ledger, "g", csn(1 + AU_LEDGER_MOST), LEAST, "member");
	log_step(ledger, csn(2 + AU_LEDGER_MOST), "+bert");
	assert_string_equal(see(ledger, csn(2 + AU_LEDGER_MOST)), "+bert ");
	au_ledger_free(ledger);
}

/* ---- random days ---- */

/* A directory with one group, its log, and who is told. */
struct world {
	struct au_ledger *ledger;
	bool is_in[PEOPLE];   /* in the directory */
	bool is_told[PEOPLE]; /* as the daemon has it */
	unsigned number, server;
	/* What the log has not brought yet, as it happened. */
	struct {
		unsigned number, server;
		int person; /* negative: opaque */
		bool joins;
	} log[HOURS];
	size_t logged, brought;
	size_t told, read;
};

static const char *const people[PEOPLE] = { "anna", "bert", "cleo", "dave", "emma", "finn", "gina", "hugo", "iris",
	"jack", "kate", "liam" };

/* Whether it is logged. */
static bool
change(struct world *world)
{
	int person = rand() % PEOPLE;

	if (rand() % 50 == 0)
		world->server = !world->server;
	world->number++;
	world->log[world->logged].number = world->number;
	world->log[world->logged].server = world->server;
	world->log[world->logged].person = rand() % 30 == 0 ? -1 : person;
	world->is_in[person] = !world->is_in[person];
	world->log[world->logged].joins = world->is_in[person];
	if (rand() % 30 == 0)
		return false;
	world->logged++;
	return true;
}

static void
bring(struct world *world)
{
	if (world->brought == world->logged)
		return;
	unsigned number = world->log[world->brought].number, server = world->log[world->brought].server;
	int person = world->log[world->brought].person;
	if (person < 0)
		log_opaque(world->ledger, csn_of(number, server));
	else {
		char step[32];
		snprintf(step, sizeof(step), "%c%s", world->log[world->brought].joins ? '+' : '-', people[person]);
		log_step(world->ledger, csn_of(number, server), step);
	}
	world->brought++;
}

static void
read_whole(struct world *world)
{
	memcpy(world->is_told, world->is_in, sizeof(world->is_in));
	au_ledger_told(world->ledger, "g", csn_of(world->number, world->server), LEAST, "member");
	world->read++;
}

static void
note(struct world *world, const char *const *names, size_t count, bool joins)
{
	for (size_t i = 0; i < count; i++)
		for (size_t p = 0; p < PEOPLE; p++)
			if (au_streq(names[i], people[p]))
				world->is_told[p] = joins;
	world->told += count;
}

static void
look(struct world *world)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_ledger_change net = { 0 };
	enum au_ledger_word word = au_ledger_see(world->ledger, "g", csn_of(world->number, world->server), arena, &net);

	if (word == AU_LEDGER_WAIT && rand() % 8 != 0)
		return;
	if (word != AU_LEDGER_TELL) {
		read_whole(world);
		return;
	}
	note(world, net.joined, net.joined_count, true);
	note(world, net.left, net.left_count, false);
	assert_memory_equal(world->is_told, world->is_in, sizeof(world->is_in));
}

static void
live_a_day(unsigned seed, size_t *ret_told, size_t *ret_read)
{
	struct world world = { .ledger = au_ledger_new(LEAST), .number = 1 };

	srand(seed);
	read_whole(&world);
	for (size_t hour = 0; hour < HOURS; hour++) {
		int what = rand() % 100;
		/* One that the log lacks is seen by itself, unless the connection is lost just then. */
		if (what < 35 && !change(&world))
			look(&world);
		else if (what < 35)
			continue;
		else if (what < 70)
			bring(&world);
		else if (what < 90)
			look(&world);
		else if (what < 93)
			read_whole(&world);
		else if (what < 95)
			world.brought = 0; /* the log is asked from an older place */
		else if (what < 97)
			au_ledger_sent(world.ledger);
		else if (what < 98)
			au_ledger_gap(world.ledger);
	}
	*ret_told += world.told;
	*ret_read += world.read;
	au_ledger_free(world.ledger);
}

/* Whatever is lost, late, twice or unclear: what is told is what the directory has. */
static void
random_days_end_well(void **state)
{
	size_t told = 0, read = 0;

	(void)state;
	for (unsigned seed = 0; seed < DAYS; seed++)
		live_a_day(seed, &told, &read);
	/* And not because everything was read. */
	print_message("%zu members told, %zu readings\n", told, read);
	assert_true(told > DAYS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_large_groups_are_kept),
		cmocka_unit_test(a_change_is_told_when_the_group_was_seen),
		cmocka_unit_test(changes_add_up),
		cmocka_unit_test(what_was_told_is_not_told_again),
		cmocka_unit_test(a_stamp_that_goes_back_is_read),
		cmocka_unit_test(what_the_log_lacks_is_read),
		cmocka_unit_test(what_does_not_tell_is_read),
		cmocka_unit_test(what_was_waited_for_in_vain_is_read),
		cmocka_unit_test(two_servers_have_no_order),
		cmocka_unit_test(behind_a_gap_groups_are_read_once),
		cmocka_unit_test(what_was_not_sent_was_not_told),
		cmocka_unit_test(another_group_of_the_same_id_is_read),
		cmocka_unit_test(a_flood_is_read),
		cmocka_unit_test(random_days_end_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
