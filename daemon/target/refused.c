/* SPDX-License-Identifier: ISC */
/* A job of the store may outlive whoever gave it: it then has no owner, and its outcome is dropped. */
#include "target/refused.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "store/refusal.h"
#include "target/opening.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static_assert(AU_REFUSAL_PRINT == 2 * AU_OPENING_PRINT + 1, "a digest in hexadecimal digits");

struct au_refused {
	struct au_store *store;
	char *target;
	void (*loaded)(void *ctx);
	void *ctx;
	struct au_refusal refusal;
	bool is_loaded;
	struct job *loading;
};

struct job {
	struct au_refused *owner; /* NULL once it is of no interest */
	char *target;
	struct au_refusal refusal;
};

static struct job *
new_job(const struct au_refused *refused)
{
	struct job *job = au_xcalloc(1, sizeof(*job));

	job->target = au_xstrdup(refused->target);
	return job;
}

static void
free_job(struct job *job)
{
	au_refusal_done(&job->refusal);
	free(job->target);
	free(job);
}

static int
load_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct job *job = arg;

	return au_store_refusal_get(tx, "target", job->target, &job->refusal, err);
}

/* What cannot be read is nothing that was refused: whoever cannot read its store ends anyhow. */
static void
on_loaded(void *arg, int rc, const struct au_err *err)
{
	struct job *job = arg;
	struct au_refused *refused = job->owner;

	(void)err;
	if (refused != NULL) {
		refused->loading = NULL;
		refused->is_loaded = true;
		if (rc == 0) {
			refused->refusal = job->refusal;
			job->refusal = (struct au_refusal){ 0 };
		}
		refused->loaded(refused->ctx);
	}
	free_job(job);
}

static int
save_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	const struct job *job = arg;

	return au_store_refusal_put(tx, "target", job->target, job->refusal.at_ms != 0 ? &job->refusal : NULL, err);
}

static void
on_saved(void *arg, int rc, const struct au_err *err)
{
	(void)rc;
	(void)err;
	free_job(arg);
}

static void
save(const struct au_refused *refused)
{
	if (refused->store == NULL)
		return;
	struct job *job = new_job(refused);
	job->refusal = refused->refusal;
	job->refusal.why = au_xstrdup(refused->refusal.why);
	au_store_write(refused->store, save_work, job, on_saved);
}

struct au_refused *
au_refused_new(struct au_store *store, const char *target, void (*loaded)(void *ctx), void *ctx)
{
	struct au_refused *refused = au_xcalloc(1, sizeof(*refused));

	*refused = (struct au_refused){
		.store = store, .target = au_xstrdup(target), .loaded = loaded, .ctx = ctx, .is_loaded = store == NULL
	};
	if (store != NULL) {
		/* Behind what an earlier one may still have to write. */
		refused->loading = new_job(refused);
		refused->loading->owner = refused;
		au_store_write(store, load_work, refused->loading, on_loaded);
	}
	return refused;
}

void
au_refused_free(struct au_refused *refused)
{
	if (refused == NULL)
		return;
	if (refused->loading != NULL)
		refused->loading->owner = NULL;
	au_refusal_done(&refused->refusal);
	free(refused->target);
	free(refused);
}

bool
au_refused_is_loaded(const struct au_refused *refused)
{
	return refused->is_loaded;
}

static void
write_print(char text[AU_REFUSAL_PRINT], const uint8_t *print)
{
	sodium_bin2hex(text, AU_REFUSAL_PRINT, print, AU_OPENING_PRINT);
}

const char *
au_refused_why(const struct au_refused *refused, const uint8_t *print)
{
	char text[AU_REFUSAL_PRINT];

	write_print(text, print);
	return au_refusal_holds(&refused->refusal, text, au_clock_wall_ms(), 0) ? refused->refusal.why : NULL;
}

void
au_refused_note(struct au_refused *refused, const uint8_t *print, const char *why)
{
	if (au_refused_why(refused, print) != NULL)
		return;
	au_refusal_done(&refused->refusal);
	write_print(refused->refusal.print, print);
	refused->refusal.at_ms = au_clock_wall_ms();
	refused->refusal.why = au_xstrdup(why);
	save(refused);
}

void
au_refused_forget(struct au_refused *refused)
{
	if (refused->refusal.at_ms == 0)
		return;
	au_refusal_done(&refused->refusal);
	save(refused);
}
