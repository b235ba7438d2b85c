/* SPDX-License-Identifier: ISC */
/*
 * What apiuserd and apiuserd-source say to each other about one directory.
 *
 *   daemon -> source   start, ack, lookup, owner, reread, compare, resync, unseen; or try
 *   source -> daemon   batch, resolved, owned, fresh, canary, server, state, heartbeat; or tried
 *
 * A process that is told to try looks at the directory once, for people, reports and does nothing else.
 *
 * A search ("people" or "groups") is read by *readings*.  A reading begins, brings changes and ends; between readings a
 * search that the directory pushes brings changes as they happen.  Batches of one reading or of the pushed stream
 * arrive in the order in which they must be applied, and the cookie of one is kept when all that it holds is applied.
 * The changes themselves are records in the bodies of its frames (record.h).
 */
#ifndef WIRE_SOURCE_MSG_H
#define WIRE_SOURCE_MSG_H

#include "base/json.h"

#include <stdbool.h>

/* Frames aim at this size; a batch of several frames says `more` in all but the last. */
#define AU_SOURCE_FRAME (64u << 10)
#define AU_SOURCE_HEARTBEAT_MS 5000

enum au_search { AU_SEARCH_PEOPLE = 0, AU_SEARCH_GROUPS = 1 };
#define AU_SEARCHES 2
const char *au_search_name(enum au_search search);

enum au_source_msg {
	AU_MSG_NONE = 0, /* no such message */
	AU_MSG_START,
	AU_MSG_ACK,
	AU_MSG_LOOKUP,
	AU_MSG_REREAD,
	AU_MSG_COMPARE,
	AU_MSG_RESYNC,
	AU_MSG_UNSEEN,
	AU_MSG_BATCH,
	AU_MSG_RESOLVED,
	AU_MSG_SERVER,
	AU_MSG_STATE,
	AU_MSG_CANARY,
	AU_MSG_HEARTBEAT,
	AU_MSG_TRY,
	AU_MSG_TRIED,
	AU_MSG_OWNER,
	AU_MSG_OWNED,
	AU_MSG_FRESH,
};
enum au_source_msg au_source_msg_kind(const json_t *json);
/* A message without members: resync, heartbeat. */
json_t *au_source_msg_plain(enum au_source_msg kind);

enum au_reading {
	AU_READING_NONE = 0, /* pushed changes, no reading begins */
	AU_READING_RESUME,   /* from a cookie */
	AU_READING_WHOLE,    /* everything, as no cookie was sent */
	AU_READING_COMPARE,  /* everything, beside a stream of pushed changes */
};

enum au_reading_step {
	AU_STEP_NONE = 0,
	AU_STEP_BEGIN,
	AU_STEP_KEEP,  /* ended well; what was not seen stays */
	AU_STEP_SWEEP, /* ended well; what was not seen is gone */
	AU_STEP_VOID,  /* broken off: what was not seen is unknown */
};

struct au_source_batch {
	long long seq; /* rising; acknowledged when it is on disk */
	enum au_search search;
	bool more;    /* the next frame belongs to the same batch */
	bool compare; /* from the comparing reading, not from the pushed stream */
	enum au_reading_step step;
	enum au_reading reading; /* with AU_STEP_BEGIN */
	bool held;               /* with AU_STEP_BEGIN: whatever this reading would remove needs a person's word */
	long long ask, ask_most; /* not 0: a question, answered by that many ids at most (struct au_source_unseen) */
	const char *cookie;      /* NULL: the cookie stays as it is */
	const json_t *read;      /* a struct au_source_read: with each end of a reading, and of what was pushed before a
				    new one; else NULL */
};
/* The changes are the message's body (wire/record.h).  read is borrowed. */
json_t *au_source_batch_to_json(const struct au_source_batch *batch);
/* Text points into json.  AU_EPROTO. */
int au_source_batch_from_json(const json_t *json, struct au_source_batch *ret, struct au_err *err);

/*
 * Of the entries of a search that the daemon knows: those that the reading under way had not told of when it asked.
 */
struct au_source_unseen {
	enum au_search search;
	long long ask;     /* the question's number */
	const json_t *ids; /* array; as many as were asked for at most; borrowed */
	long long count;   /* of all */
};
json_t *au_source_unseen_to_json(const struct au_source_unseen *unseen);
int au_source_unseen_from_json(const json_t *json, struct au_source_unseen *ret, struct au_err *err);

/* A reference to a member that no known person has: what is there? */
struct au_source_lookup {
	long long id; /* the answer carries it back */
	const char *dn; /* or another reference (model/ref.h) */
};
json_t *au_source_lookup_to_json(const struct au_source_lookup *lookup);
int au_source_lookup_from_json(const json_t *json, struct au_source_lookup *ret, struct au_err *err);

enum au_lookup_verdict {
	AU_LOOKUP_FOUND = 1, /* a person or a group that our searches cover */
	AU_LOOKUP_ABSENT,    /* the directory has no such entry */
	AU_LOOKUP_OUTSIDE,   /* an entry, but none that our searches cover */
	AU_LOOKUP_UNKNOWN,   /* the directory would not say */
};
struct au_source_resolved {
	long long id;
	enum au_lookup_verdict verdict;
	const json_t *entry; /* FOUND; borrowed */
	const char *dn_norm; /* FOUND */
};
json_t *au_source_resolved_to_json(const struct au_source_resolved *resolved);
int au_source_resolved_from_json(const json_t *json, struct au_source_resolved *ret, struct au_err *err);

/* An owner that entries name by a normal DN: what is the entry of that DN called? */
json_t *au_source_owner_to_json(const char *dn_norm);
int au_source_owner_from_json(const json_t *json, const char **ret, struct au_err *err);
struct au_source_owned {
	const char *dn_norm;
	/* ABSENT: there is none, none that we may read, or nothing in it that is a name; UNKNOWN: nobody can say now. */
	enum au_lookup_verdict verdict;
	const char *name; /* FOUND */
};
json_t *au_source_owned_to_json(const struct au_source_owned *owned);
int au_source_owned_from_json(const json_t *json, struct au_source_owned *ret, struct au_err *err);

enum au_link_state {
	AU_LINK_OK = 1,     /* both searches are read and followed */
	AU_LINK_STALE,      /* the directory cannot be reached, or broke off */
	AU_LINK_QUARANTINE, /* the directory refuses us: an administrator has to act */
};
struct au_source_link {
	enum au_link_state state;
	const char *text;   /* why; NULL when fine */
	long long retry_in; /* ms until the next try */
	bool alarm;         /* somebody is to be called */
	bool refused;       /* the log-in, and we do not try again by ourselves */
};
json_t *au_source_link_to_json(const struct au_source_link *link);
int au_source_link_from_json(const json_t *json, struct au_source_link *ret, struct au_err *err);

/* An entry that must always be visible was looked for and is not seen any more. */
struct au_source_canary {
	enum au_search search;
	const char *dn;
};
json_t *au_source_canary_to_json(const struct au_source_canary *canary);
int au_source_canary_from_json(const json_t *json, struct au_source_canary *ret, struct au_err *err);

#define AU_COVER_NONE "clear text" /* everybody on the way can read and change it */

/* With which server a session is, and how its changes are heard of. */
struct au_source_server {
	const char *url;
	const char *vendor;  /* as the option `vendor` has it; "scim": a service */
	const char *product; /* what it calls itself; may be empty */
	const char *cover;   /* "TLSv1.3" or "TLS", or AU_COVER_NONE */
	const char *way;
	const char *log; /* what is to be said of its log of changes (slapo-accesslog(5)); NULL: nothing */
	const json_t *effective; /* object: options that decide what is read, and their values in effect; may be NULL */
};
json_t *au_source_server_to_json(const struct au_source_server *server);
int au_source_server_from_json(const json_t *json, struct au_source_server *ret, struct au_err *err);

/*
 * Read a group or a person again and report it as if it had changed: overlays that tidy up after a person's removal
 * rewrite groups without telling anybody (slapo-refint(5)), and somebody may not want to wait until a change is heard
 * of.
 */
struct au_source_reread {
	enum au_search search; /* that it is an entry of */
	const char *id, *dn;   /* dn: NULL for a SCIM service */
	bool is_late; /* not before `confirm_after`: whoever names the group's members may take his time */
	long long ask; /* not 0: at once, and a struct au_source_fresh with this number follows what was read */
};
json_t *au_source_reread_to_json(const struct au_source_reread *reread);
int au_source_reread_from_json(const json_t *json, struct au_source_reread *ret, struct au_err *err);

/* What came of a reread that was asked for; the batch with what was read was sent before. */
struct au_source_fresh {
	long long ask;
	enum au_lookup_verdict verdict; /* ABSENT: none that our searches cover, which takes nothing away */
};
json_t *au_source_fresh_to_json(const struct au_source_fresh *fresh);
int au_source_fresh_from_json(const json_t *json, struct au_source_fresh *ret, struct au_err *err);

json_t *au_source_ack_to_json(long long seq);
int au_source_ack_from_json(const json_t *json, long long *ret_seq, struct au_err *err);
json_t *au_source_compare_to_json(enum au_search search);
int au_source_compare_from_json(const json_t *json, enum au_search *ret, struct au_err *err);

#endif
