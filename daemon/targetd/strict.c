/* SPDX-License-Identifier: ISC */
/*
 * Every text that is lent lies at the end of pages of its own.  They are made
 * unreadable, and not given back, when the call is over: nothing else can come
 * to lie there, so that each later look is seen.
 */
#include "targetd/strict.h"

#include "base/mem.h"
#include "targetd/traces.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MOST_LENT 4096
#define TEXT_MAX 512

struct lent {
	char *pages;
	size_t size; /* that can be read; one page more lies behind them */
	const char *what;
	bool is_open; /* its call runs */
};

struct au_strict {
	struct au_host host;
	const struct au_host *inner;
	struct lent lent[MOST_LENT]; /* a ring: the oldest are given back */
	size_t first_open, next;     /* those of the call that runs: [first_open, next) */
	struct au_traces *traces;
	json_t *findings;
};

/* The host's functions and the handler of signals have no context. */
static struct au_strict *current;

static const struct {
	const char *name;
	size_t offset;
} texts[] = {
	{ "id", offsetof(struct au_call, account.id) },
	{ "login", offsetof(struct au_call, account.login) },
	{ "label", offsetof(struct au_call, account.label) },
	{ "first_name", offsetof(struct au_call, account.first_name) },
	{ "last_name", offsetof(struct au_call, account.last_name) },
	{ "mail", offsetof(struct au_call, account.mail) },
	{ "mark", offsetof(struct au_call, account.mark) },
	{ "rights", offsetof(struct au_call, account.rights) },
	{ "version", offsetof(struct au_call, account.version) },
	{ "secret", offsetof(struct au_call, account.secret) },
	{ "id", offsetof(struct au_call, known.id) },
	{ "login", offsetof(struct au_call, known.login) },
	{ "label", offsetof(struct au_call, known.label) },
	{ "first_name", offsetof(struct au_call, known.first_name) },
	{ "last_name", offsetof(struct au_call, known.last_name) },
	{ "mail", offsetof(struct au_call, known.mail) },
	{ "mark", offsetof(struct au_call, known.mark) },
	{ "rights", offsetof(struct au_call, known.rights) },
	{ "version", offsetof(struct au_call, known.version) },
	{ "rights", offsetof(struct au_call, rights_in) },
};

void
au_strict_find(struct au_strict *strict, const char *fmt, ...)
{
	char text[TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (strict->findings == NULL)
		strict->findings = json_array();
	json_array_append_new(strict->findings, json_string(text));
}

json_t *
au_strict_take(struct au_strict *strict)
{
	json_t *findings = strict->findings;

	strict->findings = NULL;
	return findings;
}

/* ---- what is lent ------------------------------------------------------------- */

static size_t
page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

static const char *
lend(struct au_strict *strict, const char *what, const char *text)
{
	struct lent *lent = &strict->lent[strict->next % MOST_LENT];
	size_t page = page_size(), len = text != NULL ? strlen(text) + 1 : 0, size = (len + page - 1) / page * page;
	char *pages;

	if (text == NULL)
		return NULL;
	if (lent->pages != NULL)
		munmap(lent->pages, lent->size + page);
	pages = mmap(NULL, size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (pages == MAP_FAILED)
		abort();
	memcpy(pages + size - len, text, len);
	mprotect(pages, size, PROT_READ);
	mprotect(pages + size, page, PROT_NONE);
	*lent = (struct lent){ .pages = pages, .size = size, .what = what, .is_open = true };
	strict->next++;
	return pages + size - len;
}

static void
take_back(struct au_strict *strict)
{
	for (; strict->first_open < strict->next; strict->first_open++) {
		struct lent *lent = &strict->lent[strict->first_open % MOST_LENT];

		mprotect(lent->pages, lent->size, PROT_READ | PROT_WRITE);
		explicit_bzero(lent->pages, lent->size);
		mprotect(lent->pages, lent->size, PROT_NONE);
		lent->is_open = false;
	}
}

/* ---- whoever touches what it must not ------------------------------------------- */

static void
say(const char *text)
{
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		return;
}

/* Only what a handler of signals may do: no allocation, no stream. */
static void
on_fault(int signal, siginfo_t *info, void *context)
{
	const char *at = info->si_addr;

	(void)context;
	for (size_t i = 0; i < MOST_LENT; i++) {
		const struct lent *lent = &current->lent[i];

		if (lent->pages == NULL || at < lent->pages || at >= lent->pages + lent->size + page_size())
			continue;
		say("plugin used '");
		say(lent->what);
		if (at >= lent->pages + lent->size)
			say("' beyond its end\n");
		else
			say(lent->is_open ? "', which it was lent, to write into it\n"
					  : "', which it was lent, after its call\n");
	}
	sigaction(signal, &(struct sigaction){ .sa_handler = SIG_DFL }, NULL);
}

/* ---- the host ------------------------------------------------------------------- */

static const char *
lend_str(const struct au_values *values, const char *name)
{
	return lend(current, name, current->inner->str(values, name));
}

static const char *
lend_item(const struct au_values *values, const char *name, size_t index)
{
	return lend(current, name, current->inner->item(values, name, index));
}

const struct au_host *
au_strict_host(struct au_strict *strict, const struct au_host *host, bool keeps_programs)
{
	au_traces_keep_programs(strict->traces, keeps_programs);
	strict->inner = host;
	strict->host = *host;
	strict->host.str = lend_str;
	strict->host.item = lend_item;
	return &strict->host;
}

/* ---- around a call --------------------------------------------------------------- */

struct au_strict *
au_strict_new(void)
{
	struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };

	current = au_xcalloc(1, sizeof(*current));
	current->traces = au_traces_new();
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
	return current;
}

void
au_strict_free(struct au_strict *strict)
{
	if (strict == NULL)
		return;
	for (size_t i = 0; i < MOST_LENT; i++)
		if (strict->lent[i].pages != NULL)
			munmap(strict->lent[i].pages, strict->lent[i].size + page_size());
	sigaction(SIGSEGV, &(struct sigaction){ .sa_handler = SIG_DFL }, NULL);
	sigaction(SIGBUS, &(struct sigaction){ .sa_handler = SIG_DFL }, NULL);
	au_traces_free(strict->traces);
	json_decref(strict->findings);
	current = NULL;
	free(strict);
}

void
au_strict_before(struct au_strict *strict, const struct au_call *call, struct au_call *ret)
{
	*ret = *call;
	for (size_t i = 0; i < AU_COUNT(texts); i++) {
		const char *text;

		memcpy(&text, (char *)ret + texts[i].offset, sizeof(text));
		text = lend(strict, texts[i].name, text);
		memcpy((char *)ret + texts[i].offset, &text, sizeof(text));
	}
	au_traces_before(strict->traces);
}

void
au_strict_after(struct au_strict *strict, enum au_call_op op, size_t kept)
{
	char text[TEXT_MAX];

	if (au_traces_after(strict->traces, op, kept, text, sizeof(text)))
		au_strict_find(strict, "call '%s' %s", au_call_op_name(op), text);
	take_back(strict);
}

void
au_strict_closed(struct au_strict *strict)
{
	if (au_traces_closed(strict->traces))
		au_strict_find(strict, "each session leaves descriptors open after 'close'");
}
