/* SPDX-License-Identifier: ISC */
/* What the rows of the route table point to; each noun's file defines its own. */
#ifndef CONTROL_ROOM_HANDLERS_H
#define CONTROL_ROOM_HANDLERS_H

#include "exchange.h"

exchange_handler login_handle, refresh_handle;
exchange_handler user_create, user_list, user_get, user_put, user_delete;
exchange_handler role_list, role_get, role_create, role_put, role_delete;
exchange_handler licence_get, licence_list, licence_details;

/* Scaffolding, not part of the product. */
exchange_handler scaffold_state, scaffold_reset, scaffold_clock, scaffold_clock_set, scaffold_faults,
    scaffold_fault_add, scaffold_fault_clear, scaffold_login_check, scaffold_switch, scaffold_licence;
exchange_handler console_api_key, console_user_edit, console_user_create, console_user_delete;

#endif
