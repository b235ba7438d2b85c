/* SPDX-License-Identifier: ISC */
/* Configuration files: what is accepted holds together, what is refused says where. */
#include "tests/fuzz/fuzz.h"

#include "scim/catalog.h"
#include "scim/openapi.h"
#include "tests/settings/fake.c" /* here as a whole, because every target is one source file */

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* libconfig 1.5 loses a few bytes of text that it gave up on. */
const char *__lsan_default_suppressions(void);
const char *
__lsan_default_suppressions(void)
{
	return "leak:libconfig.so";
}

static void
check_accepted(const struct au_settings *settings)
{
	for (size_t i = 0; i < settings->template_count; i++)
		HOLDS(au_settings_target(settings, settings->templates[i].target) != NULL);
	for (size_t i = 0; i < settings->rule_count; i++) {
		const struct au_rule *rule = &settings->rules[i];
		HOLDS(au_settings_template(settings, rule->template) != NULL);
		HOLDS(au_settings_source(settings, rule->source) || au_settings_client(settings, rule->source));
		HOLDS(rule->group_norm != NULL || strcmp(rule->group, "*") == 0);
	}
}

/* Schemas that pass become a catalog with whole descriptions, or are told of with file and line. */
static void
check_catalog(const struct au_settings *settings)
{
	struct au_catalog *catalog = NULL;
	struct au_err err = { 0 };
	json_t *description;

	if (au_catalog_new(settings, &catalog, &err) != 0) {
		HOLDS(catalog == NULL && strncmp(err.text, settings->file, strlen(settings->file)) == 0);
		return;
	}
	description = au_openapi(catalog);
	HOLDS(json_is_object(description));
	json_decref(description);
	au_catalog_free(catalog);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct au_settings *settings = NULL;
	struct au_err err = { 0 };
	char path[64];
	int fd;

	if (memmem(data, size, "@include", strlen("@include"))) /* would read whatever it names */
		return 0;
	fd = memfd_create("settings", MFD_CLOEXEC);
	HOLDS(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	if (au_settings_read(path, fake_describe, NULL, &settings, &err) == 0) {
		check_accepted(settings);
		check_catalog(settings);
	} else
		HOLDS(settings == NULL && strncmp(err.text, path, strlen(path)) == 0 && err.text[strlen(path)] == ':');
	au_settings_free(settings);
	close(fd);
	return 0;
}
