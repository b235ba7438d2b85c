/* SPDX-License-Identifier: ISC */
/* The sample file shows a whole example first, then every option; the manual page has the same options in mdoc. */
#include "settings/section.h"
#include "settings/settings.h"

/* Each noun once, with the fewest options that make sense. */
static const char example[] =
    "# apiuserd.conf - sample configuration; see apiuserd.conf(5).\n"
    "#\n"
    "# Check it with: apiuserd -n -f FILE\n"
    "#\n"
    "# Five nouns: people and groups come from a source (a directory, or a SCIM client that\n"
    "# pushes to us); accounts are kept in a target (an instance of a product); a template is\n"
    "# a set of rights there; a rule says which group gets which template; and the fifth, the\n"
    "# API user, is what all of this makes.\n"
    "\n"
    "# A directory that is watched.  The password is a credential that systemd hands over:\n"
    "# see credentials.conf beside this file's manual.\n"
    "sources = (\n"
    "\t{\n"
    "\t\tname = \"corp\";\n"
    "\t\tservers = [ \"ldaps://ldap1.example.com\", \"ldaps://ldap2.example.com\" ];\n"
    "\t\tbind_dn = \"cn=apiuserd,ou=services,dc=example,dc=com\";\n"
    "\t\tpassword = \"credential:corp-bind\";\n"
    "\t\tpeople_base = \"ou=people,dc=example,dc=com\";\n"
    "\t\tgroups_base = \"ou=groups,dc=example,dc=com\";\n"
    "\t}\n"
    ");\n"
    "\n"
    "# An identity provider that pushes to us; `apiuserctl client add` makes its token.  Beyond this\n"
    "# machine the endpoint needs tls_certificate and tls_key.\n"
    "scim = {\n"
    "\tlisten = [ \"127.0.0.1:8443\" ];\n"
    "};\n"
    "scim_clients = (\n"
    "\t{ name = \"okta\"; description = \"Okta, production\"; }\n"
    ");\n"
    "\n"
    "# An instance of a product; its options are the plugin's own.\n"
    "targets = (\n"
    "\t{\n"
    "\t\tname = \"control-room\";\n"
    "\t\tplugin = \"automation-anywhere\";\n"
    "\t\toptions = {\n"
    "\t\t\turl = \"https://control-room.example.com\";\n"
    "\t\t\tusername = \"apiuserd\";\n"
    "\t\t\tpassword = \"credential:control-room-admin\";\n"
    "\t\t};\n"
    "\t}\n"
    ");\n"
    "\n"
    "# Rights in that target, checked against what the product can accept.\n"
    "templates = (\n"
    "\t{\n"
    "\t\tname = \"bot-runner\";\n"
    "\t\ttarget = \"control-room\";\n"
    "\t\trights = {\n"
    "\t\t\troles = [ \"AAE_Basic\" ];\n"
    "\t\t\tlicense_features = [ \"RUNTIME\" ];\n"
    "\t\t};\n"
    "\t}\n"
    ");\n"
    "\n"
    "# Who gets them: the members of a directory's group, of a group that is pushed, and those to\n"
    "# whom the identity provider gives an entitlement that it finds in our /Entitlements.\n"
    "rules = (\n"
    "\t{\n"
    "\t\tname = \"bots\";\n"
    "\t\tsource = \"corp\";\n"
    "\t\tgroup = \"cn=api-bots,ou=groups,dc=example,dc=com\";\n"
    "\t\ttemplate = \"bot-runner\";\n"
    "\t},\n"
    "\t{\n"
    "\t\tname = \"pushed-bots\";\n"
    "\t\tsource = \"okta\";\n"
    "\t\tgroup = \"API Bots\";\n"
    "\t\ttemplate = \"bot-runner\";\n"
    "\t},\n"
    "\t{\n"
    "\t\tname = \"picked-bots\";\n"
    "\t\tsource = \"okta\";\n"
    "\t\tentitlement = \"Bot Runner\";\n"
    "\t\ttemplate = \"bot-runner\";\n"
    "\t}\n"
    ");\n"
    "\n"
    "# Every option, with its default behind a second #.  What has none and no second # must be\n"
    "# given.  Times: ms, s, min, h, d, w.  Sizes: B, KiB, MiB, GiB.  Secrets: \"credential:NAME\"\n"
    "# (handed over by systemd) or \"file:/PATH\" (readable by the daemon alone).\n";

static void print_rows(const struct au_section *section, const char *indent, struct au_str *out);

/* Nesting is as deep as the table of sections. */
static void
print_nested(const struct au_section *section, const char *indent, struct au_str *out)
{
	AU_CLEANUP(au_freep) char *deeper = au_xasprintf("%s\t\t", indent);

	au_str_printf(out, "%s# %s\n%s%s = (\n%s\t{\n", indent, section->help, indent, section->name, indent);
	print_rows(section, deeper, out);
	au_str_printf(out, "%s\t}\n%s);\n", indent, indent);
}

static void
print_rows(const struct au_section *section, const char *indent, struct au_str *out)
{
	au_opt_print_sample(section->rows, indent, out);
	if (section->inner)
		au_str_printf(out, "%s# The plugin's own options.\n%s%s = { };\n", indent, indent, section->inner);
	for (size_t i = 0; section->nested && section->nested[i]; i++)
		print_nested(section->nested[i], indent, out);
}

static void
print_section(const struct au_section *section, struct au_str *out)
{
	au_str_printf(out, "\n# %s\n#%s = %s\n", section->help, section->name, section->space ? "(" : "{");
	if (section->space)
		au_str_put(out, "#\t{\n");
	print_rows(section, section->space ? "#\t\t" : "#\t", out);
	au_str_put(out, section->space ? "#\t}\n#);\n" : "#};\n");
}

void
au_settings_print_sample(struct au_str *out)
{
	au_str_put(out, example);
	for (const struct au_section *section = au_sections; section->name; section++)
		print_section(section, out);
}

/* mdoc wants each sentence on a line of its own. */
static void
print_sentences(const char *text, struct au_str *out)
{
	for (; *text; text++) {
		bool ends = text[0] == '.' && text[1] == ' ';
		au_str_putc(out, *text);
		if (ends) {
			au_str_putc(out, '\n');
			text++;
		}
	}
	au_str_putc(out, '\n');
}

static void
print_man_rows(const struct au_section *section, struct au_str *out)
{
	au_str_put(out, ".Bl -tag -width Ds\n");
	au_opt_print_man(section->rows, out);
	if (section->inner)
		au_str_printf(out, ".It Cm %s\nThe plugin's own options, a group.\n", section->inner);
	for (size_t i = 0; section->nested && section->nested[i]; i++) {
		au_str_printf(out, ".It Cm %s\n", section->nested[i]->name);
		print_sentences(section->nested[i]->help, out);
		/* what is nested in it has rows that stand here already */
		if (section->nested[i]->rows != section->rows)
			print_man_rows(section->nested[i], out);
	}
	au_str_put(out, ".El\n");
}

void
au_settings_print_man(struct au_str *out)
{
	for (const struct au_section *section = au_sections; section->name; section++) {
		au_str_printf(out, ".Ss %s\n", section->name);
		print_sentences(section->help, out);
		print_man_rows(section, out);
	}
}
