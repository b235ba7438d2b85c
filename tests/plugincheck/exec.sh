#!/bin/sh
# SPDX-License-Identifier: ISC
# The exec plugin with its sample program passes every check that a plugin can be run through; and programs that are
# lost, late, or speak nonsense lead to the right words.
set -eu
command -v python3 > /dev/null || { echo "SKIP: python3 is missing"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 077
plugin=$top_builddir/plugins/exec/.libs/exec.so
cp "$top_srcdir/plugins/exec/sample.py" "$work/sample"
echo planted-canary > "$work/secret"
cat > "$work/sample.json" <<END
{
	"options": {
		"program": "$work/sample", "settings": [ "file=$work/product.json" ],
		"secret": "file:$work/secret", "timeout": "5min"
	},
	"rights": [ { "roles": [ "reader" ] }, { "roles": [ "writer", "reader" ] } ],
	"cases": [ { "options": { "settings": [ "file=$work/no/product.json" ] }, "code": "temporary", "text": "No such file" } ]
}
END
"$top_builddir/daemon/plugincheck/apiuserd-target-check" --config "$work/sample.json" --timeout 600 "$plugin" \
	> "$work/said" || { cat "$work/said"; exit 1; }
cat "$work/said"
[ "$(grep -c '^ok ' "$work/said")" -eq 9 ] || { echo "expected nine whole checks"; exit 1; }

# try BODY-OF-PROGRAM TIMEOUT WORDS CALL...: what comes of a call to a shell program that has answered 'open'.
try() {
	cat > "$work/odd" <<-END
	#!/bin/sh
	read -r line
	case \$line in *planted-canary*) ;; *) exit 9 ;; esac
	[ -z "\${HOME-}\${top_srcdir-}" ] || exit 8
	echo '{"id":1,"code":"ok","calls":["probe","find","create","remove"]}'
	read -r line
	$1
	END
	chmod 700 "$work/odd"
	cat > "$work/odd.json" <<-END
	{ "options": { "program": "$work/odd", "secret": "file:$work/secret", "timeout": "$2", "max_answer": "2KiB" } }
	END
	words=$3
	shift 3
	"$top_builddir/daemon/targetd/apiuserd-target" --try "$plugin" --config "$work/odd.json" --timeout 600 "$@" \
		> "$work/said" 2>&1 || :
	grep -q -e "$words" "$work/said" || { echo "'$*' with '$words' missing:"; cat "$work/odd" "$work/said"; exit 1; }
	! grep -q planted-canary "$work/said" || { echo "the secret was shown"; exit 1; }
}

try 'echo "{\"id\":2,\"code\":\"ok\"}"' 10min 'probe: fine' probe
try 'echo oops >&2; exit 3' 10min 'remove: unknown: .*ended with status 3' remove id=1
grep -q 'program says: oops' "$work/said" || { cat "$work/said"; exit 1; }
try 'exit 3' 10min 'probe: temporary: .*ended with status 3' probe
try 'kill -9 $$' 10min 'remove: unknown: .*ended by signal 9' remove id=1
# The time counts for the program's start as well, which may take longer than that on a busy machine.
late=1
for limit in 1s 10s 1min; do
	if (try 'exec sleep 600' "$limit" 'remove: unknown: .*gave no answer in time' remove id=1) > "$work/late"; then
		late=0
		break
	fi
done
[ "$late" -eq 0 ] || { cat "$work/late"; exit 1; }
try 'echo hello; exec sleep 600' 10min 'probe: protocol: .*no line of JSON' probe
try 'echo hello; exec sleep 600' 10min 'remove: unknown: .*no line of JSON' remove id=1
try 'while :; do printf xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done' 10min 'probe: protocol' probe
try 'echo "{\"id\":7,\"code\":\"ok\"}"; exec sleep 600' 10min 'remove: unknown: .*an answer to another call' remove id=1
try 'echo "{\"id\":2,\"code\":\"splendid\"}"; exec sleep 600' 10min 'probe: protocol: .*code .splendid. is unknown' probe
try 'echo "{\"id\":2,\"code\":\"busy\",\"error\":\"later\",\"retry_after_s\":5}"' 10min 'probe: busy: later' probe
try 'echo "{\"id\":2,\"account\":{\"login\":\"a\"}}"; exec sleep 600' 10min 'find: protocol: .*without id' find login=a
try 'echo "{\"id\":2,\"code\":\"ok\"}"' 10min "get: unsupported: .*has no call 'get'" get id=1
try 'echo "seen planted-canary" >&2; echo "{\"id\":2,\"code\":\"auth\",\"error\":\"planted-canary is wrong\"}"' 10min \
	'probe: auth: \*\*\*' probe
chmod 770 "$work/odd"
"$top_builddir/daemon/targetd/apiuserd-target" --try "$plugin" --config "$work/odd.json" probe > "$work/said" 2>&1 || :
grep -q 'others may write to it' "$work/said" || { cat "$work/said"; exit 1; }
