/* SPDX-License-Identifier: ISC */
/* Pins have one form: what is nearly that is refused, so that nobody believes in a pin that cannot match. */
#include "tests/unit.h"

#include "base/mem.h"
#include "model/pin.h"

#include <string.h>

#define GOOD "sha256//dYHznvzTVBarmeSls2k6CYVkbA5bvtJRhu/n+W+miR8="

static const char *const bad[] = {
	"", "sha256//",
	"dYHznvzTVBarmeSls2k6CYVkbA5bvtJRhu/n+W+miR8=", "sha1//dYHznvzTVBarmeSls2k6CYVkbA5bvtJRhu/n+W+miR8=",
	"SHA256//dYHznvzTVBarmeSls2k6CYVkbA5bvtJRhu/n+W+miR8=", "sha256/dYHznvzTVBarmeSls2k6CYVkbA5bvtJRhu/n+W+miR8=",
	"sha256//dYHznvzTVBarmeSls2k6CYVkbA5bvtJRhu/n+W+miR8",   /* no padding */
	"sha256//dYHznvzTVBarmeSls2k6CYVkbA5bvtJRhu_n-W-miR8=",  /* base64url */
	"sha256//dYHznvzTVBarmeSls2k6CYVkbA5bvtJRhu/n+W+miR8= ", /* a blank behind it */
	"sha256//dYHznvzTVBarmeSls2k6CYVkbA5bvtJRhu/n+W+mi",     /* 31 bytes */
	"sha256//dYHznvzTVBarmeSls2k6CYVkbA5bvtJRhu/n+W+miR8A",  /* 33 bytes */
};

static void
one_form_comes_back_as_it_was(void **state)
{
	unsigned char pin[AU_PIN_SIZE];
	char text[AU_PIN_TEXT];

	(void)state;
	assert_int_equal(au_pin_parse(GOOD, pin, NULL), 0);
	assert_int_equal(pin[0], 0x75);
	assert_string_equal(au_pin_print(pin, text), GOOD);
}

static void
others_are_refused_and_leave_the_output_alone(void **state)
{
	unsigned char pin[AU_PIN_SIZE], before[AU_PIN_SIZE];

	(void)state;
	memset(pin, 7, sizeof(pin));
	memcpy(before, pin, sizeof(pin));
	for (size_t i = 0; i < AU_COUNT(bad); i++) {
		if (au_pin_parse(bad[i], pin, NULL) != AU_EINVAL)
			fail_msg("%s", bad[i]);
		assert_memory_equal(pin, before, sizeof(pin));
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_form_comes_back_as_it_was),
		cmocka_unit_test(others_are_refused_and_leave_the_output_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
