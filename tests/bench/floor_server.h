/* SPDX-License-Identifier: ISC */
/* The floors: what the bare libraries do, each as small as it can be written. */
#ifndef BENCH_FLOOR_SERVER_H
#define BENCH_FLOOR_SERVER_H

#include <stdbool.h>
#include <stddef.h>

struct measure_row;

enum floor_commit { FLOOR_GROUP, FLOOR_EACH };

/*
 * Serve in this process until killed, on a free port that is told to tell(port, tls_port): GET of any other path answers 1 KiB;
 * /Users/{id} and /Users?name= answer ready JSON from SQLite; POST stores a parsed document; PATCH rewrites one with
 * active set.  Changes are answered after the commit: of each request by itself, or of one loop turn's together.
 */
_Noreturn void floor_serve(const char *folder, size_t users, enum floor_commit commit, void (*tell)(int port, int tls_port));

/* A document of 1 KiB for user number `number`, JSON text, and its id. */
#define FLOOR_ID_SIZE 37
void floor_id(size_t number, char id[FLOOR_ID_SIZE]);
size_t floor_document(size_t number, char *text, size_t size);

/* Bare SQLite: insert documents, `rows` per commit, for that long; adds to the row. */
void floor_sqlite(const char *folder, size_t rows, double seconds, struct measure_row *row);

#endif
