# SPDX-License-Identifier: LGPL-2.1-or-later
#
# awk -f successor-table.awk releases.csv successors.csv
#
# successors.csv as the initialisers of a C array, a line for each pair, sorted by
# successor and predecessor, whose places in releases.csv are told, too, and families are
# numbered, from 1 on. A table that contradicts itself or releases.csv ends
# the build.

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

function check_abis(text,	abi, n, i)
{
	if (text == "all")
		return
	n = split(text, abi, " ")
	for (i = 1; i <= n; i++)
		if (!((" " abi[i] " ") in is_abi))
			fail("no ABI is called \"" abi[i] "\"")
	if (!n)
		fail("no ABI")
}

function add(successor, predecessor, abis, equal, of_family,	key)
{
	if (!(successor in release))
		fail("\"" successor "\" is not in the table of releases")
	key = successor " " predecessor
	if (key in row)
		fail("\"" successor "\" after \"" predecessor "\" is there twice")
	if (successor in family && family[successor] != of_family)
		fail("\"" successor "\" is in two families")
	family[successor] = of_family
	if (of_family != "-" && !(of_family in family_nr))
		family_nr[of_family] = ++nr_families
	has_none[successor] += predecessor == "-"
	if (++has[successor] > has_none[successor] && has_none[successor])
		fail("\"" successor "\" has a predecessor, and has none")
	if (predecessor != "-") {
		if (!(predecessor in release))
			fail("\"" predecessor "\" is not in the table of releases")
		if (number(release[predecessor]) > number(release[successor]))
			fail("\"" successor "\" (" release[successor] ") is older than \"" \
			     predecessor "\" (" release[predecessor] ")")
		older[successor] = older[successor] " " predecessor
	}
	row[key] = sprintf("%d, %d, %d, %s, %s, %s, %s, %s", place[successor], \
			   predecessor == "-" ? -1 : place[predecessor], family_nr[of_family], \
			   c_string(successor), c_string(predecessor), c_string(abis), \
			   equal == "yes" ? "true" : "false", c_string(of_family))
	keys[++nr_keys] = key
}

# Who is met again on the way from a name to what it comes after?
function find_cycle(name, way,	list, n, i)
{
	if (index(way " ", " " name " "))
		fail("a cycle:" substr(way, index(way " ", " " name " ")) " " name)
	n = split(older[name], list, " ")
	for (i = 1; i <= n; i++)
		find_cycle(list[i], way " " name)
}

function c_string(text) { return text == "-" || text == "all" ? "NULL" : "\"" text "\"" }

BEGIN {
	n = split("x86_64 i386 x32 arm64 arm arm_private ppc64 ppc s390x s390 riscv64 " \
		  "riscv32 mips64 mipsn32 mips loong64", abi, " ")
	for (i = 1; i <= n; i++)
		is_abi[" " abi[i] " "] = 1
	FS = ","
}

/^#/ { next }
# The first is the header's.
FNR == NR { release[$1] = $2; place[$1] = lines++ - 1; next }
!header++ {
	if ($0 != "successors,predecessors,abis,equal,family,evidence")
		fail("the header is not the one that this script reads")
	next
}
!/^[a-z0-9_ ]+,(-|[a-z0-9_ ]+),[a-z0-9_ ]+,(yes|no),(-|[a-z0-9]+),"[^"]+"$/ {
	fail("not SUCCESSORS,PREDECESSORS,ABIS,yes|no,FAMILY,\"EVIDENCE\"")
}
{
	check_abis($3)
	if ($2 == "-" && $4 == "yes")
		fail("nothing is as powerful as nothing")
	n = split($1, successors, " ")
	m = split($2, predecessors, " ")
	for (i = 1; i <= n; i++)
		for (j = 1; j <= m; j++)
			add(successors[i], predecessors[j], $3, $4, $5)
}

END {
	if (failed)
		exit 1
	if (!nr_keys)
		fail("no line")
	for (name in older)
		find_cycle(name, "")
	for (i = 2; i <= nr_keys; i++) {
		key = keys[i]
		for (j = i - 1; j && keys[j] "" > key ""; j--)
			keys[j + 1] = keys[j]
		keys[j + 1] = key
	}
	for (i = 1; i <= nr_keys; i++)
		printf "\t{ %s },\n", row[keys[i]]
}
