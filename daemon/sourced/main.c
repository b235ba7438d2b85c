/* SPDX-License-Identifier: ISC */
/*
 * apiuserd-source: one directory's connections, in a process of their own, as
 * what comes from a directory and the library that decodes it can neither be
 * trusted nor, always, waited for.  Started by apiuserd, never by hand.
 */
#include "base/log.h"
#include "base/rand.h"
#include "sourced/sourced.h"
#include "wire/child.h"
#include "wire/sandbox.h"

#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

int
main(int argc, char **argv)
{
	struct au_err err = { 0 };

	/* First of all: no ldap.conf, no ~/.ldaprc, no LDAP* variable may weaken what the configuration says. */
	setenv("LDAPNOINIT", "1", 1);
	(void)argv;
	if (argc > 1) {
		fputs("apiuserd-source is started by apiuserd\n", stderr);
		return EXIT_FAILURE;
	}
	au_child_enter();
	signal(SIGPIPE, SIG_IGN);
	au_rand_init();
	au_log_init("apiuserd-source");
	au_log_libevent();
	if (au_sandbox_enter(AU_SANDBOX_SOURCE, &err) != 0) {
		au_log(AU_LOG_ERROR, NULL, "%s", err.text);
		return EXIT_FAILURE;
	}

	/* Reading in gulps needs timers finer than epoll's milliseconds. */
	struct event_config *config = event_config_new();
	event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER);
	struct event_base *base = event_base_new_with_config(config);
	event_config_free(config);
	if (base == NULL) {
		au_log(AU_LOG_ERROR, NULL, "no event loop can be made");
		return EXIT_FAILURE;
	}
	int exit_code = au_sourced_run(base, AU_CHILD_FD);
	event_base_free(base);
	return exit_code;
}
