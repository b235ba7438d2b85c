/* SPDX-License-Identifier: ISC */
/* Enumerations travel as words, so that a dumped frame can be read; every word is in one of the tables below. */
#include "wire/source_msg.h"

#include "base/str.h"

#include <assert.h>

/* Words by number; holes are NULL. */
struct words {
	const char *const *word;
	int count;
};
#define WORDS(array)                                                                                                   \
	{                                                                                                              \
		array, AU_COUNT(array)                                                                                 \
	}

static const char *const search_words[] = { "people", "groups" };
static const char *const message_words[] = { NULL, "start", "ack", "lookup", "reread", "compare", "resync", "unseen",
	"batch", "resolved", "server", "state", "canary", "heartbeat", "try", "tried", "owner", "owned", "fresh" };
static const char *const reading_words[] = { "none", "resume", "whole", "compare" };
static const char *const step_words[] = { "none", "begin", "keep", "sweep", "void" };
static const char *const verdict_words[] = { NULL, "found", "absent", "outside", "unknown" };
static const char *const link_words[] = { NULL, "ok", "stale", "quarantine" };

static const struct words searches = WORDS(search_words), messages = WORDS(message_words),
			  readings = WORDS(reading_words), steps = WORDS(step_words), verdicts = WORDS(verdict_words),
			  links = WORDS(link_words);

static const char *
word(const struct words *words, int number)
{
	assert(number >= 0 && number < words->count && words->word[number] != NULL);
	return words->word[number];
}

/* -1 when the word is unknown. */
static int
number(const struct words *words, const char *text)
{
	for (int i = 0; text != NULL && i < words->count; i++)
		if (words->word[i] != NULL && au_streq(words->word[i], text))
			return i;
	return -1;
}

static int
word_member(const json_t *json, const char *member, const struct words *words, int *ret, struct au_err *err)
{
	int found = number(words, au_json_get_str(json, member));

	if (found < 0)
		return au_fail(err, AU_EPROTO, "message of a source: member '%s' is missing or unknown", member);
	*ret = found;
	return 0;
}

const char *
au_search_name(enum au_search search)
{
	return word(&searches, search);
}

enum au_source_msg
au_source_msg_kind(const json_t *json)
{
	int found = number(&messages, au_json_get_str(json, "msg"));

	return found < 0 ? AU_MSG_NONE : found;
}

json_t *
au_source_msg_plain(enum au_source_msg kind)
{
	json_t *json = json_object();

	au_json_set_str(json, "msg", word(&messages, kind));
	return json;
}

json_t *
au_source_batch_to_json(const struct au_source_batch *batch)
{
	json_t *json = au_source_msg_plain(AU_MSG_BATCH);

	au_json_set_int(json, "seq", batch->seq);
	au_json_set_str(json, "search", word(&searches, batch->search));
	json_object_set_new(json, "more", json_boolean(batch->more));
	json_object_set_new(json, "compare", json_boolean(batch->compare));
	au_json_set_str(json, "step", word(&steps, batch->step));
	au_json_set_str(json, "reading", word(&readings, batch->reading));
	json_object_set_new(json, "held", json_boolean(batch->held));
	if (batch->ask != 0) {
		au_json_set_int(json, "ask", batch->ask);
		au_json_set_int(json, "ask_most", batch->ask_most);
	}
	au_json_set_str(json, "cookie", batch->cookie);
	if (batch->read != NULL)
		json_object_set(json, "read", (json_t *)(uintptr_t)batch->read);
	return json;
}

int
au_source_batch_from_json(const json_t *json, struct au_source_batch *ret, struct au_err *err)
{
	int search, step, reading;

	if (word_member(json, "search", &searches, &search, err) < 0 ||
	    word_member(json, "step", &steps, &step, err) < 0 ||
	    word_member(json, "reading", &readings, &reading, err) < 0)
		return AU_EPROTO;
	*ret = (struct au_source_batch){
		.seq = au_json_get_int(json, "seq"),
		.search = search,
		.more = au_json_get_bool(json, "more", 0),
		.compare = au_json_get_bool(json, "compare", 0),
		.step = step,
		.reading = reading,
		.held = au_json_get_bool(json, "held", 0),
		.ask = au_json_get_int(json, "ask"),
		.ask_most = au_json_get_int(json, "ask_most"),
		.cookie = au_json_get_str(json, "cookie"),
		.read = json_object_get(json, "read"),
	};
	return 0;
}

json_t *
au_source_unseen_to_json(const struct au_source_unseen *unseen)
{
	json_t *json = au_source_msg_plain(AU_MSG_UNSEEN);

	au_json_set_str(json, "search", word(&searches, unseen->search));
	au_json_set_int(json, "ask", unseen->ask);
	json_object_set(json, "ids", (json_t *)(uintptr_t)unseen->ids);
	au_json_set_int(json, "count", unseen->count);
	return json;
}

int
au_source_unseen_from_json(const json_t *json, struct au_source_unseen *ret, struct au_err *err)
{
	const json_t *ids = json_object_get(json, "ids"), *id;
	int search;
	size_t index;

	if (word_member(json, "search", &searches, &search, err) < 0)
		return AU_EPROTO;
	if (!json_is_array(ids))
		return au_fail(err, AU_EPROTO, "unseen: member 'ids': expected a list");
	json_array_foreach (ids, index, id)
		if (!json_is_string(id))
			return au_fail(err, AU_EPROTO, "unseen: member 'ids': expected a list of text");
	*ret = (struct au_source_unseen){ .search = search,
		.ask = au_json_get_int(json, "ask"),
		.ids = ids,
		.count = au_json_get_int(json, "count") };
	return 0;
}

static int
entry_and_dn(const json_t *json, const json_t **ret_entry, const char **ret_dn_norm, struct au_err *err)
{
	const char *dn_norm = au_json_get_str(json, "dn_norm");

	if (dn_norm == NULL)
		return au_fail(err, AU_EPROTO, "entry without a normal DN");
	if (!json_is_object(json_object_get(json, "entry")))
		return au_fail(err, AU_EPROTO, "member 'entry' is missing");
	*ret_entry = json_object_get(json, "entry");
	*ret_dn_norm = dn_norm;
	return 0;
}

json_t *
au_source_lookup_to_json(const struct au_source_lookup *lookup)
{
	json_t *json = au_source_msg_plain(AU_MSG_LOOKUP);

	au_json_set_int(json, "id", lookup->id);
	au_json_set_str(json, "dn", lookup->dn);
	return json;
}

int
au_source_lookup_from_json(const json_t *json, struct au_source_lookup *ret, struct au_err *err)
{
	const char *dn = au_json_get_str(json, "dn");

	if (dn == NULL)
		return au_fail(err, AU_EPROTO, "lookup: member 'dn' is missing");
	*ret = (struct au_source_lookup){ .id = au_json_get_int(json, "id"), .dn = dn };
	return 0;
}

json_t *
au_source_resolved_to_json(const struct au_source_resolved *resolved)
{
	json_t *json = au_source_msg_plain(AU_MSG_RESOLVED);

	au_json_set_int(json, "id", resolved->id);
	au_json_set_str(json, "verdict", word(&verdicts, resolved->verdict));
	if (resolved->verdict == AU_LOOKUP_FOUND) {
		json_object_set(json, "entry", (json_t *)(uintptr_t)resolved->entry);
		au_json_set_str(json, "dn_norm", resolved->dn_norm);
	}
	return json;
}

int
au_source_resolved_from_json(const json_t *json, struct au_source_resolved *ret, struct au_err *err)
{
	struct au_source_resolved resolved = { .id = au_json_get_int(json, "id") };
	int verdict;

	if (word_member(json, "verdict", &verdicts, &verdict, err) < 0)
		return AU_EPROTO;
	resolved.verdict = verdict;
	if (verdict == AU_LOOKUP_FOUND && entry_and_dn(json, &resolved.entry, &resolved.dn_norm, err) < 0)
		return AU_EPROTO;
	*ret = resolved;
	return 0;
}

json_t *
au_source_owner_to_json(const char *dn_norm)
{
	json_t *json = au_source_msg_plain(AU_MSG_OWNER);

	au_json_set_str(json, "dn_norm", dn_norm);
	return json;
}

int
au_source_owner_from_json(const json_t *json, const char **ret, struct au_err *err)
{
	const char *dn_norm = au_json_get_str(json, "dn_norm");

	if (dn_norm == NULL)
		return au_fail(err, AU_EPROTO, "owner: member 'dn_norm' is missing");
	*ret = dn_norm;
	return 0;
}

json_t *
au_source_owned_to_json(const struct au_source_owned *owned)
{
	json_t *json = au_source_msg_plain(AU_MSG_OWNED);

	au_json_set_str(json, "dn_norm", owned->dn_norm);
	au_json_set_str(json, "verdict", word(&verdicts, owned->verdict));
	au_json_set_str(json, "name", owned->name);
	return json;
}

int
au_source_owned_from_json(const json_t *json, struct au_source_owned *ret, struct au_err *err)
{
	struct au_source_owned owned = { .dn_norm = au_json_get_str(json, "dn_norm"),
		.name = au_json_get_str(json, "name") };
	int verdict;

	if (word_member(json, "verdict", &verdicts, &verdict, err) < 0)
		return AU_EPROTO;
	owned.verdict = verdict;
	if (owned.dn_norm == NULL || (owned.verdict == AU_LOOKUP_FOUND) != (owned.name != NULL))
		return au_fail(err, AU_EPROTO, "owned: expected 'dn_norm', and a 'name' when found");
	*ret = owned;
	return 0;
}

json_t *
au_source_link_to_json(const struct au_source_link *link)
{
	json_t *json = au_source_msg_plain(AU_MSG_STATE);

	au_json_set_str(json, "state", word(&links, link->state));
	au_json_set_str(json, "text", link->text);
	au_json_set_int(json, "retry_in", link->retry_in);
	json_object_set_new(json, "alarm", json_boolean(link->alarm));
	json_object_set_new(json, "refused", json_boolean(link->refused));
	return json;
}

int
au_source_link_from_json(const json_t *json, struct au_source_link *ret, struct au_err *err)
{
	int state;

	if (word_member(json, "state", &links, &state, err) < 0)
		return AU_EPROTO;
	*ret = (struct au_source_link){
		.state = state,
		.text = au_json_get_str(json, "text"),
		.retry_in = au_json_get_int(json, "retry_in"),
		.alarm = au_json_get_bool(json, "alarm", 0),
		.refused = au_json_get_bool(json, "refused", 0),
	};
	return 0;
}

json_t *
au_source_canary_to_json(const struct au_source_canary *canary)
{
	json_t *json = au_source_msg_plain(AU_MSG_CANARY);

	au_json_set_str(json, "search", word(&searches, canary->search));
	au_json_set_str(json, "dn", canary->dn);
	return json;
}

int
au_source_canary_from_json(const json_t *json, struct au_source_canary *ret, struct au_err *err)
{
	const char *dn = au_json_get_str(json, "dn");
	int search;

	if (word_member(json, "search", &searches, &search, err) < 0)
		return AU_EPROTO;
	if (dn == NULL)
		return au_fail(err, AU_EPROTO, "canary: member 'dn' is missing");
	*ret = (struct au_source_canary){ .search = search, .dn = dn };
	return 0;
}

json_t *
au_source_server_to_json(const struct au_source_server *server)
{
	json_t *json = au_source_msg_plain(AU_MSG_SERVER);

	au_json_set_str(json, "url", server->url);
	au_json_set_str(json, "vendor", server->vendor);
	au_json_set_str(json, "product", server->product);
	au_json_set_str(json, "cover", server->cover);
	au_json_set_str(json, "way", server->way);
	au_json_set_str(json, "log", server->log);
	json_object_set(json, "effective", (json_t *)(uintptr_t)server->effective);
	return json;
}

int
au_source_server_from_json(const json_t *json, struct au_source_server *ret, struct au_err *err)
{
	struct au_source_server server = { .url = au_json_get_str(json, "url"),
		.vendor = au_json_get_str(json, "vendor"),
		.product = au_json_get_str(json, "product"),
		.cover = au_json_get_str(json, "cover"),
		.way = au_json_get_str(json, "way"),
		.log = au_json_get_str(json, "log"),
		.effective = json_object_get(json, "effective") };

	if (server.url == NULL || server.vendor == NULL || server.product == NULL || server.cover == NULL ||
	    server.way == NULL)
		return au_fail(
		    err, AU_EPROTO, "server: member 'url', 'vendor', 'product', 'cover' or 'way' is missing");
	*ret = server;
	return 0;
}

json_t *
au_source_reread_to_json(const struct au_source_reread *reread)
{
	json_t *json = au_source_msg_plain(AU_MSG_REREAD);

	au_json_set_str(json, "search", au_search_name(reread->search));
	au_json_set_str(json, "id", reread->id);
	au_json_set_str(json, "dn", reread->dn);
	json_object_set_new(json, "late", json_boolean(reread->is_late));
	if (reread->ask != 0)
		au_json_set_int(json, "ask", reread->ask);
	return json;
}

int
au_source_reread_from_json(const json_t *json, struct au_source_reread *ret, struct au_err *err)
{
	struct au_source_reread reread = { .id = au_json_get_str(json, "id"),
		.dn = au_json_get_str(json, "dn"),
		.is_late = au_json_get_bool(json, "late", 0),
		.ask = au_json_get_int(json, "ask") };
	int search;

	if (word_member(json, "search", &searches, &search, err) < 0)
		return AU_EPROTO;
	if (reread.id == NULL || reread.ask < 0)
		return au_fail(err, AU_EPROTO, "reread: member 'id' is missing, or 'ask' is no number of a question");
	reread.search = (enum au_search)search;
	*ret = reread;
	return 0;
}

json_t *
au_source_fresh_to_json(const struct au_source_fresh *fresh)
{
	json_t *json = au_source_msg_plain(AU_MSG_FRESH);

	au_json_set_int(json, "ask", fresh->ask);
	au_json_set_str(json, "verdict", word(&verdicts, (int)fresh->verdict));
	return json;
}

int
au_source_fresh_from_json(const json_t *json, struct au_source_fresh *ret, struct au_err *err)
{
	struct au_source_fresh fresh = { .ask = au_json_get_int(json, "ask") };
	int verdict;

	if (word_member(json, "verdict", &verdicts, &verdict, err) < 0)
		return AU_EPROTO;
	if (fresh.ask <= 0)
		return au_fail(err, AU_EPROTO, "fresh: member 'ask' is missing, or no number of a question");
	fresh.verdict = (enum au_lookup_verdict)verdict;
	*ret = fresh;
	return 0;
}

json_t *
au_source_ack_to_json(long long seq)
{
	json_t *json = au_source_msg_plain(AU_MSG_ACK);

	au_json_set_int(json, "seq", seq);
	return json;
}

int
au_source_ack_from_json(const json_t *json, long long *ret_seq, struct au_err *err)
{
	const json_t *seq = json_object_get(json, "seq");

	if (!json_is_integer(seq))
		return au_fail(err, AU_EPROTO, "ack: member 'seq' is missing");
	*ret_seq = json_integer_value(seq);
	return 0;
}

json_t *
au_source_compare_to_json(enum au_search search)
{
	json_t *json = au_source_msg_plain(AU_MSG_COMPARE);

	au_json_set_str(json, "search", word(&searches, search));
	return json;
}

int
au_source_compare_from_json(const json_t *json, enum au_search *ret, struct au_err *err)
{
	int search;

	if (word_member(json, "search", &searches, &search, err) < 0)
		return AU_EPROTO;
	*ret = search;
	return 0;
}
