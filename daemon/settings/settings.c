/* SPDX-License-Identifier: ISC */
/* A settings object and everything in it lives in its arena; blocks are few, so looking one up walks them. */
#include "settings/settings.h"

struct au_settings *
au_settings_hold(struct au_settings *settings)
{
	settings->references++;
	return settings;
}

void
au_settings_free(struct au_settings *settings)
{
	if (settings && --settings->references == 0)
		au_arena_free(settings->arena);
}

static const struct au_block *
find_block(const struct au_block *blocks, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (au_streq(blocks[i].name, name))
			return &blocks[i];
	return NULL;
}

const struct au_block *
au_settings_source(const struct au_settings *settings, const char *name)
{
	return find_block(settings->sources, settings->source_count, name);
}

const struct au_block *
au_settings_issuer(const struct au_settings *settings, const char *name)
{
	return find_block(settings->issuers, settings->issuer_count, name);
}

const struct au_block *
au_settings_client(const struct au_settings *settings, const char *name)
{
	return find_block(settings->clients, settings->client_count, name);
}

const struct au_target_block *
au_settings_target(const struct au_settings *settings, const char *name)
{
	for (size_t i = 0; i < settings->target_count; i++)
		if (au_streq(settings->targets[i].block.name, name))
			return &settings->targets[i];
	return NULL;
}

const struct au_template *
au_settings_template(const struct au_settings *settings, const char *name)
{
	for (size_t i = 0; i < settings->template_count; i++)
		if (au_streq(settings->templates[i].name, name))
			return &settings->templates[i];
	return NULL;
}
