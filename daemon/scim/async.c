/* SPDX-License-Identifier: ISC */
/* Accepting, keeping outcomes, and showing them as Security Event Tokens in the form of a poll (RFC 8936). */
#include "scim/async.h"

#include "base/json.h"
#include "base/rand.h"
#include "scim/change.h"
#include "scim/route.h"
#include "store/async.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

#define ENDPOINT "/AsyncRequests/"
#define HEADER "{\"alg\":\"none\",\"typ\":\"secevent+jwt\"}" /* TLS protects it, as it does every answer */

/* ---- the preference ---- */

/* The value of "name=value" or "name" in a preference; NULL when it is another one. */
static const char *
preference(const char *text, const char *name)
{
	size_t len = strlen(name);

	if (strncasecmp(text, name, len) != 0)
		return NULL;
	text += len;
	text += strspn(text, " \t");
	if (*text == '=')
		return text + 1 + strspn(text + 1, " \t\"");
	return *text == '\0' || *text == ',' || *text == ';' ? "" : NULL;
}

bool
au_async_is_preferred(const char *prefer)
{
	bool async = false, waits = false;
	const char *value;

	while (prefer != NULL && *prefer != '\0') {
		prefer += strspn(prefer, " \t,");
		async = async || preference(prefer, "respond-async") != NULL;
		value = preference(prefer, "wait");
		waits = waits || (value != NULL && strspn(value, "0") < strspn(value, "0123456789"));
		prefer += strcspn(prefer, ",");
	}
	return async && !waits;
}

void
au_async_prepare(struct au_request *r)
{
	char txn[AU_UUID_SIZE];

	if (!au_async_is_preferred(au_http_header(r->x, "Prefer")))
		return;
	r->txn = au_arena_strdup(r->arena, au_uuid_new(txn));
	r->brief = true;
}

/* ---- keeping ---- */

int
au_async_open(struct au_store_tx *tx, struct au_request *r, size_t operations, bool is_ended, struct au_err *err)
{
	const struct au_async_row row = { .txn = r->txn,
		.client = r->client,
		.scope = r->principal.scope.words,
		.created_ms = r->now_ms,
		.expires_ms = r->now_ms + au_values_num(r->settings->scim, "async_keep"),
		.operations = (long long)operations,
		.is_ended = is_ended };

	long long most = au_values_num(r->settings->scim, "async_max");
	int rc = au_store_async_open(tx, &row, most, err);

	if (rc == AU_ELIMIT)
		au_fault_set(&r->fault, AU_FAULT_THROTTLED,
		    "no more than %lld outcomes of asynchronous operations are kept for this client: ask without "
		    "respond-async, or wait until some have expired",
		    most);
	return rc;
}

int
au_async_put(struct au_store_tx *tx, struct au_request *r, size_t operation, const char *outcome, struct au_err *err)
{
	const struct au_async_outcome row = { .operation = (long long)operation, .at_ms = r->now_ms, .text = outcome };

	return au_store_async_put(tx, r->txn, &row, err);
}

void
au_async_accept(struct au_request *r)
{
	au_str_done(&r->reply.body);
	r->reply = (struct au_reply){ .status = 202,
		.txn = r->txn,
		.location = au_arena_printf(r->arena, "%s" ENDPOINT "%s", r->base_url, r->txn) };
}

int
au_async_settle(struct au_store_tx *tx, struct au_request *r, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *outcome = au_outcome_text(r, r->change->method, NULL, false);
	int rc = au_async_open(tx, r, 1, true, err);

	if (rc == 0)
		rc = au_async_put(tx, r, 0, outcome, err);
	if (rc == 0)
		au_async_accept(r);
	return rc;
}

static int
start_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	(void)arg;
	return au_store_async_end_all(tx, err);
}

void
au_async_start(struct au_scim *scim)
{
	au_store_write(scim->store, start_work, NULL, NULL);
}

/* ---- showing ---- */

/* One that has no outcome and will get none. */
static const char *
lost_outcome(struct au_arena *arena)
{
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;

	au_str_put(&out, "{\"status\":\"503\",\"response\":");
	au_fault_body(&out, 503, NULL, "the operation was not carried out: the request ended before it");
	au_str_putc(&out, '}');
	return au_arena_strdup(arena, au_str_get(&out));
}

/* The path of a location below the base URL: its last two segments. */
static const char *
path_of(const char *location)
{
	const char *at = location != NULL ? location + strlen(location) : NULL;
	int slashes = 0;

	while (at != NULL && at > location && slashes < 2)
		slashes += *--at == '/';
	return at;
}

static json_t *
claims(const struct au_request *r, const char *name, const struct au_async_outcome *outcome)
{
	json_t *event = json_loads(outcome->text, 0, NULL);
	const char *path = path_of(au_json_get_str(event, "location"));
	json_t *set = json_pack("{ss, ss, ss, ss, sI, s{so}}", "jti", name, "iss", r->base_url, "aud", r->client, "txn",
	    name, "iat", (json_int_t)(outcome->at_ms / 1000), "events", "urn:ietf:params:scim:event:misc:asyncresp",
	    event);

	if (path != NULL)
		json_object_set_new(set, "sub_id", json_pack("{ss, ss}", "format", "scim", "uri", path));
	return set;
}

static void
put_base64(struct au_str *out, const char *text)
{
	size_t len = strlen(text), size = sodium_base64_ENCODED_LEN(len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	AU_CLEANUP(au_freep) char *encoded = au_xmalloc(size);

	sodium_bin2base64(encoded, size, (const unsigned char *)text, len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	au_str_put(out, encoded);
}

/* "NAME":"HEADER.CLAIMS." */
static void
put_set(struct au_request *r, const struct au_async_row *row, const struct au_async_outcome *outcome)
{
	struct au_str *out = &r->reply.body;
	const char *name =
	    row->operations == 1 ? row->txn : au_arena_printf(r->arena, "%s:%lld", row->txn, outcome->operation);
	AU_CLEANUP(au_json_decrefp) json_t *set = claims(r, name, outcome);
	AU_CLEANUP(au_freep) char *text = au_json_text(set);

	if (out->data[out->len - 1] != '{')
		au_str_putc(out, ',');
	au_str_printf(out, "\"%s\":\"", name);
	put_base64(out, HEADER);
	au_str_putc(out, '.');
	put_base64(out, text);
	au_str_put(out, ".\"");
}

static void
put_sets(struct au_request *r, const struct au_async_row *row, const struct au_async_outcome *outcomes, size_t count)
{
	struct au_async_outcome lost = { .at_ms = row->created_ms, .text = lost_outcome(r->arena) };
	size_t next = 0;

	for (long long i = 0; i < row->operations; i++) {
		if (next < count && outcomes[next].operation == i) {
			put_set(r, row, &outcomes[next++]);
		} else if (row->is_ended) {
			lost.operation = i;
			put_set(r, row, &lost);
		}
	}
}

/* What it tells may be about anything that its sender was let to. */
static bool
may_see(const struct au_request *r, const struct au_async_row *row)
{
	struct au_scope senders;

	au_scope_init(&senders, row->scope);
	return au_scope_covers(&r->principal.scope, &senders);
}

static int
show_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_request *r = arg;
	struct au_async_row row;
	struct au_async_outcome *outcomes;
	size_t count;
	int rc;

	au_request_restart(r);
	rc = au_store_async_get(tx, r->arena, r->client, r->id, r->now_ms, &row, err);
	if (rc == AU_ENOENT || (rc == 0 && !may_see(r, &row)))
		return au_fault_set(&r->fault, AU_FAULT_NOT_FOUND, "no request '%.100s' is known", r->id);
	if (rc == 0)
		rc = au_store_async_outcomes(tx, r->arena, row.txn, &outcomes, &count, err);
	if (rc != 0)
		return rc;
	au_str_put(&r->reply.body, "{\"sets\":{");
	put_sets(r, &row, outcomes, count);
	au_str_printf(&r->reply.body, "},\"moreAvailable\":%s}", row.is_ended ? "false" : "true");
	r->reply.status = 200;
	r->reply.type = "application/json";
	return 0;
}

void
au_show_async(struct au_request *r)
{
	au_request_read(r, AU_READ_SCAN, show_work);
}
