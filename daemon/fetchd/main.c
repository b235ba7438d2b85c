/* SPDX-License-Identifier: ISC */
/*
 * apiuserd-fetch: fetches the keys of issuers over https, in a process of its own, as looking up names and shaking
 * hands with servers of others can neither be trusted nor, always, waited for.  Started by apiuserd, never by hand.
 */
#include "base/log.h"
#include "base/rand.h"
#include "fetchd/fetch.h"
#include "wire/child.h"
#include "wire/sandbox.h"

#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

int
main(int argc, char **argv)
{
	struct au_err err = { 0 };
	int exit_code;

	(void)argv;
	if (argc > 1) {
		fputs("apiuserd-fetch is started by apiuserd\n", stderr);
		return EXIT_FAILURE;
	}
	au_child_enter();
	signal(SIGPIPE, SIG_IGN);
	au_rand_init();
	au_log_init("apiuserd-fetch");
	if (au_sandbox_enter(AU_SANDBOX_FETCH, &err) != 0) {
		au_log(AU_LOG_ERROR, NULL, "%s", err.text);
		return EXIT_FAILURE;
	}
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
		return EXIT_FAILURE;
	exit_code = au_fetch_serve(AU_CHILD_FD);
	curl_global_cleanup();
	return exit_code;
}
