#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Each public header compiles alone, without a warning, in every language that a
# runtime is written in or makes bindings from. In C++ each of its types can be named
# without "struct" or "enum", which a function of the same name would prevent.

source=${KSC_SOURCE:?run me by make check}
work=$(mktemp -d "${TMPDIR:-/tmp}/headers.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
failed=0
n=0

# compiles HEADER LANGUAGE COMPILER...
compiles()
{
	header=$1 language=$2
	shift 2

	n=$((n + 1))
	# A header of nothing but macros would be an empty translation unit.
	printf '#include <%s>\n#include <%s>\nextern int more;\n' "$header" "$header" > "$work/test.c"
	case $language in
	C++*)	grep -ohE '(struct|enum) ksc[a-z_]*' "$source/include/$header" 2>"$work/none" |
			sort -u | awk '{ print $2 " *use_" NR "(" $2 " *);" }' >> "$work/test.c" ;;
	esac
	if ! command -v "$1" > "$work/which"; then
		echo "ok $n - $header, $language # SKIP $1 is missing, 'make deps' installs it"
	elif "$@" -Wall -Wextra -pedantic -Werror -I"$source/include" -I"$source/../uapi" \
			-fsyntax-only "$work/test.c" 2> "$work/err"; then
		echo "ok $n - $header, $language"
	else
		echo "not ok $n - $header, $language"
		sed 's/^/# /' "$work/err"
		failed=1
	fi
}

echo 1..20
for header in ksyscalls.h ksyscalls-seccomp.h ksyscalls-oci.h linux/ksyscalls.h; do
	compiles "$header" C89 "${CC:-cc}" -std=c89
	compiles "$header" C99 "${CC:-cc}" -std=c99
	compiles "$header" C11 "${CC:-cc}" -std=c11
	compiles "$header" C++98 g++ -x c++ -std=c++98
	compiles "$header" C++17 g++ -x c++ -std=c++17
done
exit $failed
