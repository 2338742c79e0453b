#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What is published against a second witness that runs none of the code under
# test: an absent syscall's entry is a weak symbol in /proc/kallsyms, or another
# name of a function that only says ENOSYS, and a present one's is neither.
. "$(dirname "$0")/ktap.sh"

[ -e "$here/tables" ] || skip_all "built without HEADERS=, so the entries' names are not known"
need_module
# shellcheck disable=SC2046 # one word per ABI
set -- $(published)
[ $# -gt 0 ] || skip_all "no ABI is published"
ktap_plan $#
# Of some hundred thousand symbols, so once for all ABIs, and by no regular expression.
grep -F sys /proc/kallsyms >"$tmp/symbols"

# What symbols cannot know if it is absent; truth.sh sees to it. The first has a
# switch, the others are functions that may say ENOSYS in so many words: on MIPS,
# and on x86 without CONFIG_X86_IOPL_IOPERM.
excused=memfd_secret,cachectl,iopl,ioperm

for abi; do
	if [ -z "$(cat "$sysfs/$abi/list")" ]; then
		ktap_skip "$abi: switched off, and symbols know nothing of switches; a boot with it on tells"
		continue
	fi
	ranges <"$sysfs/$abi/list" | awk -v abi="$abi" -v excused="$excused" \
		-v end="$(cat "$sysfs/$abi/nr_syscalls")" '
		FILENAME == "-" { published[$1] = 1; next }
		FILENAME ~ /tables$/ && $2 != abi { next }
		$1 == "entry" { entry[$3] = $4 " " $5; known = 1; next }
		$1 == "name" { if (index("," excused ",", "," $4 ",")) skipped[$3] = 1; next }
		$4 == "" && $3 ~ /sys/ {
			type[$3] = $2
			at[$3] = $1
			if ($3 ~ /sys_ni_/ && $1 !~ /^0*$/)
				ni[$1] = 1
		}
		END {
			if (!known) {
				print "SKIP " abi ": no table of entries, the kernel has it in code"
				exit
			}
			for (nr = 0; nr < end; nr++) {
				n = split(entry[nr], s, " ")
				symbol = n && (s[1] in type) ? s[1] : s[2]
				# Link time optimisation makes weak symbols local ones.
				if (n && !(symbol in type) || type[symbol] == "t" ||
				    nr in skipped && !(nr in published)) {
					untold++
					print "# " abi " " nr ": " (symbol in type ? \
						"local or excused" : "no symbol " s[1])
					continue
				}
				told++
				present = n && type[symbol] !~ /[wW]/ && !(at[symbol] in ni)
				if (present == (nr in published))
					continue
				differ++
				print "# " abi " " nr " " symbol " (" type[symbol] "): published " \
					((nr in published) ? 1 : 0) ", symbol says " (present ? 1 : 0)
			}
			printf "%s %s: %d numbers told by their symbols, %d not, %d differences\n", \
				told && !differ ? "ok" : "not", abi, told, untold, differ
		}' - "$here/tables" "$tmp/symbols" >"$tmp/verdict"
	grep '^#' "$tmp/verdict"
	read -r verdict what <<-EOF
		$(grep -v '^#' "$tmp/verdict")
	EOF
	case $verdict in
	SKIP) ktap_skip "$what" ;;
	*) [ "$verdict" = ok ]; ktap $? "$what" ;;
	esac
done
ktap_end
