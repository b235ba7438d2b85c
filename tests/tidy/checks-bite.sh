#!/bin/sh
# SPDX-License-Identifier: ISC
# The checks beside this file find what they are for: each is run over a small clean tree, which it must accept, then
# over the same tree with one fault, which it must refuse.
set -eu
checks=$(cd "$top_srcdir/tests/tidy" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
bad=0 run=0

# One source file: path, then its lines after the licence.
put() {
	path=$tree/$1
	shift
	mkdir -p "${path%/*}"
	{
		echo '/* SPDX-License-Identifier: ISC */'
		printf '%s\n' "$@"
	} >"$path"
}

clean_tree() {
	rm -rf "$tree"
	mkdir -p "$tree/tests/tidy"
	cp "$checks/floors.txt" "$tree/tests/tidy"
	put plugins/include/apiuserd/target.h 'int t;'
	put daemon/base/a.h '#include <apiuserd/target.h>'
	put daemon/base/a.c '/* What a is for. */' '#include "base/a.h"' '#include <stdio.h>'
	put daemon/model/b.h '#include "base/a.h"'
	put daemon/wire/c.h '#include "base/a.h"'
	put daemon/store/d.h '#include "model/b.h"' '#include "store/e.h"'
	put daemon/store/e.h '#include "base/a.h"'
	put daemon/ctl/f.c '/* What f is for. */' '#include "wire/c.h"'
	put plugins/lib/g.h '#include "base/a.h"'
	put plugins/product/h.c '/* What h is for. */' '#include "lib/g.h"'
	put tests/base/test_a.c '/* What is tested. */' 'int main(void) { return 0; }'
	echo 'TESTS = tests/base/test_a' >"$tree/Makefile"
}

accepts() {
	run=$((run + 1))
	if ! said=$(top_srcdir=$tree top_builddir=$tree sh "$checks/$1" 2>&1); then
		printf '%s refuses a clean tree: %s\n' "$1" "$said"
		bad=1
	fi
}

# refuses CHECK WORDS: and says WORDS; then make the tree clean again.
refuses() {
	run=$((run + 1))
	if said=$(top_srcdir=$tree top_builddir=$tree sh "$checks/$1" 2>&1); then
		printf '%s accepts a tree with a fault that should give: %s\n' "$1" "$2"
		bad=1
	else
		case $said in *"$2"*) ;; *) printf '%s: expected "%s", got: %s\n' "$1" "$2" "$said"; bad=1 ;; esac
	fi
	clean_tree
}

clean_tree
for check in floors.sh file-length.sh banned.sh source-form.sh registered.sh; do
	accepts "$check"
done

put daemon/base/up.c '/* Up. */' '#include "model/b.h"'
refuses floors.sh 'daemon/base may not use daemon/model'
put daemon/model/side.c '/* Sideways. */' '#  include "wire/c.h"'
refuses floors.sh 'daemon/model may not use daemon/wire'
put daemon/ctl/skip.c '/* Not in its list. */' '#include "store/d.h"'
refuses floors.sh 'daemon/ctl may not use daemon/store'
put plugins/product/up.c '/* A plugin into the daemon. */' '#include "store/d.h"'
refuses floors.sh 'plugins/product may not use daemon/store'
put plugins/other/i.h 'int i;'
put plugins/product/side.c '/* A plugin into another. */' '#include "other/i.h"'
refuses floors.sh 'plugins/product may not use plugins/other'
put daemon/base/around.c '/* Around the floors. */' '#include "../model/b.h"'
refuses floors.sh 'include leads to no known folder'
put daemon/base/bare.c '/* Without its folder. */' '#include "a.h"'
refuses floors.sh 'include leads to no known folder'
put daemon/attic/j.h 'int j;'
refuses floors.sh 'its folder has no floor'
: >"$tree/tests/tidy/floors.txt"
refuses floors.sh 'the check is broken'
rm -r "$tree/daemon" "$tree/plugins" && mkdir "$tree/daemon" "$tree/plugins"
refuses floors.sh 'the check is broken'

put daemon/base/long.h "$(seq 600)"
refuses file-length.sh 'daemon/base/long.h: 601 lines'
put tests/base/long.c "$(seq 600)"
refuses file-length.sh 'tests/base/long.c: 601 lines'
rm -r "$tree/daemon" "$tree/plugins" "$tree/tests" && mkdir "$tree/daemon" "$tree/plugins" "$tree/tests"
refuses file-length.sh 'the check is broken'

for call in 'sprintf(b, "x")' 'strcpy(a, b)' 'strcat(a, b)' 'gets(b)' 'strtok(a, b)' 'atoi(a)' 'system("x")' 'popen("x", "r")' \
	'alloca(5)'; do
	put daemon/base/call.c '/* Calls. */' "	$call;"
	refuses banned.sh "daemon/base/call.c:3:	$call"
done
put plugins/product/call.c '/* Calls. */' 'x = (atoi(a));'
refuses banned.sh 'plugins/product/call.c:3'
put daemon/reconcile/wait.c '/* Waits. */' 'x = evtimer_new(base, on_due, x);'
refuses banned.sh 'daemon/reconcile/wait.c:3'
put daemon/base/call.c '/* Near misses. */' 'snprintf(b, 5, "x"); au_file_system(x); fgets(b, 5, f); t->system(x);'
accepts banned.sh
rm -r "$tree/daemon" "$tree/plugins" && mkdir "$tree/daemon" "$tree/plugins"
refuses banned.sh 'the check is broken'

echo 'int x;' >"$tree/daemon/base/x.h"
refuses source-form.sh 'daemon/base/x.h:1: expected the SPDX line'
put daemon/base/x.c '#include <stdio.h>'
refuses source-form.sh 'daemon/base/x.c:2: expected a comment'
put daemon/base/x.c '/* Late. */' "/* TO""DO: all of it */"
refuses source-form.sh 'daemon/base/x.c:3: something is left to be done'
put daemon/base/a.c '/* Order. */' '#include <stdio.h>' '#include "base/a.h"'
refuses source-form.sh 'daemon/base/a.c:3: expected "base/a.h" as the first include'
rm -r "$tree/daemon" "$tree/plugins" "$tree/tests" && mkdir "$tree/daemon" "$tree/plugins" "$tree/tests"
refuses source-form.sh 'the check is broken'

put tests/base/test_b.c '/* Nobody runs it. */'
refuses registered.sh 'tests/base/test_b.c: is no part of TESTS'
put tests/base/lonely.sh '# Nobody runs it.'
refuses registered.sh 'tests/base/lonely.sh: is no part of TESTS'
rm "$tree/Makefile"
refuses registered.sh 'Makefile'
rm "$tree/tests/base/test_a.c"
refuses registered.sh 'the check is broken'

[ "$run" -ge 30 ] || { echo "only $run runs: this test is broken"; bad=1; }
exit "$bad"
