# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The numbers of the calls that came after the first release of syscalls.csv, each with
# the ABIs that have it so, for where libseccomp is older than they. How a line has to
# look is seen to by syscall-table.awk.

BEGIN { FS = "," }
/^#/ || !header++ || $4 == "-" { next }
!first { first = $1 }
$1 == first { old[$4] = 1 }
$1 == first || $5 == "sys_ni_syscall" { next }
{
	key = $3 "," $4
	if (!(key in abis)) {
		keys[++n] = key
		abis[key] = " "
	}
	for (i = split($6, abi, " "); i > 0; i--) {
		sub(/\/64/, "", abi[i])
		if (!index(abis[key], " " abi[i] " "))
			abis[key] = abis[key] abi[i] " "
	}
}
END {
	for (i = 1; i <= n; i++) {
		split(keys[i], part, ",")
		if (!(part[2] in old))
			printf "\t{ %d, \"%s\", \"%s\" },\n", part[1], part[2], abis[keys[i]]
	}
}
