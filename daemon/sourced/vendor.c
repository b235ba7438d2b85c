/* SPDX-License-Identifier: ISC */
/*
 * Only OpenLDAP's answers to a cookie are known to be whole.  389-DS ends a
 * refresh without changes in a way that reads as "everything is gone", leaves
 * out removals when there are many, and does not tell of entries that left the
 * filter while nobody listened; of others nothing is known.
 */
#include "sourced/vendor.h"

#include "base/str.h"
#include "sourced/csn.h"
#include "sourced/dirsync.h"
#include "sourced/filter_names.h"
#include "sourced/usn.h"
#include "sourced/watch.h"

#include <string.h>
#include <strings.h>

/* Through groups within groups: MS-ADTS section 3.1.1.3.4.4.3. */
#define IN_CHAIN "1.2.840.113556.1.4.1941"

static const struct au_way *const by_sync[] = { &au_way_sync, NULL };
static const struct au_way *const by_ad[] = { &au_way_dirsync, &au_way_usn, NULL };

/* Each class of groups has its own.  Active Directory knows memberUid too, and forgets to keep it in step. */
static const char *const any_members[] = { "member", "uniqueMember", "memberUid", NULL };
static const char *const ad_members[] = { "member", NULL };

#define ANY_PEOPLE "(objectClass=person)"
#define ANY_GROUPS                                                                                                     \
	"(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=posixGroup)(objectClass=group)"      \
	"(objectClass=groupOfURLs))"
/* Computers are persons, too, by their class. */
#define AD_PEOPLE "(&(objectCategory=person)(objectClass=user))"
#define AD_GROUPS "(objectClass=group)"

static const char *const openldap_disabled[] = { "pwdAccountLockedTime", NULL };
static const char *const ds389_disabled[] = { "nsAccountLock", NULL };
static const char *const ad_disabled[] = { "userAccountControl", "accountExpires", NULL };
static const char *const nothing[] = { NULL };

static bool
begins(const char *text, const char *start)
{
	return text != NULL && strncasecmp(text, start, strlen(start)) == 0;
}

static bool
is_openldap(const struct au_root *root)
{
	return au_root_lists(root->object_classes, "OpenLDAProotDSE");
}

/* FreeIPA's and Red Hat's are the same server. */
static bool
is_389ds(const struct au_root *root)
{
	return begins(root->vendor_name, "389 ") || begins(root->vendor_version, "389-");
}

static bool
is_ad(const struct au_root *root)
{
	return au_root_has_capability(root, AU_OID_ACTIVE_DIRECTORY);
}

static bool
is_samba(const struct au_root *root)
{
	return is_ad(root) && begins(root->vendor_name, "Samba");
}

static bool
is_any(const struct au_root *root)
{
	(void)root;
	return true;
}

static const struct au_vendor vendors[] = {
	{
	    .name = "openldap",
	    .fits = is_openldap,
	    .known_by = "its structuralObjectClass is OpenLDAProotDSE",
	    .ways = by_sync,
	    .resumes = true,
	    .is_cookie = au_csn_is_cookie,
	    .unpushed = "memberOf",
	    .identity = &au_identity_entry_uuid,
	    .stamp = "entryCSN",
	    .people_filter = ANY_PEOPLE,
	    .groups_filter = ANY_GROUPS,
	    .attr_user_name = "uid",
	    .attr_mail = "mail",
	    .members = any_members,
	    .disabled = openldap_disabled,
	},
	{
	    .name = "389ds",
	    .fits = is_389ds,
	    .known_by = "its vendorName or vendorVersion names 389",
	    .ways = by_sync,
	    .identity = &au_identity_ns_unique_id,
	    .people_filter = ANY_PEOPLE,
	    .groups_filter = ANY_GROUPS,
	    .attr_user_name = "uid",
	    .attr_mail = "mail",
	    .members = any_members,
	    .disabled = ds389_disabled,
	},
	{
	    .name = "samba",
	    .fits = is_samba,
	    .known_by = "it has the capability of an Active Directory, and its vendorName names Samba",
	    .ways = by_ad,
	    .resumes = true,
	    .unpushed_rule = IN_CHAIN,
	    .identity = &au_identity_object_guid,
	    .people_filter = AD_PEOPLE,
	    .groups_filter = AD_GROUPS,
	    .attr_user_name = "sAMAccountName",
	    .attr_mail = "mail | userPrincipalName",
	    .members = ad_members,
	    .primary_group = "primaryGroupID",
	    .chain_rule = IN_CHAIN,
	    .disabled = ad_disabled,
	},
	{
	    .name = "ad",
	    .fits = is_ad,
	    .known_by = "it has the capability of an Active Directory (1.2.840.113556.1.4.800)",
	    .ways = by_ad,
	    .resumes = true,
	    .unpushed_rule = IN_CHAIN,
	    .identity = &au_identity_object_guid,
	    .people_filter = AD_PEOPLE,
	    .groups_filter = AD_GROUPS,
	    .attr_user_name = "sAMAccountName",
	    .attr_mail = "mail | userPrincipalName",
	    .members = ad_members,
	    .primary_group = "primaryGroupID",
	    .chain_rule = IN_CHAIN,
	    .disabled = ad_disabled,
	},
	{
	    .name = "generic",
	    .fits = is_any,
	    .known_by = "nothing in its root DSE names a kind that is known",
	    .ways = by_sync,
	    .identity = &au_identity_entry_uuid,
	    .people_filter = ANY_PEOPLE,
	    .groups_filter = ANY_GROUPS,
	    .attr_user_name = "uid",
	    .attr_mail = "mail",
	    .members = any_members,
	    .disabled = nothing,
	},
};

static bool
is_meant(const struct au_vendor *vendor, const char *name, const struct au_root *root)
{
	return au_streq(name, "auto") ? vendor->fits(root) : au_streq(name, vendor->name);
}

const struct au_vendor *
au_vendor_find(const char *name, const struct au_root *root)
{
	size_t i = 0;

	while (i + 1 < AU_COUNT(vendors) && !is_meant(&vendors[i], name, root))
		i++;
	return &vendors[i];
}

const struct au_vendor *
au_vendor_any(void)
{
	return &vendors[AU_COUNT(vendors) - 1];
}

bool
au_vendor_resumes(const struct au_vendor *vendor, const char *cookie)
{
	return cookie != NULL && vendor->resumes && (vendor->is_cookie == NULL || vendor->is_cookie(cookie));
}

/* "(memberOf=...", "(MEMBEROF:1.2.3:=...": an item of a filter begins with its attribute (RFC 4515 section 3). */
static bool
asks_for(const char *filter, const char *attribute)
{
	size_t len = filter != NULL && attribute != NULL ? strlen(attribute) : 0;

	for (const char *item = filter; len > 0 && (item = strchr(item, '(')) != NULL;) {
		item += 1 + strspn(item + 1, " ");
		if (strncasecmp(item, attribute, len) == 0 && strchr("=~<>:; ", item[len]) != NULL)
			return true;
	}
	return false;
}

static bool
uses_rule(const char *filter, const char *rule)
{
	return filter != NULL && rule != NULL && au_filter_has_rule(filter, rule);
}

bool
au_vendor_must_poll(const struct au_vendor *vendor, const struct au_source_config *config)
{
	/* Ids that a server pushes are its own: where others are wanted it has to be polled. */
	return config->attr_id != NULL || config->attr_group_id != NULL ||
	       asks_for(config->people_filter, vendor->unpushed) || asks_for(config->groups_filter, vendor->unpushed) ||
	       uses_rule(config->people_filter, vendor->unpushed_rule) ||
	       uses_rule(config->groups_filter, vendor->unpushed_rule);
}

static bool
is_allowed(const struct au_way *way, const struct au_root *root, const char *follow)
{
	return (follow == NULL || au_streq(follow, "auto") || au_streq(follow, way->option)) && way->is_offered(root);
}

const struct au_way *
au_vendor_way(const struct au_vendor *vendor, const struct au_root *root, const struct au_source_config *config,
    const struct au_way *refused)
{
	const struct au_way *const *way = vendor->ways;

	if (au_vendor_must_poll(vendor, config))
		return NULL;
	while (refused != NULL && *way != NULL && *way++ != refused)
		;
	while (*way != NULL && !is_allowed(*way, root, config->follow))
		way++;
	return *way;
}
