/* SPDX-License-Identifier: ISC */
/*
 * URLs come from whoever may write groups, and are searched for with our rights.  So they must mean this very server,
 * stay below the bases that an administrator allows, and find only what our own searches would take for a person or a
 * group.
 */
#include "sourced/recipe.h"

#include "base/str.h"
#include "base/text.h"
#include "model/dn.h"
#include "sourced/root.h"
#include "sourced/vendor.h"

#include <ldap.h>
#include <string.h>
#include <strings.h>

/* A SID: revision, count of numbers, six bytes of authority, numbers of four bytes (MS-DTYP section 2.4.2.2). */
#define SID_HEAD 8
/* Groups that are in every domain have lower numbers; it is they that people are in without anybody putting them there.
 */
#define RID_FIRST_OWN 1000

static const struct {
	const char *option, *key, *theirs, *sid;
} primaries[] = {
	{ "primaryGroupID", "objectSid", "primaryGroupID", "objectSid" },
	{ "gidNumber", "gidNumber", "gidNumber", NULL },
};

static void
set_primary(struct au_recipe_terms *terms, const char *option)
{
	for (size_t i = 0; i < AU_COUNT(primaries); i++)
		if (au_streq(primaries[i].option, option)) {
			terms->key = primaries[i].key;
			terms->theirs = primaries[i].theirs;
			terms->sid = primaries[i].sid;
		}
}

static int
add_base(struct au_recipe_terms *terms, struct au_arena *arena, size_t at, const char *dn, struct au_err *err)
{
	if (au_dn_normalize(arena, dn, &terms->bases[at], err) < 0)
		return au_err_prefix(err, AU_EINVAL, "base of dynamic groups");
	return 0;
}

static int
init_bases(struct au_recipe_terms *terms, struct au_arena *arena, struct au_err *err)
{
	const json_t *list = terms->config->dynamic_bases;
	size_t count = json_array_size(list);
	int rc = 0;

	terms->bases = au_arena_alloc(arena, (count + 3) * sizeof(*terms->bases));
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = add_base(terms, arena, i, json_string_value(json_array_get(list, i)), err);
	if (count > 0 || rc < 0)
		return rc;
	rc = add_base(terms, arena, 0, terms->config->people_base, err);
	return rc < 0 ? rc : add_base(terms, arena, 1, terms->config->groups_base, err);
}

int
au_recipe_terms_init(struct au_recipe_terms *terms, struct au_arena *arena, const struct au_source_config *config,
    const struct au_vendor *vendor, struct au_err *err)
{
	struct au_recipe_terms fresh = { .config = config };

	fresh.url = config->dynamic_urls > 0 ? config->attr_member_url : NULL;
	set_primary(&fresh, au_streq(config->primary_group, "auto") ? vendor->primary_group : config->primary_group);
	if (au_streq(config->nested, "in-chain"))
		fresh.rule = vendor->chain_rule;
	if (init_bases(&fresh, arena, err) < 0)
		return AU_EINVAL;
	*terms = fresh;
	return 0;
}

void
au_recipe_attributes(const struct au_recipe_terms *terms, const char *ret[3])
{
	size_t count = 0;

	if (terms->url != NULL)
		ret[count++] = terms->url;
	if (terms->key != NULL)
		ret[count++] = terms->key;
	ret[count] = NULL;
}

static bool
is_named(const struct berval *attribute, const char *name)
{
	return name != NULL && strlen(name) == attribute->bv_len &&
	       strncasecmp(name, attribute->bv_val, attribute->bv_len) == 0;
}

static void
take_urls(
    struct au_recipe *recipe, const struct au_recipe_terms *terms, struct au_arena *arena, const struct berval *values)
{
	size_t count = 0, most = (size_t)terms->config->dynamic_url_size;

	while (values != NULL && values[count].bv_val != NULL)
		count++;
	recipe->urls = au_arena_alloc(arena, (count + 1) * sizeof(*recipe->urls));
	recipe->url_count = count;
	/* One that is no text is none that can be searched for, and shall be missed. */
	for (size_t i = 0; i < count; i++)
		if (values[i].bv_len > most)
			recipe->urls[i] = NULL;
		else if (!au_text_is_utf8(values[i].bv_val, values[i].bv_len))
			recipe->urls[i] = "";
		else
			recipe->urls[i] = au_arena_strndup(arena, values[i].bv_val, values[i].bv_len);
}

/* Bytes that need be no text. */
static struct berval
copy_of(struct au_arena *arena, const struct berval *value)
{
	struct berval copy = { value->bv_len, au_arena_alloc(arena, value->bv_len + 1) };

	memcpy(copy.bv_val, value->bv_val, value->bv_len);
	return copy;
}

void
au_recipe_take(struct au_recipe *recipe, const struct au_recipe_terms *terms, struct au_arena *arena,
    const struct berval *name, const struct berval *values)
{
	if (is_named(name, terms->url))
		take_urls(recipe, terms, arena, values);
	else if (is_named(name, terms->key) && values != NULL && values[0].bv_val != NULL)
		recipe->key = copy_of(arena, &values[0]);
}

bool
au_recipe_is_empty(const struct au_recipe *recipe)
{
	return recipe->url_count == 0 && recipe->key.bv_val == NULL && !recipe->in_chain;
}

/* ---- primary groups ---- */

static bool
is_sid(const struct berval *key)
{
	const unsigned char *bytes = (const unsigned char *)key->bv_val;

	return key->bv_len > SID_HEAD && bytes[0] == 1 && bytes[1] > 1 &&
	       key->bv_len == SID_HEAD + AU_SID_NUMBER * (size_t)bytes[1];
}

/* A SID's last number, which is in the order of a little-endian machine. */
static unsigned long
rid_of(const struct berval *sid)
{
	const unsigned char *at = (const unsigned char *)sid->bv_val + sid->bv_len - AU_SID_NUMBER;

	return (unsigned long)at[0] | (unsigned long)at[1] << 8 | (unsigned long)at[2] << 16 |
	       (unsigned long)at[3] << 24;
}

bool
au_recipe_is_silent(const struct au_recipe *recipe, const struct au_recipe_terms *terms)
{
	if (recipe->url_count > 0 || recipe->in_chain)
		return true;
	if (recipe->key.bv_val == NULL)
		return false;
	/* Active Directory moves people between `member` and here, and so tells of both groups. */
	return terms->sid == NULL || (is_sid(&recipe->key) && rid_of(&recipe->key) < RID_FIRST_OWN);
}

/* ---- searches ---- */

/* In the arena. */
static const char *
both(struct au_arena *arena, const char *one, const char *other)
{
	return au_arena_printf(arena, "(&%s%s)", one, other);
}

static const char *
in_brackets(struct au_arena *arena, const char *filter)
{
	return filter[0] == '(' ? filter : au_arena_printf(arena, "(%s)", filter);
}

static const char *
escape(struct au_arena *arena, const char *value, size_t len)
{
	struct berval in = { len, (char *)(uintptr_t)value }, out = { 0, NULL };

	if (ldap_bv2escaped_filter_value(&in, &out) != 0)
		abort();
	const char *text = au_arena_strndup(arena, out.bv_val, out.bv_len);
	if (out.bv_val != value)
		ber_memfree(out.bv_val);
	return text;
}

static const char *
people_of(const struct au_recipe_terms *terms, struct au_arena *arena)
{
	return in_brackets(arena, terms->config->people_filter);
}

static bool
add_primary(const struct au_recipe *recipe, const struct au_recipe_terms *terms, struct au_arena *arena,
    struct au_recipe_search *search)
{
	const char *value;

	if (terms->sid == NULL)
		value = escape(arena, recipe->key.bv_val, recipe->key.bv_len);
	else if (is_sid(&recipe->key))
		value = au_arena_printf(arena, "%lu", rid_of(&recipe->key));
	else
		return false;
	*search = (struct au_recipe_search){ .base = terms->config->people_base,
		.scope = LDAP_SCOPE_SUBTREE,
		.filter = both(arena, people_of(terms, arena), au_arena_printf(arena, "(%s=%s)", terms->theirs, value)),
		.sid = terms->sid,
		.domain = { recipe->key.bv_len - (terms->sid != NULL ? AU_SID_NUMBER : 0), recipe->key.bv_val },
		.what = au_arena_printf(arena, "people with %s %s", terms->theirs, value) };
	return true;
}

static void
add_chain(const struct au_recipe_terms *terms, const char *dn, struct au_arena *arena, struct au_recipe_search *search)
{
	const char *value = escape(arena, dn, strlen(dn));

	*search = (struct au_recipe_search){ .base = terms->config->people_base,
		.scope = LDAP_SCOPE_SUBTREE,
		.filter = both(
		    arena, people_of(terms, arena), au_arena_printf(arena, "(memberOf:%s:=%s)", terms->rule, value)),
		.what = "people in groups within it" };
}

/* One filter and nothing behind it: within values, brackets are written as \28 and \29 (RFC 4515 section 3). */
static bool
is_one_filter(const char *filter)
{
	size_t depth = 0;

	if (filter[0] != '(')
		return filter[0] != '\0' && strpbrk(filter, "()") == NULL;
	for (const char *at = filter; *at != '\0'; at++) {
		depth += *at == '(';
		if (*at == ')' && --depth == 0)
			return at[1] == '\0';
	}
	return false;
}

static bool
is_allowed(const struct au_recipe_terms *terms, struct au_arena *arena, const char *base)
{
	const char *norm;

	if (au_dn_normalize(arena, base, &norm, NULL) < 0)
		return false;
	for (size_t i = 0; terms->bases[i] != NULL; i++)
		if (au_dn_is_below(norm, terms->bases[i]))
			return true;
	return false;
}

/* NULL when the search may be made. */
static const char *
refusal(const struct au_recipe_terms *terms, struct au_arena *arena, const LDAPURLDesc *url)
{
	if (!au_streq(url->lud_scheme, "ldap") || !au_str_empty(url->lud_host))
		return "it names a server, and only this one is asked";
	if (url->lud_crit_exts > 0)
		return "it has a critical extension";
	if (au_str_empty(url->lud_dn))
		return "it has no base";
	if (!is_allowed(terms, arena, url->lud_dn))
		return "its base is not below dynamic_bases";
	if (url->lud_filter != NULL && !is_one_filter(url->lud_filter))
		return "its filter is none";
	return NULL;
}

static void
free_url(LDAPURLDesc **url)
{
	if (*url != NULL)
		ldap_free_urldesc(*url);
}

/* NULL and the search, or why there is none. */
static const char *
read_url(const struct au_recipe_terms *terms, struct au_arena *arena, const char *text, struct au_recipe_search *search)
{
	AU_CLEANUP(free_url) LDAPURLDesc *url = NULL;
	const char *groups = in_brackets(arena, terms->config->groups_filter), *filter = "(objectClass=*)";

	if (ldap_url_parse(text, &url) != LDAP_URL_SUCCESS)
		return "it is no LDAP URL";
	const char *why = refusal(terms, arena, url);
	if (why != NULL)
		return why;
	if (url->lud_filter != NULL)
		filter = in_brackets(arena, au_arena_strdup(arena, url->lud_filter));
	const char *ours = au_arena_printf(arena, "(|%s%s)", people_of(terms, arena), groups);
	*search = (struct au_recipe_search){ .base = au_arena_strdup(arena, url->lud_dn),
		.scope = url->lud_scope == LDAP_SCOPE_DEFAULT ? LDAP_SCOPE_BASE : url->lud_scope,
		.filter = both(arena, ours, filter),
		.what = au_arena_printf(arena, "%s '%s'", terms->url, text) };
	return NULL;
}

/* What keeps a value from being searched for, or NULL. */
static const char *
read_value(const struct au_recipe_terms *terms, struct au_arena *arena, const char *url, struct au_recipe_search *ret)
{
	if (url == NULL)
		return au_arena_printf(arena, "a value of %s is longer than dynamic_url_size, %lld bytes", terms->url,
		    terms->config->dynamic_url_size);
	const char *why = read_url(terms, arena, url, ret);
	return why != NULL ? au_arena_printf(arena, "%s '%s': %s", terms->url, url, why) : NULL;
}

size_t
au_recipe_searches(const struct au_recipe *recipe, const struct au_recipe_terms *terms, const char *dn,
    struct au_arena *arena, struct au_recipe_search **ret, const char **ret_lacks)
{
	struct au_recipe_search *searches = au_arena_alloc(arena, (recipe->url_count + 2) * sizeof(*searches));
	size_t count = 0;

	*ret_lacks = NULL;
	for (size_t i = 0; i < recipe->url_count && i < (size_t)terms->config->dynamic_urls; i++) {
		const char *why = read_value(terms, arena, recipe->urls[i], &searches[count]);
		if (why == NULL)
			count++;
		else if (*ret_lacks == NULL)
			*ret_lacks = why;
	}
	if (*ret_lacks == NULL && recipe->url_count > (size_t)terms->config->dynamic_urls)
		*ret_lacks = au_arena_printf(arena, "it has %zu values of %s, and dynamic_urls is %lld",
		    recipe->url_count, terms->url, terms->config->dynamic_urls);
	if (recipe->key.bv_val != NULL && add_primary(recipe, terms, arena, &searches[count]))
		count++;
	if (recipe->in_chain)
		add_chain(terms, dn, arena, &searches[count++]);
	*ret = searches;
	return count;
}
