/* SPDX-License-Identifier: ISC */
/*
 * All of the list is read, since it is short and a name that is not there shall lead to one that is.  Okta's own form
 * of these resources has a displayName and no value; the id stands for it.
 */
#include "scim-target/offers.h"

#include "base/near.h"
#include "base/str.h"
#include "scim-target/listing.h"

static bool
is_given(const json_t *resource)
{
	const json_t *supported = json_object_get(resource, "supported");

	return !json_is_false(supported) && !au_strcaseeq(json_string_value(supported), "false");
}

/* What counts of a resource: {id, value, display, given}; without a name, null. */
static int
keep_offer(void *ctx, const json_t *resource, struct au_err *err)
{
	const char *id = au_json_get_str(resource, "id"), *value = au_json_get_str(resource, "value");
	const char *display = au_json_get_str(resource, "display");

	(void)err;
	if (au_str_empty(display))
		display = au_json_get_str(resource, "displayName");
	json_array_append_new(
	    ctx, json_pack("{s:s, s:s, s:s?, s:b}", "id", id, "value", !au_str_empty(value) ? value : id, "display",
		     display, "given", is_given(resource)));
	return 0;
}

static void
forget_offers(void *ctx)
{
	json_array_clear(ctx);
}

/* The offer with the text in that member; several that have different values are none that is meant: *ret_values. */
static const json_t *
offer_with(const json_t *offers, const char *member, const char *text, size_t *ret_values)
{
	const json_t *found = NULL;

	*ret_values = 0;
	for (size_t i = 0; i < json_array_size(offers); i++) {
		const json_t *one = json_array_get(offers, i);

		if (!au_streq(au_json_get_str(one, member), text))
			continue;
		if (found == NULL || !au_streq(au_json_get_str(found, "value"), au_json_get_str(one, "value")))
			++*ret_values;
		/* of two with one value, which differ in their type, one that is given is enough */
		if (found == NULL || json_is_true(json_object_get(one, "given")))
			found = one;
	}
	return found;
}

static const json_t *
find_offer(const json_t *offers, const char *name, size_t *ret_values)
{
	const json_t *offer = offer_with(offers, "value", name, ret_values);

	if (offer == NULL && name[0] == '#')
		offer = offer_with(offers, "id", name + 1, ret_values);
	if (offer == NULL)
		offer = offer_with(offers, "display", name, ret_values);
	return offer;
}

static int
fail_unknown(const json_t *offers, const char *word, const char *name, struct au_err *err)
{
	AU_CLEANUP(au_str_done) struct au_str near = AU_STR_INIT;

	au_near_put_among(&near, name, offers, "value");
	if (near.len == 0)
		au_near_put_among(&near, name, offers, "display");
	return au_fail(err, AU_EINVAL, "%s '%s' is unknown to the service%s", word, name, au_str_get(&near));
}

static int
resolve_one(const json_t *offers, const char *word, const char *name, json_t *ret, struct au_err *err)
{
	const json_t *offer;
	size_t values;

	if (au_str_empty(name))
		return au_fail(err, AU_EINVAL, "rights: expected lists of names");
	offer = find_offer(offers, name, &values);
	if (offer == NULL)
		return fail_unknown(offers, word, name, err);
	if (values > 1)
		return au_fail(
		    err, AU_EINVAL, "%s '%s': %zu of them have this name, give the value", word, name, values);
	if (!json_is_true(json_object_get(offer, "given")))
		return au_fail(err, AU_EINVAL, "%s '%s': the service says that it does not support it", word, name);
	json_array_append(ret, json_object_get(offer, "value"));
	return 0;
}

int
sc_offers_resolve(struct au_session *session, const char *endpoint, const char *word, const json_t *names, json_t *ret,
    struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *offers = json_array();
	const struct sc_listing listing = {
		.endpoint = endpoint, .take = keep_offer, .restart = forget_offers, .ctx = offers
	};
	int r = 0;

	if (json_array_size(names) == 0)
		return 0;
	if (endpoint == NULL || !session->looks_up) {
		json_array_extend(ret, (json_t *)(uintptr_t)names);
		return 0;
	}
	r = sc_listing_walk(session, &listing, err);
	for (size_t i = 0; r == 0 && i < json_array_size(names); i++)
		r = resolve_one(offers, word, json_string_value(json_array_get(names, i)), ret, err);
	return r;
}
