/* SPDX-License-Identifier: ISC */
/* clang-format off */
/*
 * Talks with the endpoint as text files: requests and what must come back.  A file NAME.talk is a list of lines; a line
 * that begins with a blank goes on with the line before it, # begins a comment line.
 *
 *	=== a group             a fresh store; what follows before the first == prepares it, and what it keeps lives on
 *	== 7644 3.3 | a check   where it comes from, and what must be; a test of its own
 *	profiles auto entra     right behind ===: the group is tried once with each of these profiles' clients
 *	settings                behind those: sections of the configuration, in the lines that go on with it
 *	as entra                who asks, until the end of the check ("okta" unless told; "nobody" = without a token)
 *	let urn urn:x:y         a text by a name, for ${urn} in later lines
 *	POST /Users?x=a b       a request; in the path blanks, quotes and the like are percent-encoded, % stays
 *	  {"userName": "x"}     its body
 *	> If-Match: W/"1"       a header of it; "> Content-Type: application/scim+json" is there unless another is given
 *	bytes {"x":"\xff"}      its body instead, with bytes as \xHH
 *	parallel 8              it is sent so many times at once, on a connection each
 *	each 201x1 409x7        how often each status came of those
 *	= 200 204               one of these statuses came
 *	  {"title": null}       and an answer that holds this: members of objects (null = absent), lists in full; where
 *	                        several statuses will do, only if it has a body
 *	lacks secret            the answer's body does not have this text
 *	keep id /id             remember a value by JSON pointer, or a header's (keep tag ETag), for ${id} in later lines
 *	~ /id ^[0-9]            a value by pointer or a header that must match this extended regular expression; !~ must not
 *	has /emails {"x": 1}    a list one element of which holds this; hasnt: none
 *	size /emails 2          length of a list
 *
 * ${7*text} is text seven times, and may be used anywhere, too; braces in it come in pairs.
 */
/* clang-format on */
#ifndef TESTS_SCIM_TALK_H
#define TESTS_SCIM_TALK_H

/* Run every file of a folder below tests/scim, each check as a test; fewer than least are a failure. For main(). */
int talk_main(const char *folder, unsigned least);

#endif
