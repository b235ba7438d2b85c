/* SPDX-License-Identifier: ISC */
/* Tokens in the product's form: a JSON web token signed with RS512. */
#ifndef CONTROL_ROOM_JWT_H
#define CONTROL_ROOM_JWT_H

#include <openssl/evp.h>

EVP_PKEY *jwt_key(void); /* a fresh key; aborts when there is none */
/* Caller frees.  Times in milliseconds. */
char *jwt_make(EVP_PKEY *key, long long user_id, long long issued, long long expires);

#endif
