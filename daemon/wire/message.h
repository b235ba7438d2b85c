/* SPDX-License-Identifier: ISC */
/*
 * One JSON message as the bytes of a frame, and back.  Used by both kinds of channel.  Behind the JSON a frame may have
 * a body: a zero byte, which no JSON text holds, and then any bytes.
 */
#ifndef WIRE_MESSAGE_H
#define WIRE_MESSAGE_H

#include "base/buf.h"
#include "base/json.h"

/* Append the frame of message to out, up to its body of body_len bytes, which is to follow; 0 = none.  AU_ELIMIT beyond
 * AU_FRAME_MAX, out is then as before. */
int au_message_put(struct au_buf *out, const json_t *message, size_t body_len, struct au_err *err);
/* Read a payload: AU_EPROTO when it is no JSON object.  Caller owns the result.  The body points into the payload; with
 * ret_body NULL none may be there. */
int au_message_parse(
    const char *payload, size_t len, json_t **ret, const char **ret_body, size_t *ret_body_len, struct au_err *err);
/* Let a message go; its texts are wiped first when they end with it. */
void au_message_free(json_t *message);

#endif
