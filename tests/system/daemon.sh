# SPDX-License-Identifier: ISC
# shellcheck shell=bash disable=SC2154 # lib.sh sets what is used here
# apiuserd and its clients in a system test.  Sourced by lib.sh.

make_helpers() {
	[ ! -d "$work/helpers" ] || return 0
	mkdir "$work/helpers"
	ln -s "$top_builddir/daemon/sourced/apiuserd-source" "$top_builddir/daemon/targetd/apiuserd-target" \
		"$top_builddir/daemon/fetchd/apiuserd-fetch" "$work/helpers/"
	scim_port=$(free_port "$work/ports")
}

write_config() {
	make_helpers
	cat >"$work/apiuserd.conf" <<-CONF
		daemon: { state_dir = "$work/state"; helper_dir = "$work/helpers"; log_level = "debug"; $daemon_options
		          plugin_dir = "$top_builddir/plugins/automation-anywhere/.libs"; };
		control: { socket = "$work/control.sock"; $control_options };
		scim: { listen = [ "127.0.0.1:$scim_port" ]; base_url = "http://127.0.0.1:$scim_port/scim/v2";
		        request_log = "all"; };
		reconcile: { $reconcile_options };
		sources: ( { name = "corp"; kind = "ldap"; servers = [ "$SLAPD_TLS_URL" ];
		             ca_file = "$SLAPD_DIR/ca.pem"; bind_dn = "$SLAPD_READER";
		             password = "file:$SLAPD_DIR/password"; people_base = "$people";
		             groups_base = "ou=groups,$suffix"; $source_options } $more_sources );
		scim_clients: ( { name = "okta"; }, { name = "picker"; } );
		targets: ( { name = "control-room"; plugin = "automation-anywhere"; $target_options
		             options = { url = "http://127.0.0.1:$room_port"; username = "admin";
		                         password = "file:$work/room.secret"; request_limit = 0; }; } );
		templates: ( { name = "bot-runner"; target = "control-room"; rights = { $template_rights }; } );
		rules: ( { name = "rpa"; source = "corp"; group = "$group"; template = "bot-runner"; },
		         { name = "pushed"; source = "okta"; group = "*"; template = "bot-runner"; },
		         { name = "picked"; source = "picker"; entitlement = "Bot Runner"; template = "bot-runner"; } $more_rules );
	CONF
}

ctl() { "$top_builddir/daemon/ctl/apiuserctl" --socket "$work/control.sock" "$@"; }

daemon_start() {
	start daemon "$top_builddir/daemon/main/apiuserd" -f "$work/apiuserd.conf"
	wait_for "apiuserd answers" daemon_answers
}
daemon_answers() {
	kill -0 "${pid_of[daemon]}" || die "apiuserd ended at start"
	ctl targets
}

# Take a changed configuration over.
daemon_reload() {
	local seen
	seen=$(grep -c 'is in force' "$work/daemon.log" || true)
	write_config
	kill -HUP "${pid_of[daemon]}"
	wait_for "the new configuration is in force" more_lines 'is in force' "$seen"
}
more_lines() { [ "$(grep -c -e "$1" "$work/daemon.log")" -gt "$2" ]; }

# Pids of the daemon's helpers; child_of_daemon apiuserd-source|apiuserd-target: that one's.
children_of_daemon() { cat "/proc/${pid_of[daemon]}/task/${pid_of[daemon]}/children"; }
child_of_daemon() {
	local child
	for child in $(children_of_daemon); do
		[ "$(cat "/proc/$child/comm")" = "$1" ] && echo "$child" && return
	done
	return 1
}

# Make a SCIM client's token; scim METHOD PATH [BODY] then speaks with it: the body, and the status in $work/scim.status.
scim_client() { (umask 077; ctl --json client add --force "$1" | jq -re '"Authorization: Bearer \(.token)"' >"$work/scim.header"); }
scim() { scim_try "$@" || die "curl: $(cat "$work/scim.status")"; }
scim_try() {
	curl -sS --max-time 60 --noproxy '*' -X "$1" -H @"$work/scim.header" -H 'Content-Type: application/scim+json' \
		${3+-d "$3"} -w '%{stderr}%{http_code}' "http://127.0.0.1:$scim_port/scim/v2$2" 2>"$work/scim.status"
}
expect_status() { [ "$(cat "$work/scim.status")" = "$1" ] || die "SCIM answered $(cat "$work/scim.status"), not $1"; }
