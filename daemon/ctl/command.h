/* SPDX-License-Identifier: ISC */
/* The commands, by the file they are in. */
#ifndef CTL_COMMAND_H
#define CTL_COMMAND_H

#include "ctl/client.h"
#include "ctl/ctl.h"

/* cmd_status.c */
extern const struct au_command au_command_status;
/* cmd_user.c */
extern const struct au_command au_command_users, au_command_show, au_command_explain, au_command_expire;
/* cmd_plan.c */
extern const struct au_command au_command_plan, au_command_apply;
/* cmd_source.c */
extern const struct au_command au_command_sources, au_command_source_show, au_command_source_resync,
    au_command_source_pause, au_command_source_resume;
/* cmd_capacity.c */
extern const struct au_command au_command_capacity;
/* cmd_target.c */
extern const struct au_command au_command_targets, au_command_pause, au_command_resume, au_command_quarantine,
    au_command_quarantine_release;
/* cmd_source_test.c */
extern const struct au_command au_command_source_test;
/* cmd_step.c */
extern const struct au_command au_command_steps, au_command_held, au_command_approve, au_command_reject,
    au_command_reopen;
/* cmd_drift.c */
extern const struct au_command au_command_drift, au_command_conflicts, au_command_confirm, au_command_ignore,
    au_command_unignore;
/* cmd_adopt.c */
extern const struct au_command au_command_adopt;
/* cmd_custody.c */
extern const struct au_command au_command_custody, au_command_custody_confirm, au_command_rotate;
/* cmd_protect.c */
extern const struct au_command au_command_protected, au_command_protect, au_command_unprotect;
/* cmd_run.c */
extern const struct au_command au_command_run;
/* cmd_client.c */
extern const struct au_command au_command_client_list, au_command_client_show, au_command_client_add, au_command_client_revoke;
/* cmd_secret.c */
extern const struct au_command au_command_secret_take;
/* cmd_template.c */
extern const struct au_command au_command_template_check, au_command_template_show, au_command_template_diff;
/* cmd_import.c */
extern const struct au_command au_command_import;
/* cmd_work.c */
extern const struct au_command au_command_work_list, au_command_work_show, au_command_work_claim,
    au_command_work_release, au_command_work_complete, au_command_work_fail, au_command_work_cancel,
    au_command_work_secret, au_command_webhook_retry;
/* cmd_audit.c */
extern const struct au_command au_command_audit_list, au_command_audit_show, au_command_audit_verify,
    au_command_audit_export;

#endif
