/* SPDX-License-Identifier: ISC */
/* The calls of <apiuserd/target.h> that are about users; see there for what each means. */
#ifndef CA_PEOPLE_H
#define CA_PEOPLE_H

#include "calabrio/brand.h"
#include "calabrio/session.h"
#include "calabrio/template.h"

int ca_people_probe(struct au_session *session, struct au_err *err);
int ca_people_list(struct au_session *session, au_emit_account *emit, void *ctx, struct au_err *err);
int ca_people_find(struct au_session *session, const char *login, au_emit_account *emit, void *ctx, struct au_err *err);
int ca_people_get(struct au_session *session, const char *id, au_emit_account *emit, void *ctx, struct au_err *err);
int ca_people_create(struct au_session *session, const struct au_target_account *want, au_emit_account *emit, void *ctx,
    struct au_err *err);
int ca_people_set_rights(struct au_session *session, const char *id, const struct au_target_account *want,
    au_emit_account *emit, void *ctx, struct au_err *err);
int ca_people_set_active(
    struct au_session *session, const char *id, bool active, au_emit_account *emit, void *ctx, struct au_err *err);
int ca_people_set_profile(struct au_session *session, const char *id, const struct au_target_account *want,
    au_emit_account *emit, void *ctx, struct au_err *err);
int ca_people_reset_secret(struct au_session *session, const char *id, const char *secret, au_emit_account *emit,
    void *ctx, struct au_err *err);
int ca_people_order(
    struct au_session *session, const struct au_task *task, au_emit_order *emit, void *ctx, struct au_err *err);

/* The members of a module's table that do not depend on the brand. */
#define CA_TABLE(brand_rules)                                                                                          \
	.caps = AU_CAP_LIST | AU_CAP_SET_RIGHTS | AU_CAP_DISABLE | AU_CAP_SET_PROFILE | AU_CAP_RESET_SECRET |          \
		AU_CAP_SET_SECRET | AU_CAP_READ_RIGHTS | AU_CAP_MARK | AU_CAP_LATE_SECRET,                             \
	.limits = { .max_active = -1, .max_accounts = -1, .calls_per_minute = -1 },                                    \
	.password = { CA_PASSWORD_MIN, CA_PASSWORD_MAX, CA_PASSWORD_ALPHABET,                                          \
		AU_PW_LOWER | AU_PW_UPPER | AU_PW_DIGIT | AU_PW_SIGN },                                                \
	.instance_opts = ca_instance_opts, .rights_opts = ca_rights_opts, .rules = (brand_rules), .open = ca_open,     \
	.close = ca_close, .probe = ca_people_probe, .resolve = ca_template_resolve, .find = ca_people_find,           \
	.get = ca_people_get, .create = ca_people_create, .list = ca_people_list, .set_rights = ca_people_set_rights,  \
	.set_active = ca_people_set_active, .set_profile = ca_people_set_profile,                                      \
	.reset_secret = ca_people_reset_secret, .pools = ca_pools, .order = ca_people_order

/* Whether an API user may have that user name: it is read in full when listing. */
bool ca_people_is_watched(const struct au_session *session, const char *mail);
/* The person object of that user name, whatever the case; NULL in *ret when there is none.  Caller decrefs. */
int ca_people_named(struct au_session *session, const char *login, json_t **ret, struct au_err *err);
/* The person object of that id; AU_ENOENT when there is none.  Caller decrefs. */
int ca_people_fetch(struct au_session *session, const char *id, json_t **ret, struct au_err *err);

#endif
