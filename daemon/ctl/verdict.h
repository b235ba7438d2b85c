/* SPDX-License-Identifier: ISC */
/* What answers of the daemon mean for the exit code.  Pure. */
#ifndef CTL_VERDICT_H
#define CTL_VERDICT_H

#include "ctl/ctl.h"

enum au_exit au_verdict_status(const json_t *status);
enum au_exit au_verdict_source(const json_t *source);
enum au_exit au_verdict_trial(const json_t *report);
enum au_exit au_verdict_plan(const json_t *plan);
enum au_exit au_verdict_template(const json_t *difference); /* as of the plan that comes with it */
enum au_exit au_verdict_template_check(const json_t *verdicts); /* an error: one of them is wrong */
enum au_exit au_verdict_run(const json_t *summary);
enum au_exit au_verdict_applied(const json_t *result); /* of a saved plan */
enum au_exit au_verdict_held(const json_t *steps);
enum au_exit au_verdict_decision(const json_t *decision);
enum au_exit au_verdict_capacity(const json_t *capacity); /* pending: somebody waits, or what is asked would not fit */
enum au_exit au_verdict_drift(const json_t *drift);
enum au_exit au_verdict_conflicts(const json_t *conflicts);
enum au_exit au_verdict_audit(const json_t *audit);

#endif
