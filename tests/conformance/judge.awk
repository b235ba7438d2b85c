# SPDX-License-Identifier: ISC
# Compare a suite's results with what is expected of it.
#   awk -v suite=NAME -v least=N -f judge.awk expected.txt RESULTS
# RESULTS has a line per check, separated by tabs: pass, fail or skip; the check; what it said.  Fewer than N checks are
# a failure too.  Prints what is not as expected, then the counts in automake's words.
BEGIN {
	FS = "\t"
}
FILENAME == ARGV[1] {
	if ($0 ~ /^(#|$)/)
		next
	if (split($0, column, " \\| ") != 5) {
		print "expected.txt:" FNR ": five columns are wanted"
		failed++
	} else if (column[1] == suite) {
		expected[column[3]] = column[2]
		decides[column[3]] = column[4]
	}
	next
}
{
	checks++
	seen[$2] = 1
}
$1 == "pass" && $2 in expected {
	print "  passes, but expected.txt has it as " expected[$2] ": " $2
	failed++
	next
}
$1 == "pass" {
	passed++
	next
}
$2 in expected && expected[$2] == $1 {
	print "  " $1 " as expected (" decides[$2] "): " $2
	known++
	next
}
{
	print "  " $1 ": " $2 ": " $3
	failed++
}
END {
	for (check in decides)
		if (!(check in seen)) {
			print "  no such check, but expected.txt has it: " check
			failed++
		}
	if (checks < least) {
		printf "  only %d checks ran, of at least %d\n", checks, least
		failed++
	}
	printf "# PASS: %d\n# XFAIL: %d\n# FAIL: %d\n", passed, known, failed
	exit failed != 0
}
