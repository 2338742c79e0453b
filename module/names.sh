#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# names.sh HEADER[,FLAG...] CPP [ARG...]
#
# Prints one KSC_NAME(number, name) line for every __NR_<name> that HEADER
# defines. The preprocessor is asked twice: once for the macros, once for what
# they expand to, because a number may be an expression.
set -eu

spec=$1
header=${spec%%,*}
shift
while [ "$spec" != "${spec#*,}" ]; do
	spec=${spec#*,}
	set -- "$@" "${spec%%,*}"
done

# Not syscalls: counts, bases and the generic headers' switches between the
# 32-bit and 64-bit spelling of one syscall.
list=$(printf '#include <%s>\n' "$header" | "$@" -dM - |
	sed -n 's/^#define __NR_\([a-z_][a-z0-9_]*\)[[:space:]].*/\1/p' |
	grep -Ev '^(syscalls|syscall_max|syscall_count|arch_specific_syscall|reserved[0-9]+)$' |
	LC_ALL=C sort)

{
	printf '#include <%s>\n' "$header"
	for name in $list; do
		printf 'KSC_NAME(__NR_%s, KSC_TOKEN_%s)\n' "$name" "$name"
	done
} | "$@" -P - | sed -n 's/^KSC_NAME(\(.*\), KSC_TOKEN_\(.*\))$/KSC_NAME(\1, "\2")/p' |
	grep -v '__NR_' || { echo "names.sh: no __NR_ names in <$header>" >&2; exit 1; }
