/* SPDX-License-Identifier: ISC */
/* Secrets are not kept between starts: a changed file or credential counts from the next opening on. */
#include "target/opening.h"

#include "base/io.h"
#include "base/mem.h"
#include "base/rand.h"
#include "wire/plugin_path.h"
#include "target/target.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

struct au_opening {
	char *plugin;
	json_t *options;      /* secrets by place */
	json_t *secret_names; /* array of option names */
	json_t *own_rules;
	uint8_t key[AU_TARGET_KEY];
};

static_assert(AU_TARGET_KEY == crypto_generichash_KEYBYTES, "the key fits the hash");

int
au_opening_new(const char *plugin_dir, const struct au_target_block *block, const unsigned char *key,
    struct au_opening **ret, struct au_err *err)
{
	struct au_opening *opening;
	char *path;
	int r = au_plugin_path(plugin_dir, au_values_str(block->block.values, "plugin"), &path, err);

	if (r != 0)
		return r;
	opening = au_xcalloc(1, sizeof(*opening));
	opening->plugin = path;
	opening->options = block->options != NULL ? json_deep_copy(block->options) : json_object();
	opening->secret_names = json_array();
	opening->own_rules = block->own != NULL ? au_own_rules_to_json(block->own) : NULL;
	for (const struct au_opt *row = block->describe->instance_opts; row->name != NULL; row++) {
		if (row->type == AU_SECRET && json_object_get(opening->options, row->name) != NULL)
			json_array_append_new(opening->secret_names, json_string(row->name));
	}
	if (key != NULL)
		memcpy(opening->key, key, sizeof(opening->key));
	else
		au_rand_bytes(opening->key, sizeof(opening->key));
	*ret = opening;
	return 0;
}

void
au_opening_free(struct au_opening *opening)
{
	if (opening == NULL)
		return;
	json_decref(opening->options);
	json_decref(opening->secret_names);
	json_decref(opening->own_rules);
	free(opening->plugin);
	au_wipe(opening->key, sizeof(opening->key));
	free(opening);
}

/* What is no secret, with its final NUL, so that nothing can run into what follows. */
static void
digest_options(const struct au_opening *opening, crypto_generichash_state *state)
{
	AU_CLEANUP(au_freep) char *options = au_json_canonical(opening->options);

	crypto_generichash_update(state, (const uint8_t *)opening->plugin, strlen(opening->plugin) + 1);
	crypto_generichash_update(state, (const uint8_t *)options, strlen(options) + 1);
}

/* Read every secret; into takes them by value unless it is NULL. */
static int
read_secrets(const struct au_opening *opening, json_t *into, uint8_t *print, struct au_err *err)
{
	crypto_generichash_state state;
	json_t *name;
	size_t i;

	crypto_generichash_init(&state, opening->key, sizeof(opening->key), AU_OPENING_PRINT);
	digest_options(opening, &state);
	json_array_foreach (opening->secret_names, i, name) {
		const char *option = json_string_value(name);
		AU_CLEANUP(au_secret_freep) struct au_secret *secret = NULL;
		int r = au_io_secret(au_json_get_str(opening->options, option), &secret, err);

		if (r != 0)
			return au_err_prefix(err, r, "option '%s'", option);
		if (into != NULL)
			au_json_set_str(into, option, au_secret_text(secret));
		/* With its final NUL, so that two secrets cannot run into each other. */
		crypto_generichash_update(&state, (const uint8_t *)au_secret_text(secret), au_secret_len(secret) + 1);
	}
	crypto_generichash_final(&state, print, AU_OPENING_PRINT);
	return 0;
}

int
au_opening_print(const struct au_opening *opening, uint8_t *print, struct au_err *err)
{
	return read_secrets(opening, NULL, print, err);
}

int
au_opening_frame(const struct au_opening *opening, unsigned id, json_t **ret, uint8_t *print, struct au_err *err)
{
	json_t *options = json_deep_copy(opening->options);
	struct au_call call = { .id = id,
		.op = AU_CALL_OPEN,
		.plugin = opening->plugin,
		.options = options,
		.own_rules = opening->own_rules };
	int r = read_secrets(opening, options, print, err);

	if (r == 0)
		*ret = au_call_to_json(&call);
	au_json_wipe(options);
	json_decref(options);
	return r;
}
