/* SPDX-License-Identifier: ISC */
/*
 * Lines are {"user": ...}, {"gone": id}, {"role": ...}, {"role_gone": id}, {"birth": name, "count": n} and
 * {"next": id}; read back in order over the start state.  A torn last line is what kill -9 leaves: it was never
 * answered, so it is dropped.
 */
#include "journal.h"

#include "../common/text.h"
#include "room.h"
#include "user_view.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
put(struct journal *journal, json_t *line)
{
	char *text;
	size_t length;

	if (journal->fd == 0) {
		json_decref(line);
		return;
	}
	text = need(json_dumps(line, JSON_COMPACT));
	length = strlen(text);
	text[length] = '\n';
	if (write(journal->fd, text, length + 1) != (ssize_t)(length + 1)) {
		perror("control-room-sim: state file");
		exit(1);
	}
	free(text);
	json_decref(line);
}

void
journal_user(struct journal *journal, const struct user *user, const struct licence_table *licences)
{
	if (journal->fd != 0)
		put(journal, json_pack("{s:o}", "user", user_record(user, licences)));
}

void
journal_gone(struct journal *journal, long long user_id)
{
	put(journal, json_pack("{s:I}", "gone", (json_int_t)user_id));
}

void
journal_role(struct journal *journal, const struct role *role)
{
	if (journal->fd != 0)
		put(journal, json_pack("{s:o}", "role", role_view(role)));
}

void
journal_role_gone(struct journal *journal, long long role_id)
{
	put(journal, json_pack("{s:I}", "role_gone", (json_int_t)role_id));
}

void
journal_birth(struct journal *journal, const char *username, long long count)
{
	put(journal, json_pack("{s:s, s:I}", "birth", username, "count", (json_int_t)count));
}

static bool
take_user(struct room *room, const json_t *record)
{
	struct user *user = user_restore(record, &room->licences);
	const struct user *before;

	if (user == NULL)
		return false;
	before = user_find(&room->users, user->id);
	licence_count(&room->licences, before != NULL ? before->licences : 0, user->licences);
	if (before != NULL)
		user_replace(&room->users, user);
	else
		user_add(&room->users, user);
	return true;
}

static void
take_gone(struct room *room, json_int_t id)
{
	struct user *user = user_find(&room->users, id);

	if (user == NULL)
		return;
	licence_count(&room->licences, user->licences, 0);
	user_remove(&room->users, user);
}

static void
take_role_gone(struct room *room, json_int_t id)
{
	struct role *role = role_find(&room->roles, id);

	if (role != NULL)
		role_remove(&room->roles, role);
}

static bool
take(struct room *room, const json_t *line)
{
	json_t *value;

	if ((value = json_object_get(line, "user")) != NULL)
		return take_user(room, value);
	if ((value = json_object_get(line, "role")) != NULL)
		return role_restore(&room->roles, value) != NULL;
	if ((value = json_object_get(line, "gone")) != NULL)
		take_gone(room, json_integer_value(value));
	else if ((value = json_object_get(line, "role_gone")) != NULL)
		take_role_gone(room, json_integer_value(value));
	else if ((value = json_object_get(line, "birth")) != NULL)
		user_count_birth(
		    &room->users, json_string_value(value), json_integer_value(json_object_get(line, "count")));
	else if ((value = json_object_get(line, "next")) != NULL)
		room->users.next_id = json_integer_value(value);
	else
		return false;
	return true;
}

static void
replay(FILE *file, const char *path, struct room *room)
{
	char *text = NULL;
	size_t size = 0;
	ssize_t length;
	long number = 0;

	while ((length = getline(&text, &size, file)) > 0) {
		json_t *line = text[length - 1] == '\n' ? json_loadb(text, (size_t)length, 0, NULL) : NULL;
		bool torn = text[length - 1] != '\n';

		/* The file holds every user, so those of the start state go first. */
		if (number++ == 0)
			user_table_done(&room->users);
		if (!torn && (line == NULL || !take(room, line))) {
			fprintf(stderr, "control-room-sim: %s:%ld: damaged\n", path, number);
			exit(1);
		}
		json_decref(line);
	}
	free(text);
}

static void
write_all(struct journal *journal, const struct room *room)
{
	const char *name;
	json_t *births = user_births(&room->users), *count;

	for (size_t i = 0; i < room->roles.count; i++)
		journal_role(journal, room->roles.rows[i]);
	for (size_t i = 0; i < room->users.count; i++)
		journal_user(journal, room->users.rows[i], &room->licences);
	json_object_foreach (births, name, count)
		journal_birth(journal, name, json_integer_value(count));
	json_decref(births);
	put(journal, json_pack("{s:I}", "next", (json_int_t)room->users.next_id));
}

void
journal_rewrite(struct journal *journal, const struct room *room)
{
	char fresh[4096];

	if (journal->path == NULL)
		return;
	snprintf(fresh, sizeof(fresh), "%s.new", journal->path);
	journal_close(journal);
	journal->fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
	if (journal->fd < 0) {
		perror("control-room-sim: state file");
		exit(1);
	}
	write_all(journal, room);
	if (rename(fresh, journal->path) != 0) {
		perror("control-room-sim: state file");
		exit(1);
	}
}

void
journal_open(struct journal *journal, const char *path, struct room *room)
{
	FILE *file = fopen(path, "re");

	if (file != NULL) {
		replay(file, path, room);
		fclose(file);
	}
	journal->path = path;
	journal_rewrite(journal, room);
}

void
journal_close(struct journal *journal)
{
	if (journal->fd != 0)
		close(journal->fd);
	journal->fd = 0;
}
