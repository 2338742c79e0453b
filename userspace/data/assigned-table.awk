# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The numbers that syscalls.csv has a name for, in any release, as ranges for each ABI. How
# a line has to look is seen to by syscall-table.awk.

BEGIN { FS = "," }
/^#/ || !header++ || $4 == "-" { next }
# Only the kernel's own trampolines call these.
$4 == "uretprobe" || $4 == "uprobe" { next }
{
	for (i = split($6, abi, " "); i > 0; i--) {
		sub(/\/64/, "", abi[i])
		if (!(abi[i] in last))
			names[++n] = abi[i]
		has[abi[i], $3] = 1
		if ($3 + 0 > last[abi[i]])
			last[abi[i]] = $3 + 0
	}
}
END {
	for (i = 1; i <= n; i++) {
		for (nr = 0; nr <= last[names[i]]; nr++) {
			if (!((names[i], nr) in has))
				continue
			for (first = nr; (names[i], nr + 1) in has; nr++)
				;
			printf "\t{ \"%s\", %d, %d },\n", names[i], first, nr
		}
	}
}
