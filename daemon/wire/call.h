/* SPDX-License-Identifier: ISC */
/* Calls from the daemon to a target's worker and their answers, to and from JSON frames. */
#ifndef WIRE_CALL_H
#define WIRE_CALL_H

#include "base/json.h"
#include "base/secret.h"

enum au_call_op {
	AU_CALL_OPEN = 1, /* plugin path, options, secrets: always first */
	AU_CALL_PROBE,
	AU_CALL_RESOLVE, /* rights in, canonical rights out (answer.text) */
	AU_CALL_LIST,
	AU_CALL_FIND,
	AU_CALL_GET,
	AU_CALL_POOLS, /* what there is of pools, and how much is taken */
	AU_CALL_CREATE,
	AU_CALL_SET_RIGHTS,
	AU_CALL_SET_ACTIVE,
	AU_CALL_SET_PROFILE,
	AU_CALL_RESET_SECRET,
	AU_CALL_REMOVE,
};

struct au_call {
	unsigned id; /* rising; the answer carries it back */
	enum au_call_op op;
	struct au_target_account account; /* id, login, want; as the op needs */
	/* Changing calls: the account as it is known, for the text of a work order; no id and no login: it is not
	 * there. */
	struct au_target_account known;
	const char *rights_in;            /* RESOLVE */
	const char *plugin;               /* OPEN: path of the shared object */
	const json_t *own_rules;          /* OPEN: as au_own_rules_to_json has them; NULL = none */
	const json_t *options;            /* OPEN: option name -> value; secrets by value, this frame is never logged */
};

/* A frame of the answer: zero or more accounts, or pools, then exactly one end. */
struct au_answer {
	unsigned id;
	bool end;
	struct au_err err;                /* of the end: code 0 when fine */
	struct au_target_account account; /* when !end */
	struct au_pool_state pool;        /* of POOLS when !end; otherwise its name is NULL */
	const char *text;                 /* of the end: RESOLVE's canonical rights */
	const json_t *order;              /* of the end, with AU_EMANUAL: as model/order_text.h has it; NULL = none */
};

const char *au_call_op_name(enum au_call_op op);
/* The reverse; 0 when the word is unknown. */
enum au_call_op au_call_op_from_name(const char *name);
/* Whether the call changes the product, so that an unheard answer leaves its outcome unknown. */
bool au_call_changes(enum au_call_op op);
json_t *au_call_to_json(const struct au_call *call);
/* Text points into json.  AU_EPROTO. */
int au_call_from_json(const json_t *json, struct au_call *ret, struct au_err *err);
json_t *au_answer_to_json(const struct au_answer *answer);
int au_answer_from_json(const json_t *json, struct au_answer *ret, struct au_err *err);
/* One account as JSON, used by both; secret only with with_secret. */
json_t *au_target_account_to_json(const struct au_target_account *account, bool with_secret);
int au_target_account_from_json(const json_t *json, struct au_target_account *ret, struct au_err *err);

#endif
