# SPDX-License-Identifier: LGPL-2.1-or-later
#
# syscalls.csv as the initialisers of a C array, in the order of the lines: by release.
# A line that is not as it should be ends the build. The newest release that was read
# is left to NEWEST.

function fail(why)
{
	printf "%s:%d: %s\n", FILENAME, FNR, why > "/dev/stderr"
	failed = 1
	exit 1
}

function release(text,	part)
{
	split(text, part, ".")
	return "KSC_RELEASE(" part[1] ", " part[2] ")"
}

function order(text,	part)
{
	split(text, part, ".")
	return part[1] * 65536 + part[2]
}

BEGIN { FS = "," }
/^# Read: / { newest = $0; sub(/.* /, "", newest) }
/^#/ { next }
!header++ {
	if ($0 != "since,maybe,number,name,entry,abis")
		fail("the header is not \"since,maybe,number,name,entry,abis\"")
	next
}
!/^[0-9]+\.[0-9]+,([0-9]+\.[0-9]+)?,[0-9]+,([a-z0-9_]+|-),[a-z0-9_]+,[a-z0-9_\/ ]+$/ {
	fail("not SINCE,MAYBE,NUMBER,NAME,ENTRY,ABIS")
}
order($1) < last || ($2 != "" && order($2) >= order($1)) { fail("a release out of order") }
{
	last = order($1)
	masks = ""
	for (i = split($6, abi, " "); i > 0; i--) {
		gsub(/\//, "_on_", abi[i])
		masks = masks (masks == "" ? "" : " | ") "ABI_" abi[i]
	}
	printf "\t{ %s, %s, %d, %s, %s, \"%s\" },\n", release($1), release($2 == "" ? $1 : $2),
	       $3, masks, $4 == "-" ? "NULL" : "\"" $4 "\"", $5
}
END {
	if (failed)
		exit 1
	if (newest == "" || order(newest) < last)
		fail("no \"# Read:\" line with the newest release")
	print "#define NEWEST " release(newest)
}
