/* SPDX-License-Identifier: ISC */
/*
 * Peers whose TLS handshakes fail.  A handshake is the dearest thing that a
 * stranger can ask for, so who fails in too many is not given another one for
 * a while.
 */
#ifndef HTTP_HANDSHAKES_H
#define HTTP_HANDSHAKES_H

#include <stdbool.h>
#include <stdint.h>

#define AU_HTTP_HANDSHAKE_PAUSE_MS 10000

struct au_http_handshakes;

struct au_http_handshakes *au_http_handshakes_new(void);
void au_http_handshakes_free(struct au_http_handshakes *handshakes); /* NULL is fine */
/* One more of that peer has failed; beyond per_second of them, of which ten seconds' worth may come at once, a pause
 * begins.  At most 10,000 peers are known, beyond that everybody starts anew. */
void au_http_handshakes_failed(
    struct au_http_handshakes *handshakes, const char *peer_key, unsigned per_second, int64_t now_mono);
bool au_http_handshakes_may(const struct au_http_handshakes *handshakes, const char *peer_key, int64_t now_mono);

#endif
