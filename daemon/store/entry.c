/* SPDX-License-Identifier: ISC */
/*
 * Entries.  A digest of every field is kept beside them: an entry that a
 * source states again unchanged costs one look-up and its mark, and a mark
 * that is already right costs nothing.
 */
#include "base/str.h"
#include "base/text.h"
#include "model/ref.h"
#include "store/digest.h"
#include "store/dirty.h"
#include "store/expiry.h"
#include "store/fact.h"
#include "store/member.h"
#include "store/owner.h"

#include <string.h>

#define DIGEST_SIZE AU_ENTRY_DIGEST

/* What is known of an entry before it is put. */
struct head {
	long long num; /* 0: nothing */
	unsigned char digest[DIGEST_SIZE];
	enum au_entry_kind kind;
	const char *key, *dn_norm, *display_name;
	bool active;
	long long generation;
	const char *user_name;
};

static void
read_head(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct head *head = object;
	head->num = row[0].number;
	if (row[1].len == DIGEST_SIZE)
		memcpy(head->digest, row[1].blob, DIGEST_SIZE);
	head->kind = (enum au_entry_kind)row[2].number;
	head->key = au_arena_strdup(arena, row[3].text);
	head->dn_norm = au_arena_strdup(arena, row[4].text);
	head->display_name = au_arena_strdup(arena, row[5].text);
	head->active = row[6].number != 0;
	head->generation = row[7].number;
	head->user_name = au_arena_strdup(arena, row[8].text);
}

void
au_row_entry(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_entry *entry = object;
	entry->source = au_arena_strdup(arena, row[0].text);
	entry->id = au_arena_strdup(arena, row[1].text);
	entry->kind = (enum au_entry_kind)row[2].number;
	entry->dn = au_arena_strdup(arena, row[3].text);
	entry->key = au_arena_strdup(arena, row[4].text);
	entry->user_name = au_arena_strdup(arena, row[5].text);
	entry->display_name = au_arena_strdup(arena, row[6].text);
	entry->given_name = au_arena_strdup(arena, row[7].text);
	entry->family_name = au_arena_strdup(arena, row[8].text);
	entry->mail = au_arena_strdup(arena, row[9].text);
	entry->external_id = au_arena_strdup(arena, row[10].text);
	entry->active = row[11].number != 0;
	entry->owner = au_arena_strdup(arena, row[12].text);
	entry->owner_dn = au_arena_strdup(arena, row[13].text);
	entry->application = au_arena_strdup(arena, row[14].text);
}

/* Groups have none, whatever the caller says. */
static const char *
key_of(struct au_store_tx *tx, const struct au_entry *entry)
{
	if (entry->kind == AU_ENTRY_GROUP)
		return NULL;
	return entry->key != NULL ? entry->key : au_entry_key(au_tx_scratch(tx), entry->source, entry->id, entry->mail);
}

static void
digest_entry(const struct au_entry *entry, const char *key, const char *dn_norm, unsigned char digest[DIGEST_SIZE])
{
	const char *const texts[] = { entry->dn, dn_norm, key, entry->user_name, entry->display_name, entry->given_name,
		entry->family_name, entry->mail, entry->external_id };
	struct au_digest state;
	au_digest_begin(&state, NULL, 0, DIGEST_SIZE);
	au_digest_number(&state, entry->kind);
	au_digest_number(&state, entry->active);
	for (size_t i = 0; i < AU_COUNT(texts); i++)
		au_digest_text(&state, texts[i]);
	/* Those who have none have the digest that they had before there were any. */
	if (entry->owner != NULL || entry->application != NULL) {
		au_digest_text(&state, entry->owner);
		au_digest_text(&state, entry->owner_dn);
		au_digest_text(&state, entry->application);
	}
	/* Stores from before have digests without it. */
	if (entry->expires_ms != 0)
		au_digest_number(&state, entry->expires_ms);
	if (entry->expires_odd != NULL)
		au_digest_text(&state, entry->expires_odd);
	au_digest_end(&state, digest, DIGEST_SIZE);
}

void
au_store_entry_digest(const struct au_entry *entry, const char *dn_norm, unsigned char ret_digest[AU_ENTRY_DIGEST])
{
	digest_entry(entry, entry->kind == AU_ENTRY_GROUP ? NULL : entry->key, dn_norm, ret_digest);
}

static int
insert_entry(struct au_store_tx *tx, const struct au_entry *entry, const char *key, const char *dn_norm,
    const unsigned char *digest, long long *ret_num, struct au_err *err)
{
	return au_tx_insert(tx,
	    AU_QUERY(ENTRY_INSERT, au_text(entry->source), au_text(entry->id), au_number(entry->kind),
		au_text(entry->dn), au_text(dn_norm), au_text(key), au_text(entry->user_name),
		au_text(entry->display_name), au_text(entry->given_name), au_text(entry->family_name),
		au_text(entry->mail), au_text(entry->external_id), au_number(entry->active), au_text(entry->owner),
		au_text(entry->owner_dn), au_text(entry->application), au_blob(digest, DIGEST_SIZE)),
	    ret_num, err);
}

static int
update_entry(struct au_store_tx *tx, const struct au_entry *entry, const char *key, const char *dn_norm,
    const unsigned char *digest, long long num, struct au_err *err)
{
	return au_tx_run(tx,
	    AU_QUERY(ENTRY_UPDATE, au_number(entry->kind), au_text(entry->dn), au_text(dn_norm), au_text(key),
		au_text(entry->user_name), au_text(entry->display_name), au_text(entry->given_name),
		au_text(entry->family_name), au_text(entry->mail), au_text(entry->external_id),
		au_number(entry->active), au_text(entry->owner), au_text(entry->owner_dn),
		au_text(entry->application), au_blob(digest, DIGEST_SIZE), au_number(num)),
	    NULL, err);
}

/* What most changes are: whatever an entry is found by stays as it was. */
static int
restate_entry(struct au_store_tx *tx, const struct au_entry *entry, const unsigned char *digest, long long num,
    struct au_err *err)
{
	return au_tx_run(tx,
	    AU_QUERY(ENTRY_RESTATE, au_text(entry->dn), au_text(entry->display_name), au_text(entry->given_name),
		au_text(entry->family_name), au_text(entry->mail), au_text(entry->external_id),
		au_number(entry->active), au_text(entry->owner), au_text(entry->owner_dn), au_text(entry->application),
		au_blob(digest, DIGEST_SIZE), au_number(num)),
	    NULL, err);
}

static bool
is_found_alike(const struct head *head, const struct au_entry *entry, const char *key, const char *dn_norm)
{
	return head->kind == entry->kind && au_streq(head->key, key) && au_streq(head->dn_norm, dn_norm) &&
	       au_streq(head->user_name, entry->user_name);
}

static int
store_entry(struct au_store_tx *tx, const struct au_entry *entry, const char *key, const char *dn_norm,
    const unsigned char *digest, const struct head *head, long long *num, struct au_err *err)
{
	if (*num == 0)
		return insert_entry(tx, entry, key, dn_norm, digest, num, err);
	return is_found_alike(head, entry, key, dn_norm) ? restate_entry(tx, entry, digest, *num, err)
							 : update_entry(tx, entry, key, dn_norm, digest, *num, err);
}

/* Both the key that it had and the one that it has now. */
static int
mark_keys(struct au_store_tx *tx, const char *old_key, const char *key, struct au_err *err)
{
	int rc = 0;
	if (old_key && !au_streq(old_key, key))
		rc = au_store_dirty_mark(tx, old_key, err);
	if (rc == 0 && key)
		rc = au_store_dirty_mark(tx, key, err);
	return rc;
}

/*
 * The API user follows its last entry: who gets another mail address stays who they were, with the account they had.
 * Not where others still have the old key or somebody has the new one; then the keys decide as they always do.
 */
static int
follow_key(struct au_store_tx *tx, const char *old_key, const char *key, struct au_err *err)
{
	if (!old_key || !key || au_streq(old_key, key))
		return 0;
	return au_tx_run(tx, AU_QUERY(APIUSER_FOLLOW, au_text(old_key), au_text(key)), NULL, err);
}

/* Memberships follow the DN. */
static int
follow_dn(struct au_store_tx *tx, const struct au_entry *entry, const char *dn_norm, const struct head *head,
    long long *ret_resolved, struct au_err *err)
{
	if (!dn_norm || au_streq(head->dn_norm, dn_norm))
		return 0;
	int rc = au_member_resolve(tx, entry->source, entry->id, dn_norm, ret_resolved, err);
	if (rc == 0 && head->num)
		rc = au_member_move(tx, entry->source, entry->id, dn_norm, err);
	return rc;
}

/* Groups that name people follow the names. */
static int
follow_name(struct au_store_tx *tx, const struct au_entry *entry, const char *dn_norm, const struct head *head,
    struct au_err *err)
{
	if (!dn_norm || entry->kind != AU_ENTRY_PERSON)
		return 0;
	const char *old = au_ref_of_user_name(au_tx_scratch(tx), head->user_name);
	const char *ref = au_ref_of_user_name(au_tx_scratch(tx), entry->user_name);
	if (au_streq(old, ref))
		return 0;
	int rc = old ? au_name_settle(tx, entry->source, old, err) : 0;
	return rc == 0 && ref ? au_name_settle(tx, entry->source, ref, err) : rc;
}

/* Whether rules may now see this group otherwise, or see it at all. */
static bool
is_group_moved(const struct au_entry *entry, const char *dn_norm, const struct head *head, long long resolved)
{
	if (entry->kind != AU_ENTRY_GROUP && head->kind != AU_ENTRY_GROUP)
		return false;
	return resolved > 0 || head->kind != entry->kind || head->active != entry->active ||
	       !au_streq(head->dn_norm, dn_norm) || !au_streq(head->display_name, entry->display_name);
}

/* The entry of a directory's owner is asked for; that of a SCIM client is at hand, and may be this one. */
static int
follow_owner(struct au_store_tx *tx, const struct au_entry *entry, const char *dn_norm, const struct head *head,
    struct au_err *err)
{
	int rc = 0;

	if (entry->kind != AU_ENTRY_PERSON)
		return 0;
	/* Who is disabled, or is not any more, may be the owner of others. */
	if (dn_norm != NULL && head->num != 0 && head->active != entry->active)
		rc = au_tx_run(tx, AU_QUERY(OWNER_MARK, au_text(entry->source), au_text(dn_norm)), NULL, err);
	if (rc < 0)
		return rc;
	if (entry->dn == NULL)
		rc = au_tx_run(tx, AU_QUERY(OWNER_MARK, au_text(entry->source), au_text(entry->id)), NULL, err);
	else if (entry->owner_dn != NULL)
		rc = au_tx_run(
		    tx, AU_QUERY(OWNER_WANT, au_text(entry->source), au_text(entry->owner_dn)), NULL, err);
	return rc;
}

/* What goes with an entry that was written. */
static int
follow_entry(struct au_store_tx *tx, const struct au_entry *entry, const char *key, const char *dn_norm,
    const struct head *head, long long num, struct au_err *err)
{
	long long resolved = 0;
	int rc = au_expiry_keep(tx, entry, num, head->num != 0, err);
	if (rc == 0)
		rc = follow_dn(tx, entry, dn_norm, head, &resolved, err);
	if (rc == 0)
		rc = follow_name(tx, entry, dn_norm, head, err);
	if (rc == 0)
		rc = follow_key(tx, head->key, key, err);
	if (rc == 0)
		rc = follow_owner(tx, entry, dn_norm, head, err);
	if (rc == 0)
		rc = mark_keys(tx, head->key, key, err);
	au_stamps_move(tx->stamps, AU_STAMP_ENTRIES, NULL, NULL, NULL);
	if (entry->kind == AU_ENTRY_GROUP || head->kind == AU_ENTRY_GROUP)
		au_stamps_move(tx->stamps, AU_STAMP_GROUPS, NULL, NULL, NULL);
	if (rc == 0 && is_group_moved(entry, dn_norm, head, resolved))
		rc = au_dirty_mark_group(tx, num, err);
	return rc;
}

static int
write_entry(struct au_store_tx *tx, const struct au_entry *stated, const char *key, const char *dn_norm,
    const unsigned char *digest, const struct head *head, long long *ret_num, struct au_err *err)
{
	struct au_entry entry = *stated;
	long long num = head->num;
	int rc = au_expiry_recall(tx, head->num, &entry, err);
	if (rc == 0)
		rc = store_entry(tx, &entry, key, dn_norm, digest, head, &num, err);
	if (rc == 0)
		rc = follow_entry(tx, &entry, key, dn_norm, head, num, err);
	if (rc == 0)
		*ret_num = num;
	return rc;
}

int
au_store_entry_add(struct au_store_tx *tx, const struct au_entry *entry, const char *dn_norm, struct au_entry_held *ret,
    bool *ret_added, struct au_err *err)
{
	static const struct head nobody = { 0 };
	const char *key = key_of(tx, entry);
	struct au_entry_held held = { 0 };
	digest_entry(entry, key, dn_norm, held.digest);
	int rc = insert_entry(tx, entry, key, dn_norm, held.digest, &held.num, err);
	bool was_there = rc == AU_EEXIST;
	if (rc == 0)
		rc = follow_entry(tx, entry, key, dn_norm, &nobody, held.num, err);
	if (rc < 0 && !was_there)
		return rc;
	if (!was_there)
		*ret = held;
	*ret_added = !was_there;
	return 0;
}

int
au_store_entry_take(struct au_store_tx *tx, const struct au_entry *entry, const char *dn_norm, long long generation,
    struct au_entry_held *ret, bool *ret_is_new, bool *ret_changed, struct au_err *err)
{
	struct au_arena *scratch = au_tx_scratch(tx);
	const char *key = key_of(tx, entry);
	struct au_entry_held held = { 0 };
	struct head head = { 0 };
	digest_entry(entry, key, dn_norm, held.digest);

	int rc = au_tx_first(
	    tx, scratch, AU_QUERY(ENTRY_HEAD, au_text(entry->source), au_text(entry->id)), read_head, &head, err);
	if (rc < 0)
		return rc;
	bool is_new = rc == 0, changed = is_new || memcmp(head.digest, held.digest, DIGEST_SIZE) != 0;
	held.num = head.num;
	held.generation = generation != 0 ? generation : head.generation;
	held.is_moved = !is_new && !au_streq(head.dn_norm, dn_norm);
	rc = changed ? write_entry(tx, entry, key, dn_norm, held.digest, &head, &held.num, err) : 0;
	if (rc == 0 && held.generation != head.generation)
		rc = au_tx_run(tx, AU_QUERY(ENTRY_MARK, au_number(held.num), au_number(generation)), NULL, err);
	if (rc < 0)
		return rc;
	*ret = held;
	*ret_is_new = is_new;
	*ret_changed = changed;
	return 0;
}

int
au_store_entry_put(struct au_store_tx *tx, const struct au_entry *entry, const char *dn_norm, long long generation,
    bool *ret_changed, struct au_err *err)
{
	struct au_entry_held held;
	bool is_new = false, changed = false;
	int rc = au_store_entry_take(tx, entry, dn_norm, generation, &held, &is_new, &changed, err);
	if (rc == 0 && ret_changed)
		*ret_changed = changed;
	return rc;
}

struct walk {
	au_entry_visit *visit;
	void *ctx;
};

static int
visit_held(const struct au_value *row, void *ctx, struct au_err *err)
{
	const struct walk *walk = ctx;
	struct au_entry_held held = { .num = row[0].number, .generation = row[3].number };
	(void)err;
	if (row[2].len == DIGEST_SIZE)
		memcpy(held.digest, row[2].blob, DIGEST_SIZE);
	walk->visit(walk->ctx, row[1].text, &held);
	return 0;
}

int
au_store_entry_from(struct au_store_tx *tx, const char *source, enum au_entry_kind kind, long long after_num,
    size_t limit, bool has_marks, au_entry_visit *visit, void *ctx, struct au_err *err)
{
	struct walk walk = { visit, ctx };
	return au_tx_each(tx,
	    AU_QUERY(ENTRY_FROM, au_text(source), au_number(kind), au_number(after_num), au_number((long long)limit),
		au_number(has_marks)),
	    visit_held, &walk, err);
}

int
au_store_entry_id(
    struct au_store_tx *tx, struct au_arena *arena, long long num, const char **ret_id, struct au_err *err)
{
	return au_tx_one(tx, arena, AU_QUERY(ENTRY_ID, au_number(num)), au_row_text, ret_id, "entry", "number", err);
}

int
au_store_entry_get(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *id,
    struct au_entry *ret, struct au_err *err)
{
	return au_tx_one(
	    tx, arena, AU_QUERY(ENTRY_GET, au_text(source), au_text(id)), au_row_entry, ret, "entry", id, err);
}

int
au_store_entry_by_dn(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *dn_norm,
    struct au_entry *ret, struct au_err *err)
{
	return au_tx_one(tx, arena, AU_QUERY(ENTRY_BY_DN, au_text(source), au_text(dn_norm)), au_row_entry, ret,
	    "entry", dn_norm, err);
}

int
au_store_entry_mark(
    struct au_store_tx *tx, const char *source, const char *id, long long generation, struct au_err *err)
{
	long long changes = 0;
	int rc = au_tx_run(
	    tx, AU_QUERY(ENTRY_MARK_BY_ID, au_text(source), au_text(id), au_number(generation)), &changes, err);
	if (rc == 0 && changes == 0)
		return au_fail(err, AU_ENOENT, "entry '%s': not found", id);
	return rc;
}

/* Whoever is owned by one who is gone. */
static int
forget_owner(struct au_store_tx *tx, const char *source, const char *id, const char *dn_norm, struct au_err *err)
{
	int rc = au_tx_run(tx, AU_QUERY(OWNER_MARK, au_text(source), au_text(id)), NULL, err);

	return rc == 0 && dn_norm != NULL ? au_store_owner_doubt(tx, source, dn_norm, err) : rc;
}

int
au_store_entry_remove(struct au_store_tx *tx, const char *source, const char *id, bool *ret_was, struct au_err *err)
{
	struct head head = { 0 };
	int rc = au_tx_first(
	    tx, au_tx_scratch(tx), AU_QUERY(ENTRY_HEAD, au_text(source), au_text(id)), read_head, &head, err);
	if (rc < 0)
		return rc;
	bool was = rc == 1;
	rc = was && head.key ? au_store_dirty_mark(tx, head.key, err) : 0;
	if (was)
		au_stamps_move(tx->stamps, AU_STAMP_ENTRIES, NULL, NULL, NULL);
	if (was && head.kind == AU_ENTRY_GROUP)
		au_stamps_move(tx->stamps, AU_STAMP_GROUPS, NULL, NULL, NULL);
	if (rc == 0 && was && head.kind == AU_ENTRY_GROUP)
		rc = au_dirty_mark_group(tx, head.num, err);
	if (rc == 0 && was)
		rc = au_member_drop(tx, source, id, head.num, err);
	if (rc == 0 && was)
		rc = au_tx_run(tx, AU_QUERY(ENTRY_UNMARK, au_number(head.num)), NULL, err);
	if (rc == 0 && was)
		rc = au_tx_run(tx, AU_QUERY(EXPIRY_DROP, au_number(head.num)), NULL, err);
	if (rc == 0 && was)
		rc = au_tx_run(tx, AU_QUERY(ENTRY_REMOVE, au_number(head.num)), NULL, err);
	if (rc == 0 && was && head.kind == AU_ENTRY_PERSON)
		rc = forget_owner(tx, source, id, head.dn_norm, err);
	const char *name = was && head.kind == AU_ENTRY_PERSON && head.dn_norm
			       ? au_ref_of_user_name(au_tx_scratch(tx), head.user_name)
			       : NULL;
	if (rc == 0 && name)
		rc = au_name_settle(tx, source, name, err);
	if (rc == 0 && ret_was)
		*ret_was = was;
	return rc;
}

int
au_store_entry_unseen(struct au_store_tx *tx, struct au_arena *arena, const char *source, enum au_entry_kind kind,
    long long generation, const char ***ret_ids, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena, AU_QUERY(ENTRY_UNSEEN, au_text(source), au_number(kind), au_number(generation)),
	    au_row_text, sizeof(**ret_ids), ret_ids, ret_count, err);
}

int
au_store_entry_count(
    struct au_store_tx *tx, const char *source, enum au_entry_kind kind, long long *ret, struct au_err *err)
{
	return au_tx_number(tx, AU_QUERY(ENTRY_COUNT, au_text(source), au_number(kind)), ret, err);
}

struct named {
	struct au_arena *arena;
	const char *name_fold;
	const char **ids;
	size_t count, cap;
};

static int
visit_group(const struct au_value *row, void *ctx, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *scratch = au_arena_new();
	struct named *named = ctx;

	(void)err;
	if (row[1].text == NULL || !au_streq(au_text_fold(scratch, row[1].text), named->name_fold))
		return 0;
	if (named->count == named->cap) {
		size_t cap = named->cap > 0 ? 2 * named->cap : 4;
		const char **ids = au_arena_alloc(named->arena, cap * sizeof(*ids));
		for (size_t i = 0; i < named->count; i++)
			ids[i] = named->ids[i];
		named->ids = ids;
		named->cap = cap;
	}
	named->ids[named->count++] = au_arena_strdup(named->arena, row[0].text);
	return 0;
}

int
au_store_entry_groups_named(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *name_fold,
    const char ***ret_ids, size_t *ret_count, struct au_err *err)
{
	struct named named = { .arena = arena, .name_fold = name_fold };
	int rc = au_tx_each(tx, AU_QUERY(ENTRY_GROUPS, au_text(source)), visit_group, &named, err);

	if (rc < 0)
		return rc;
	*ret_ids = named.ids;
	*ret_count = named.count;
	return 0;
}

/* Also when it expires. */
static void
read_entry_of_key(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_entry *entry = object;

	au_row_entry(row, arena, object);
	entry->expires_ms = row[15].number < 0 ? -row[15].number : row[15].number;
	entry->expires_odd = au_arena_strdup(arena, row[16].text);
}

int
au_store_entry_by_key(struct au_store_tx *tx, struct au_arena *arena, const char *key, struct au_entry **ret,
    size_t *ret_count, struct au_err *err)
{
	return au_tx_all(
	    tx, arena, AU_QUERY(ENTRY_BY_KEY, au_text(key)), read_entry_of_key, sizeof(**ret), ret, ret_count, err);
}
