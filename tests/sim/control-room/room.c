/* SPDX-License-Identifier: ISC */
/* The start state, and the three changes of users that have consequences elsewhere. */
#include "room.h"

#include "../common/text.h"
#include "jwt.h"
#include "permission.h"
#include "user_view.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define API_KEY_ROLE "API key generation"

long long
room_now(const struct room *room)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000 + room->clock_offset_ms;
}

bool
room_is_a360(const struct room *room)
{
	return room->options.profile == PROFILE_A360 || room->options.profile == PROFILE_A360_CLOUD;
}

unsigned
room_permissions(const struct room *room, const struct user *user)
{
	unsigned bits = 0;

	for (size_t i = 0; i < user->role_count; i++) {
		const struct role *role = role_find(&room->roles, user->roles[i]);

		bits |= role != NULL ? role->permissions : 0;
	}
	return bits;
}

bool
room_is_last_admin(const struct room *room, const struct user *user)
{
	if (user->disabled || !user_has_role(user, room->roles.admin_id))
		return false;
	for (size_t i = 0; i < room->users.count; i++) {
		const struct user *other = room->users.rows[i];

		if (other != user && !other->disabled && user_has_role(other, room->roles.admin_id))
			return false;
	}
	return true;
}

void
room_create_user(struct room *room, struct user *user)
{
	user_add(&room->users, user);
	licence_count(&room->licences, 0, user->licences);
	user_count_birth(&room->users, user->username, 1);
	journal_birth(&room->journal, user->username, 1);
	journal_user(&room->journal, user, &room->licences);
}

void
room_change_user(struct room *room, struct user *changed)
{
	const struct user *user = user_find(&room->users, changed->id);

	licence_count(&room->licences, user->licences, changed->licences);
	if (changed->disabled)
		session_end_user(&room->sessions, changed->id);
	user_replace(&room->users, changed);
	journal_user(&room->journal, user, &room->licences);
}

void
room_delete_user(struct room *room, struct user *user)
{
	licence_count(&room->licences, user->licences, 0);
	session_end_user(&room->sessions, user->id);
	journal_gone(&room->journal, user->id);
	user_remove(&room->users, user);
}

static void
start_admin(struct room *room)
{
	struct user *admin = user_new();
	char *password = text_from_file(room->options.admin_password_file);
	long long roles[2] = { room->roles.admin_id, 0 };
	size_t role_count = 1;

	text_set(&admin->username, room->options.admin_user);
	text_set(&admin->email, "administrator@control-room.example");
	digest_set(&admin->password, password);
	free(password);
	admin->created_on = admin->updated_on = room_now(room);
	if (room->options.api_key_file != NULL) {
		char *key = text_from_file(room->options.api_key_file);

		digest_set(&admin->api_key, key);
		free(key);
		roles[role_count++] = role_add(&room->roles, API_KEY_ROLE, "", MAY_USE_API_KEY)->id;
	}
	user_set_roles(admin, roles, role_count);
	user_add(&room->users, admin);
	user_count_birth(&room->users, admin->username, 1);
}

static void
start_people(struct room *room)
{
	long long now = room_now(room);

	for (long i = 1; i <= room->options.users; i++) {
		struct user *user = user_new();
		char name[64];

		snprintf(name, sizeof(name), "person-%06ld", i);
		text_set(&user->username, name);
		snprintf(name, sizeof(name), "person-%06ld@people.example", i);
		text_set(&user->email, name);
		text_set(&user->first_name, "Person");
		snprintf(name, sizeof(name), "%06ld", i);
		text_set(&user->last_name, name);
		user_set_roles(user, &room->roles.basic_id, 1);
		user->created_by = user->updated_by = 1;
		user->created_on = user->updated_on = now;
		user_add(&room->users, user);
		user_count_birth(&room->users, user->username, 1);
	}
}

static void
fill(struct room *room)
{
	room->options = room->started_with;
	room->clock_offset_ms = 0;
	role_table_start(&room->roles, room->options.profile == PROFILE_A360_CLOUD, room->options.seed, room_now(room));
	licence_table_start(&room->licences, &room->options);
	start_admin(room);
	start_people(room);
	room->calls = json_object();
}

static void
empty(struct room *room)
{
	user_table_done(&room->users);
	role_table_done(&room->roles);
	session_table_done(&room->sessions);
	rate_table_done(&room->rates);
	fault_clear(&room->faults);
	json_decref(room->calls);
}

static FILE *
open_to_append(const char *path)
{
	FILE *file = path != NULL ? fopen(path, "ae") : NULL;

	if (path != NULL && file == NULL) {
		perror(path);
		exit(1);
	}
	return file;
}

void
room_start(struct room *room, const struct options *options, struct event_base *base)
{
	memset(room, 0, sizeof(*room));
	room->started_with = *options;
	room->base = base;
	room->key = jwt_key();
	fill(room);
	if (options->state_file != NULL)
		journal_open(&room->journal, options->state_file, room);
	room->log = open_to_append(options->log_file);
	room->passwords = open_to_append(options->keep_passwords);
}

void
room_reset(struct room *room)
{
	empty(room);
	fill(room);
	journal_rewrite(&room->journal, room);
}

void
room_done(struct room *room)
{
	empty(room);
	journal_close(&room->journal);
	if (room->log != NULL)
		fclose(room->log);
	if (room->passwords != NULL)
		fclose(room->passwords);
	EVP_PKEY_free(room->key);
}
