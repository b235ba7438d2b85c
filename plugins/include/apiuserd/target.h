/* SPDX-License-Identifier: ISC */
/*
 * target.h - the one header a target plugin includes.
 *
 * A target plugin is a shared object that exports a single constant symbol,
 * `apiuserd_target`.  It is loaded by a worker process of its own
 * (apiuserd-target), on one thread.  Every call may block and may be cut short
 * by the supervisor killing the worker when the call's deadline passes; so a
 * call that changes the product must be safe to repeat.
 *
 * A usual life:
 *
 *   open -> probe -> resolve (once per template) -> list
 *        -> { find | get | create | set_rights | set_active | set_profile | reset_secret | remove } ...
 *        -> close
 *
 * Ownership, once for the whole interface:
 *   - what the host passes in belongs to the host and lives until the call returns;
 *   - what the plugin hands out through `emit` is copied before emit returns;
 *   - text in struct au_err is an inline buffer; nothing is ever freed across the line.
 */
#ifndef APIUSERD_TARGET_H
#define APIUSERD_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bumped when existing members change meaning; new members are only ever appended. */
#define AU_TARGET_ABI 1u

/* ---- outcome ----------------------------------------------------------------
 *
 * Each code has exactly one reaction in the daemon, named beside it.
 */
enum au_code {
	AU_OK = 0,
	AU_EINVAL = -1,    /* our request or template is wrong: the step fails, no retry until its input changes */
	AU_EAUTH = -2,     /* administrator credentials refused: the target is paused, an operator is told */
	AU_EPERM = -3,     /* the administrator lacks a right: the target is paused, the right is named */
	AU_ENOENT = -4,    /* no such account: success for a removal, otherwise plan again */
	AU_EEXIST = -5,    /* an account of that login exists and is not ours: conflict, never adopted silently */
	AU_EQUOTA = -6,    /* licence or active-account ceiling: the step waits */
	AU_ETEMP = -7,     /* network trouble, 5xx: retry with backoff */
	AU_EBUSY = -8,     /* throttled: retry after retry_after_s */
	AU_ENOSUP = -9,    /* the product cannot do that: the step fails */
	AU_EPROTO = -10,   /* the product answered something that cannot be read: retry with backoff, alarm */
	AU_EMANUAL = -11,  /* a person must do this: `order` says what, and the step is with a person until he has */
	AU_EBUG = -12,     /* plugin or host broke the contract: the step fails, alarm */
	AU_EUNKNOWN = -13, /* the change may or may not have happened: look it up before any second try */
	AU_EIO = -14,      /* disk or store trouble on our own side */
	AU_ELIMIT = -15,   /* input is beyond a configured limit */
};

#define AU_ERR_TEXT 512

struct au_err {
	int code;               /* enum au_code */
	int http_status;        /* 0 when not HTTP */
	unsigned retry_after_s; /* 0 when unknown */
	char text[AU_ERR_TEXT]; /* one line, object first, no secret, no final newline */
};

/* ---- options: one table gives parser, checks, sample file and manual page ---- */

enum au_opt_type {
	AU_STR = 1,
	AU_INT,
	AU_BOOL,
	AU_ENUM,
	AU_LIST,   /* list of strings */
	AU_TIME,   /* "15min", kept as milliseconds */
	AU_SIZE,   /* "20MiB", kept as bytes */
	AU_SECRET, /* where a secret lies ("credential:NAME" or "file:/path"); a plugin reads the secret itself */
};

#define AU_REQUIRED 0x1u /* must be given */
#define AU_RELOAD 0x2u   /* may change without restarting what uses it */
#define AU_OWN_LOGIN 0x4u /* AU_STR: the login that the plugin itself uses in the product; guards protect it */
#define AU_RENEW 0x8u /* AU_LIST: ids of accounts that reset_secret makes anew, as with AU_CAP_RENEWS, a few at a time */

struct au_opt {
	const char *name;
	enum au_opt_type type;
	unsigned flags;
	long long min, max;         /* AU_INT: value; AU_TIME: ms; AU_SIZE: bytes; AU_STR: length; AU_LIST: items; 0,0 = free */
	const char *const *choices; /* AU_ENUM, AU_LIST: allowed words, NULL-terminated; NULL = any */
	const char *dflt;           /* text form; NULL = none */
	const char *help;           /* one sentence, ends with a full stop */
};
#define AU_OPT_END { NULL, 0, 0, 0, 0, NULL, NULL, NULL }

struct au_values; /* read with the host's getters */

/* ---- what the product can do ------------------------------------------------ */

enum au_cap {
	AU_CAP_LIST = 1u << 0,         /* list: accounts can be enumerated */
	AU_CAP_SET_RIGHTS = 1u << 1,   /* set_rights: rights can be changed after create */
	AU_CAP_DISABLE = 1u << 2,      /* set_active */
	AU_CAP_DELETE = 1u << 3,       /* remove */
	AU_CAP_SET_PROFILE = 1u << 4,  /* set_profile: names and mail can be changed */
	AU_CAP_RESET_SECRET = 1u << 5, /* reset_secret */
	AU_CAP_SET_SECRET = 1u << 6,   /* we choose the secret (create, reset_secret) */
	AU_CAP_SHOWS_SECRET = 1u << 7, /* the product shows it once, in the answer of create or reset_secret */
	AU_CAP_MAILS_SECRET = 1u << 8, /* the product mails it to the account's address */
	AU_CAP_READ_RIGHTS = 1u << 9,  /* find, get, list report rights */
	AU_CAP_MARK = 1u << 10,        /* our ownership mark is stored in the product and reported back */
	AU_CAP_BORN_ALLOWED =
	    1u << 11, /* new accounts start with full rights: create inactive, set rights, then activate */
	/*
	 * No API: every change is a task for a person, and `order` writes it down.  The bits above say what a person
	 * can do there; the calls that go with them are NULL, find, get and create as well.  Not with AU_CAP_LIST,
	 * AU_CAP_MARK or AU_CAP_BORN_ALLOWED: the order of a create names every step until rights and status are as
	 * wanted, in the order that is safe.
	 */
	AU_CAP_MANUAL = 1u << 12,
	AU_CAP_POOLS = 1u << 13,    /* read_pools: what there is of pools, and how much is taken, can be read */
	AU_CAP_DISCREET = 1u << 14, /* the product shows API users to few people: ours are shown to operators only */
	AU_CAP_PROGRAMS = 1u << 15, /* of the plugin: it starts programs, which its worker else may not */
	/*
	 * create makes the account first and gives it its secret after: one that was cut off may have left it
	 * without.  With AU_CAP_RESET_SECRET, by which it gets one when it is found later.
	 */
	AU_CAP_LATE_SECRET = 1u << 16,
	/*
	 * The product replaces no credential: reset_secret makes a second account with the same rights in the place of the
	 * first one and emits it, with its own id.  The first one stays until people say that the new one is in use; then
	 * it is removed, by its id.
	 */
	AU_CAP_RENEWS = 1u << 17,
};

struct au_limits {
	int max_active;       /* -1 = none known */
	int max_accounts;     /* -1 = none known */
	int calls_per_minute; /* -1 = none known; the worker keeps to it */
};

/* One password policy both generates and validates. */
struct au_pwpolicy {
	int min_len, max_len; /* 0 = the product sets it, we never do */
	const char *alphabet; /* every allowed symbol once */
	unsigned need;        /* AU_PW_*: classes that must occur */
};
#define AU_PW_LOWER 0x1u
#define AU_PW_UPPER 0x2u
#define AU_PW_DIGIT 0x4u
#define AU_PW_SIGN 0x8u

/* ---- product rules as data --------------------------------------------------
 *
 * Checked three times by the daemon: when the configuration is loaded (rights),
 * when a plan is made, and right before the call.
 */
enum au_evidence { AU_DOCUMENTED = 'D', AU_OBSERVED = 'O', AU_INFERRED = 'I' };

enum au_rule_kind {
	AU_RULE_NOTE = 0, /* kept by the plugin's code; told to people */
	AU_RULE_REQUIRED, /* not empty */
	AU_RULE_LENGTH,   /* min..max characters (UTF-8 code points) */
	AU_RULE_COUNT,    /* min..max items of a list right */
	AU_RULE_CHARS,    /* only characters of `chars` */
	AU_RULE_CHOICE,   /* each value is one of `choices` */
	AU_RULE_MAIL,     /* local@domain */
	/*
	 * On accounts together, so the daemon alone keeps them: what would break one is held until people approve.  The
	 * field is a right; what counts are accounts that are active.
	 */
	AU_RULE_ADMIN, /* who has one of `choices` in the field, as list reports it, is an administrator: min of them stay */
	AU_RULE_EACH,  /* of each value in the field (an external application) min accounts stay */
};

struct au_product_rule {
	const char *id;   /* the rule's lasting name, as in "AA-R07" */
	const char *text; /* one sentence for people */
	enum au_evidence evidence;
	enum au_rule_kind kind;
	const char *field; /* "login", "mail", "label", "first_name", "last_name", "secret" or "rights.NAME"; NULL for notes */
	long long min, max;
	const char *chars;
	const char *const *choices;
};
#define AU_RULE_END { NULL, NULL, AU_INFERRED, AU_RULE_NOTE, NULL, 0, 0, NULL, NULL }

/* ---- pools as data ----------------------------------------------------------
 *
 * What accounts take up and a product has only so much of: active accounts, licences, seats.  The daemon keeps a
 * ledger of each; what does not fit waits.  max_active and max_accounts of au_limits give the pools "active" and
 * "accounts" unless a row has that name.
 */
#define AU_POOL_ACTIVE 0x1u /* only an active account takes: a disabled one gives back */
#define AU_POOL_BILLED 0x2u /* a limit is a commitment: the vendor bills what goes beyond and refuses nothing */

struct au_pool {
	const char *name; /* "slots", "seats:RUNTIME" */
	const char *text; /* one sentence for people */
	enum au_evidence evidence;
	unsigned flags; /* AU_POOL_* */
	/*
	 * Who takes: every account (field NULL), or one whose right "rights.NAME" is `value`, or has it among its
	 * values. With field and no value: as many as the number says, one for each value of a list, one for true.
	 */
	const char *field, *value;
	long long units; /* for each of these; 0: only what a template of the account says that it takes */
	long long limit; /* of the product, whichever instance; -1 = each instance has its own, or none */
};
#define AU_POOL_END                                                                                                    \
	{                                                                                                              \
		NULL, NULL, AU_INFERRED, 0, NULL, NULL, 0, 0                                                           \
	}

/* What the product says of a pool: limit and used count the same units, each is -1 when it does not say. */
struct au_pool_state {
	const char *name; /* of a row */
	long long limit;  /* that there are */
	long long used;   /* that are taken, by whomever: also by accounts that no list of this instance shows */
};

/* ---- data ------------------------------------------------------------------- */

struct au_target_account {
	const char *id;    /* the product's own key; NULL before create */
	const char *login; /* what the application logs in with */
	const char *label; /* display name */
	const char *first_name, *last_name;
	const char *mail;
	const char *mark;    /* our ownership mark (a UUID as text); NULL when the account bears none */
	int active;          /* 1, 0, or -1 unknown */
	const char *rights;  /* canonical JSON object, NULL when unreadable; never holds values that the product owns */
	const char *version; /* the product's version of the account, NULL when it has none */
	const char *secret;  /* in: what to set; out: only ever from create or reset_secret of a product that shows it */
};

/* Returns 0, or a negative code that the plugin must hand up unchanged at once. */
typedef int au_emit_account(void *ctx, const struct au_target_account *account);
typedef int au_emit_text(void *ctx, const char *text);
typedef int au_emit_pool(void *ctx, const struct au_pool_state *state); /* each pool once */

/* ---- work orders --------------------------------------------------------------
 *
 * What a person must do because no call can.  An order is data: the daemon keeps it, shows it and exports it; whoever
 * follows it to the letter ends with what was wanted.  It never holds a secret, and no control character but in the
 * value of a field, which is exact.
 */
#define AU_ORDER_TEXT_MAX 4096 /* bytes of each text */
#define AU_ORDER_LINES_MAX 64
#define AU_ORDER_FIELDS_MAX 64 /* of a line */

enum au_task_op {
	AU_TASK_CREATE = 1,  /* want: everything but a secret */
	AU_TASK_SET_RIGHTS,  /* want: rights */
	AU_TASK_SET_PROFILE, /* want: names, mail */
	AU_TASK_ENABLE,
	AU_TASK_DISABLE,
	AU_TASK_RESET_SECRET,
	AU_TASK_REMOVE,
};

struct au_task {
	enum au_task_op op;
	const struct au_target_account *is;   /* what is there as far as we know; NULL before a create */
	const struct au_target_account *want; /* what shall be there; members that do not change are NULL or -1 */
};

struct au_order_field {
	const char *label; /* the product's own word: "Display name" */
	const char *value; /* exactly what to enter or choose */
};
#define AU_ORDER_FIELD_END                                                                                             \
	{                                                                                                              \
		NULL, NULL                                                                                             \
	}

struct au_order_line {
	const char *where; /* the product's own menu path, "Utilities > API Users"; NULL = still at the same place */
	const char *what;  /* one instruction, a sentence */
	const struct au_order_field *fields; /* ends with a NULL label; NULL = none */
};
#define AU_ORDER_LINE_END                                                                                              \
	{                                                                                                              \
		NULL, NULL, NULL                                                                                       \
	}

enum au_order_secret {
	AU_ORDER_NO_SECRET = 0,
	AU_ORDER_SECRET_SHOWN, /* the product shows it once; who does the order types it when he says that it is done */
	AU_ORDER_SECRET_MAILED, /* the product mails it to secret_to; nobody types it */
	AU_ORDER_SECRET_TYPED,  /* it is ours: who does the order takes it from us and enters it there */
};

struct au_order {
	const char *title;                 /* "Create the API user 'crm'" */
	const char *warning;               /* a sentence on what goes wrong otherwise; NULL = nothing */
	const struct au_order_line *lines; /* ends with a NULL what; at least one */
	enum au_order_secret secret;
	const char *secret_label; /* the product's word for it, "Password"; NULL without a secret */
	const char *secret_to;    /* AU_ORDER_SECRET_MAILED: to whom; else NULL */
	/* What the product answers and only who does the order can see: label "id" or "login", value the product's
	 * word for it.  NULL = nothing. */
	const struct au_order_field *asks;
	const char *confirm; /* one sentence: how to see that it is done */
};
typedef int au_emit_order(void *ctx, const struct au_order *order);

/* ---- what the host lends the plugin ------------------------------------------ */

struct au_host {
	uint32_t size; /* sizeof(struct au_host) that the host was built with */
	/* priority as in syslog(3): 3 error, 4 warning, 6 info, 7 debug.  Never pass a secret. */
	void (*log)(int priority, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
	const char *(*str)(const struct au_values *v, const char *name);               /* text, secret or enum; NULL when unset */
	long long (*num)(const struct au_values *v, const char *name);                 /* int, bool, ms, bytes; 0 when unset */
	const char *(*item)(const struct au_values *v, const char *name, size_t index); /* list; NULL past the end */
	long long (*now_ms)(void);  /* wall clock; virtual in tests */
	long long (*mono_ms)(void); /* monotonic clock; virtual in tests */
};

struct au_session; /* the plugin's own */

/* ---- the table --------------------------------------------------------------- */

struct au_target {
	uint32_t abi;  /* AU_TARGET_ABI */
	uint32_t size; /* sizeof(struct au_target): later members are absent when smaller */
	const char *name;    /* "automation-anywhere" */
	const char *product; /* the product's own name, for people */
	const char *version; /* of the plugin */
	const char *summary; /* one sentence */

	unsigned caps; /* enum au_cap */
	struct au_limits limits;
	struct au_pwpolicy password;
	const struct au_opt *instance_opts; /* rows of `options` in a target's block */
	const struct au_opt *rights_opts;   /* rows of `rights` in a template's block */
	const struct au_product_rule *rules;

	/*
	 * Mandatory; find, get and create not with AU_CAP_MANUAL.
	 *
	 * open     reads options, makes the session; no network.  AU_EINVAL names the option.
	 * close    NULL is fine; logs out where the product counts sessions.
	 * probe    logs in, changes nothing.
	 * resolve  turns a template's rights (JSON object whose members are rights_opts rows) into the canonical
	 *          object that find, get and list report, names resolved to ids.  AU_EINVAL names what is unknown.
	 * find     emits the account of that login, or nothing.
	 * get      emits the account of that id, or AU_ENOENT.
	 * create   want->rights is canonical, want->secret is set when AU_CAP_SET_SECRET; emits what the product
	 *          now holds.  AU_EEXIST when the login is taken; AU_EUNKNOWN when no answer came back.
	 */
	int (*open)(const struct au_host *host, const struct au_values *opts, struct au_session **ret, struct au_err *err);
	void (*close)(struct au_session *s);
	int (*probe)(struct au_session *s, struct au_err *err);
	int (*resolve)(struct au_session *s, const char *rights, au_emit_text *emit, void *ctx, struct au_err *err);
	int (*find)(struct au_session *s, const char *login, au_emit_account *emit, void *ctx, struct au_err *err);
	int (*get)(struct au_session *s, const char *id, au_emit_account *emit, void *ctx, struct au_err *err);
	int (*create)(struct au_session *s, const struct au_target_account *want, au_emit_account *emit, void *ctx,
	    struct au_err *err);

	/*
	 * Optional: NULL unless the matching AU_CAP_ bit is set; the loader checks the pairing.
	 * Each changing call emits what the product holds afterwards (the read-back).
	 * `want->version`, when set, is what the decision was made on: AU_ETEMP when it moved.
	 */
	int (*list)(struct au_session *s, au_emit_account *emit, void *ctx, struct au_err *err);
	int (*set_rights)(struct au_session *s, const char *id, const struct au_target_account *want, au_emit_account *emit,
	    void *ctx, struct au_err *err);
	int (*set_active)(struct au_session *s, const char *id, bool active, au_emit_account *emit, void *ctx,
	    struct au_err *err);
	int (*set_profile)(struct au_session *s, const char *id, const struct au_target_account *want, au_emit_account *emit,
	    void *ctx, struct au_err *err);
	int (*reset_secret)(struct au_session *s, const char *id, const char *secret, au_emit_account *emit, void *ctx,
	    struct au_err *err);
	int (*remove)(struct au_session *s, const char *id, struct au_err *err);

	/* Appended; absent when `size` is smaller. */
	const struct au_pool *pools; /* NULL = none */
	/*
	 * Mandatory with AU_CAP_MANUAL, else NULL when no call ever answers AU_EMANUAL.  What a person must do in place
	 * of the call, or to finish it: the host asks right after a changing call answered AU_EMANUAL.  A create that
	 * made the account and needs a person for the rest emits the account first.  Emits exactly one order and makes
	 * it of the task alone, without network.
	 */
	int (*order)(
	    struct au_session *s, const struct au_task *task, au_emit_order *emit, void *ctx, struct au_err *err);
	/* With AU_CAP_POOLS; changes nothing.  A pool that is not emitted is not known, which is not zero. */
	int (*read_pools)(struct au_session *s, au_emit_pool *emit, void *ctx, struct au_err *err);
};

/* The plugin defines exactly this. */
extern const struct au_target apiuserd_target;

#endif
