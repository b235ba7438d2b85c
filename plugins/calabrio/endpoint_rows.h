/* SPDX-License-Identifier: ISC */
/*
 * The calls, once: ROW(NAME, name, method, path, evidence, what it does).  The vendor's reference is not public, so
 * each row says how it is known, and a tenant may change or add to them.
 */
#define CA_ENDPOINT_ROWS(ROW)                                                                                          \
	ROW(AUTHORIZE, "authorize", "POST", "/api/rest/authorize", AU_OBSERVED, "logs in")                             \
	ROW(LOGOUT, "logout", "DELETE", "/api/rest/authorize", AU_OBSERVED, "logs out")                                \
	ROW(PERSON_LIST, "person_list", "GET", "/api/rest/org/common/person/permission/ViewOrg", AU_OBSERVED,          \
	    "lists users")                                                                                             \
	ROW(PERSON_GET, "person_get", "GET", "/api/rest/org/common/person/{id}", AU_OBSERVED, "reads a user")          \
	ROW(PERSON_CREATE, "person_create", "POST", "/api/rest/org/common/person", AU_OBSERVED, "creates a user")      \
	ROW(PERSON_UPDATE, "person_update", "PUT", "/api/rest/org/common/person/{id}", AU_OBSERVED,                    \
	    "changes, activates or deactivates a user")                                                                \
	ROW(STATUS_GET, "status_get", "GET", "/api/rest/org/common/person/{id}/status", AU_OBSERVED,                   \
	    "tells whether a user is locked")                                                                          \
	ROW(STATUS_UPDATE, "status_update", "PUT", "/api/rest/org/common/person/{id}/status", AU_OBSERVED,             \
	    "unlocks a user")                                                                                          \
	ROW(TEAM_LIST, "team_list", "GET", "/api/rest/org/common/team/permission/ViewOrg", AU_OBSERVED, "lists teams") \
	ROW(GROUP_LIST, "group_list", "GET", "/api/rest/org/common/group/permission/ViewOrg", AU_OBSERVED,             \
	    "lists groups")

/* Calls that no public material shows: absent until a tenant says what its own guide has. */
#define CA_ENDPOINT_GAPS(ROW)                                                                                          \
	ROW(ROLE_LIST, "role_list", "lists roles")                                                                     \
	ROW(VIEW_LIST, "view_list", "lists WFM views")                                                                 \
	ROW(PASSWORD_SET, "password_set", "sets a user's password")
