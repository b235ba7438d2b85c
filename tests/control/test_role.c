/* SPDX-License-Identifier: ISC */
/* Who may look and who may change, by uid and groups. */
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "control/role.h"
#include "settings/rows.h"
#include "tests/unit.h"

#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

struct fixture {
	struct au_values *values;
	struct au_roles *roles;
	struct au_str unknown;
};

static void
note_unknown(void *ctx, const char *option, const char *name)
{
	au_str_printf(&((struct fixture *)ctx)->unknown, "%s %s,", option, name);
}

static void
set_list(struct au_values *values, const char *option, const char *first, const char *second)
{
	json_t *list = json_pack("[s, s]", first, second);

	assert_int_equal(au_values_set(values, option, list, NULL), 0);
	json_decref(list);
}

static int
setup(void **state)
{
	struct fixture *f = au_xcalloc(1, sizeof(*f));

	f->values = au_values_new(au_control_rows);
	set_list(f->values, "operators", "daemon", "no-such-user-here");
	set_list(f->values, "viewers", "nobody", "@games");
	f->roles = au_roles_new(f->values, note_unknown, f);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	au_roles_free(f->roles);
	au_values_free(f->values);
	au_str_done(&f->unknown);
	free(f);
	return 0;
}

static uid_t
uid_of(const char *name)
{
	const struct passwd *user = getpwnam(name);

	if (user == NULL)
		skip();
	return user->pw_uid;
}

static gid_t
gid_of(const char *name)
{
	const struct group *group = getgrnam(name);

	if (group == NULL)
		skip();
	return group->gr_gid;
}

#define STRANGER 3999999999u

static void
root_and_the_daemon_itself_are_operators(void **state)
{
	const struct fixture *f = *state;

	assert_int_equal(au_role_of(f->roles, 0, 0, NULL, 0), AU_ROLE_OPERATOR);
	assert_int_equal(au_role_of(f->roles, getuid(), STRANGER, NULL, 0), AU_ROLE_OPERATOR);
}

static void
users_have_the_role_of_their_list(void **state)
{
	const struct fixture *f = *state;

	assert_int_equal(au_role_of(f->roles, uid_of("daemon"), STRANGER, NULL, 0), AU_ROLE_OPERATOR);
	assert_int_equal(au_role_of(f->roles, uid_of("nobody"), STRANGER, NULL, 0), AU_ROLE_VIEWER);
	assert_int_equal(au_role_of(f->roles, STRANGER, STRANGER, NULL, 0), AU_ROLE_NONE);
}

static void
groups_count_first_and_further_ones(void **state)
{
	const struct fixture *f = *state;
	const gid_t further[] = { STRANGER, gid_of("games") };

	assert_int_equal(au_role_of(f->roles, STRANGER, gid_of("games"), NULL, 0), AU_ROLE_VIEWER);
	assert_int_equal(au_role_of(f->roles, STRANGER, STRANGER, further, 2), AU_ROLE_VIEWER);
	assert_int_equal(au_role_of(f->roles, STRANGER, STRANGER, further, 1), AU_ROLE_NONE);
}

static void
highest_role_wins(void **state)
{
	const struct fixture *f = *state;

	assert_int_equal(au_role_of(f->roles, uid_of("daemon"), gid_of("games"), NULL, 0), AU_ROLE_OPERATOR);
}

static void
number_of_a_user_is_not_that_of_a_group(void **state)
{
	const struct fixture *f = *state;

	assert_int_equal(au_role_of(f->roles, STRANGER, uid_of("daemon"), NULL, 0), AU_ROLE_NONE);
}

static void
unknown_names_are_told_and_have_no_effect(void **state)
{
	const struct fixture *f = *state;

	assert_non_null(strstr(au_str_get(&f->unknown), "operators no-such-user-here,"));
}

#define ROLE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ROLE_TEST(root_and_the_daemon_itself_are_operators),
		ROLE_TEST(users_have_the_role_of_their_list),
		ROLE_TEST(groups_count_first_and_further_ones),
		ROLE_TEST(highest_role_wins),
		ROLE_TEST(number_of_a_user_is_not_that_of_a_group),
		ROLE_TEST(unknown_names_are_told_and_have_no_effect),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
