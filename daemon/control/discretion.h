/* SPDX-License-Identifier: ISC */
/*
 * Some products show their API users to people with the right for it and to nobody else (AU_CAP_DISCREET); so do we:
 * answers to viewers leave such accounts out, whatever the route.
 */
#ifndef CONTROL_DISCRETION_H
#define CONTROL_DISCRETION_H

#include "base/json.h"
#include "settings/settings.h"

/*
 * Take out of an answer every element of a list that names a discreet target, itself or in a part of it; figures of
 * pools stay, as they name no account.  While there is such a target, audit rows about steps and accounts go as well:
 * they name accounts by numbers of ours.  True when the answer as a whole is about a discreet target.
 */
bool au_discretion_prune(const struct au_settings *settings, json_t *answer);

#endif
