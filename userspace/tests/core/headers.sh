#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Each public header compiles alone, without a warning, in every language that a
# runtime is written in or makes bindings from. In C++ each of its types can be named
# without "struct" or "enum", which a function of the same name would prevent.

source=${KSC_SOURCE:?run me by make check}
# shellcheck source-path=SCRIPTDIR source=../tap.sh
. "$(dirname "$0")/../tap.sh"

# compiles HEADER LANGUAGE COMPILER...
compiles()
{
	header=$1 language=$2
	shift 2

	# A header of nothing but macros would be an empty translation unit.
	printf '#include <%s>\n#include <%s>\nextern int more;\n' "$header" "$header" > "$tmp/test.c"
	case $language in
	C++*)	grep -ohE '(struct|enum) ksc[a-z_]*' "$source/include/$header" 2>"$tmp/none" |
			sort -u | awk '{ print $2 " *use_" NR "(" $2 " *);" }' >> "$tmp/test.c" ;;
	esac
	if ! command -v "$1" >"$tmp/which"; then
		skip "$header, $language" "$1 is missing, 'make deps' installs it"
		return
	fi
	run "$@" -Wall -Wextra -pedantic -Werror -I"$source/include" -I"$source/../uapi" \
		-fsyntax-only "$tmp/test.c"
	ok "$header, $language" [ "$status" = 0 ]
}

plan 20
for header in ksyscalls.h ksyscalls-seccomp.h ksyscalls-oci.h linux/ksyscalls.h; do
	compiles "$header" C89 "${CC:-cc}" -std=c89
	compiles "$header" C99 "${CC:-cc}" -std=c99
	compiles "$header" C11 "${CC:-cc}" -std=c11
	compiles "$header" C++98 g++ -x c++ -std=c++98
	compiles "$header" C++17 g++ -x c++ -std=c++17
done
done_testing
