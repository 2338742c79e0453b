# SPDX-License-Identifier: LGPL-2.1-or-later
#
# releases.csv for C: NAME(name, release's place) sorted by name, RELEASE(major, minor,
# common) from the oldest on, and SLOT(slot, name's place), which is where
# ksc_release_line() looks for the name first or next. An order or a line that is not as it
# should be ends the build.

function fail(why)
{
	printf "%s:%d: %s\n", FILENAME, FNR, why > "/dev/stderr"
	failed = 1
	exit 1
}

function number(release,	part)
{
	split(release, part, ".")
	return part[1] * 65536 + part[2]
}

BEGIN {
	for (i = 1; i < 128; i++)
		code[sprintf("%c", i)] = i
}

# As ksc_release_line() does.
function first_slot(name,	hash, i)
{
	for (i = 1; i <= length(name); i++)
		hash = (hash * 31 + code[substr(name, i, 1)]) % 4294967296
	return hash % slots
}

/^#/ { next }
!header++ { if ($0 != "name,linux,only") fail("the header is not \"name,linux,only\""); next }
!/^[a-z0-9_]+,[0-9]+\.[0-9]+(,[a-z0-9]+)?$/ { fail("not NAME,MAJOR.MINOR[,ONLY]") }
{
	n = split($0, field, ",")
	if (length(field[1]) > 30)
		fail("\"" field[1] "\" is longer than release.c has room for")
	# The suffix keeps awk from comparing as numbers.
	if (field[1] "" <= last "")
		fail("\"" field[1] "\" is not after \"" last "\" in the C locale's order")
	last = field[1]
	names[++nr_names] = field[1]
	release[field[1]] = field[2]
	if (!(field[2] in common))
		releases[++nr_releases] = field[2]
	common[field[2]] += n == 2
}
END {
	if (failed)
		exit 1
	if (!nr_names)
		fail("no line")
	for (i = 2; i <= nr_releases; i++) {
		r = releases[i]
		for (j = i - 1; j && number(releases[j]) > number(r); j--)
			releases[j + 1] = releases[j]
		releases[j + 1] = r
	}
	for (i = 1; i <= nr_releases; i++) {
		place[releases[i]] = i - 1
		split(releases[i], part, ".")
		printf "RELEASE(%d, %d, %s)\n", part[1], part[2], \
		       common[releases[i]] ? "true" : "false"
	}
	for (i = 1; i <= nr_names; i++)
		printf "NAME(\"%s\", %d)\n", names[i], place[release[names[i]]]
	slots = 2048
	for (i = 1; i <= nr_names; i++) {
		for (slot = first_slot(names[i]); slot in taken; slot = (slot + 1) % slots)
			;
		taken[slot] = 1
		printf "SLOT(%d, %d)\n", slot, i - 1
	}
}
