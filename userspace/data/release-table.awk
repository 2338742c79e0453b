# SPDX-License-Identifier: LGPL-2.1-or-later
#
# releases.csv as the initialisers of a sorted C array. ksc_release_of() searches
# it by halves, so an order or a line that is not as it should be ends the build.

function fail(why)
{
	printf "%s:%d: %s\n", FILENAME, FNR, why > "/dev/stderr"
	failed = 1
	exit 1
}

/^#/ { next }
!header++ { if ($0 != "name,linux") fail("the header is not \"name,linux\""); next }
!/^[a-z0-9_]+,[0-9]+\.[0-9]+$/ { fail("not NAME,MAJOR.MINOR") }
{
	split($0, field, ",")
	split(field[2], release, ".")
	# The suffix keeps awk from comparing as numbers.
	if (field[1] "" <= last "")
		fail("\"" field[1] "\" is not after \"" last "\" in the C locale's order")
	last = field[1]
	printf "\t{ \"%s\", KSC_RELEASE(%d, %d) },\n", field[1], release[1], release[2]
}
END { if (!failed && last == "") fail("no line") }
