/* SPDX-License-Identifier: ISC */
/* Passwords.  One reading of the policy serves making them, checking them and telling their strength. */
#include "model/password.h"

#include "base/mem.h"
#include "base/rand.h"
#include "base/text.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define CLASSES 4
#define DRAWS_MAX 1000 /* a name in a drawn password is a rare chance */

static const struct {
	unsigned bit;
	const char *name;
} classes[CLASSES] = {
	{ AU_PW_LOWER, "a small letter" },
	{ AU_PW_UPPER, "a capital letter" },
	{ AU_PW_DIGIT, "a digit" },
	{ AU_PW_SIGN, "a sign" },
};

static unsigned
class_of(char c)
{
	if (c >= 'a' && c <= 'z')
		return AU_PW_LOWER;
	if (c >= 'A' && c <= 'Z')
		return AU_PW_UPPER;
	if (c >= '0' && c <= '9')
		return AU_PW_DIGIT;
	return AU_PW_SIGN;
}

static unsigned
classes_in(const char *text, size_t len)
{
	unsigned found = 0;

	for (size_t i = 0; i < len; i++)
		found |= class_of(text[i]);
	return found;
}

/* Symbols are ASCII, so that one byte is one symbol. */
int
au_password_policy_check(const struct au_pwpolicy *policy, struct au_err *err)
{
	if (policy->max_len <= 0)
		return au_fail(err, AU_EINVAL, "password: the product makes its own");
	if (policy->alphabet == NULL || *policy->alphabet == '\0')
		return au_fail(err, AU_EINVAL, "password policy: expected an alphabet");
	for (const char *p = policy->alphabet; *p != '\0'; p++)
		if (*p < ' ' || *p > '~' || strchr(p + 1, *p) != NULL)
			return au_fail(
			    err, AU_EINVAL, "password policy: expected an alphabet of different ASCII characters");
	unsigned there = classes_in(policy->alphabet, strlen(policy->alphabet));
	if ((policy->need & ~there) != 0)
		return au_fail(err, AU_EINVAL, "password policy: the alphabet lacks a class that is needed");
	if (policy->max_len < policy->min_len || policy->max_len < __builtin_popcount(policy->need))
		return au_fail(err, AU_EINVAL, "password policy: no length satisfies it");
	return 0;
}

void
au_password_draw(const struct au_pwpolicy *policy, char *text)
{
	size_t len = (size_t)policy->max_len;
	uint32_t symbols = (uint32_t)strlen(policy->alphabet);

	do {
		for (size_t i = 0; i < len; i++)
			text[i] = policy->alphabet[au_rand_below(symbols)];
	} while ((classes_in(text, len) & policy->need) != policy->need);
}

int
au_password_generate(const struct au_pwpolicy *policy, struct au_secret **ret, struct au_err *err)
{
	int code = au_password_policy_check(policy, err);

	if (code != 0)
		return code;
	size_t len = (size_t)policy->max_len;
	char *text = au_xmalloc(len);
	au_password_draw(policy, text);
	*ret = au_secret_new(text, len);
	au_wipe(text, len);
	free(text);
	return 0;
}

static bool
holds_any(const char *text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (words[i] != NULL && strlen(words[i]) > 1 && strcasestr(text, words[i]) != NULL)
			return true;
	return false;
}

int
au_password_generate_without(const struct au_pwpolicy *policy, const char *const *words, size_t count,
    struct au_secret **ret, struct au_err *err)
{
	for (int draw = 0; draw < DRAWS_MAX; draw++) {
		struct au_secret *secret = NULL;
		int code = au_password_generate(policy, &secret, err);

		if (code != 0)
			return code;
		if (!holds_any(au_secret_text(secret), words, count)) {
			*ret = secret;
			return 0;
		}
		au_secret_free(secret);
	}
	return au_fail(err, AU_EINVAL, "password: the policy leaves none without the account's own names in it");
}

int
au_password_check(const struct au_pwpolicy *policy, const char *text, struct au_err *err)
{
	if (policy->max_len <= 0)
		return au_fail(err, AU_EINVAL, "password: the product makes its own");
	size_t len = au_text_length(text);
	if (len < (size_t)policy->min_len || len > (size_t)policy->max_len)
		return au_fail(
		    err, AU_EINVAL, "password: expected %d to %d characters", policy->min_len, policy->max_len);
	if (policy->alphabet != NULL && text[au_text_span(text, policy->alphabet)] != '\0')
		return au_fail(err, AU_EINVAL, "password: expected only characters of %s", policy->alphabet);
	unsigned missing = policy->need & ~classes_in(text, strlen(text));
	for (size_t i = 0; i < CLASSES; i++)
		if (missing & classes[i].bit)
			return au_fail(err, AU_EINVAL, "password: expected %s in it", classes[i].name);
	return 0;
}

/*
 * The logarithm of how many passwords there are: all words of the alphabet, less those that lack a needed class, by
 * inclusion and exclusion over the sets of classes that are lacking.
 */
double
au_password_bits(const struct au_pwpolicy *policy)
{
	double symbols, of_class[CLASSES] = { 0 }, share = 0;

	if (au_password_policy_check(policy, NULL) != 0)
		return 0;
	symbols = (double)strlen(policy->alphabet);
	for (const char *p = policy->alphabet; *p != '\0'; p++)
		for (size_t i = 0; i < CLASSES; i++)
			of_class[i] += class_of(*p) == classes[i].bit;
	for (unsigned lacking = 0; lacking < 1u << CLASSES; lacking++) {
		double left = symbols;
		if ((lacking & ~policy->need) != 0)
			continue;
		for (size_t i = 0; i < CLASSES; i++)
			left -= lacking & classes[i].bit ? of_class[i] : 0;
		double words = pow(left / symbols, policy->max_len);
		share += __builtin_popcount(lacking) % 2 == 0 ? words : -words;
	}
	return policy->max_len * log2(symbols) + log2(share);
}
