/* SPDX-License-Identifier: ISC */
/* What an answer over HTTP means to us, sorted as directories' answers are. */
#ifndef SOURCED_WEB_FAULT_H
#define SOURCED_WEB_FAULT_H

#include "base/json.h"
#include "base/str.h"
#include "sourced/fault.h"
#include "sourced/web.h"

/* The text names what we were doing, the status, and the service's `detail` (RFC 7644 section 3.12).  Returns fault. */
struct au_fault *au_fault_from_web(struct au_fault *fault, const char *doing, const struct au_web_answer *answer);

/*
 * ": " and what a member of an answer's JSON tells people, made safe to print; nothing when it is empty, or repeats
 * what the request proved itself by.
 */
void au_web_put_said(struct au_str *out, const struct au_web_answer *answer, const json_t *json, const char *member);

/* The JSON of an answer with status 200.  False, and fault is filled: any other answer.  Caller owns *ret. */
bool au_web_json(const char *doing, const struct au_web_answer *answer, json_t **ret, struct au_fault *fault);

#endif
