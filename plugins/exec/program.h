/* SPDX-License-Identifier: ISC */
/* The process: started without a shell, spoken to in lines, ended when it is late or speaks nonsense. */
#ifndef EXEC_PROGRAM_H
#define EXEC_PROGRAM_H

#include "exec/session.h"

/* Start it unless it runs.  AU_ETEMP. */
int program_start(struct au_session *s, struct au_err *err);
/* Close its input and, unless it shall go at once, give it a moment; kill it and what it started.  Fine when none runs.
 */
void program_end(struct au_session *s, bool at_once);
/* Send one object as a line; its texts are wiped (the reference is taken).  AU_ETEMP. */
int program_tell(struct au_session *s, json_t *message, struct au_err *err);
/*
 * The next line, an object that the caller owns.  What comes on standard error meanwhile goes to the log.
 * AU_ETEMP: it ended, or said nothing for too long; AU_EPROTO: no JSON object, or a line beyond the limit.  It does not
 * run any more then.
 */
int program_hear(struct au_session *s, json_t **ret, struct au_err *err);

#endif
