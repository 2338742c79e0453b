# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154
#
# A runtime that tells how it was started, and bundles for the wrapper to rewrite
# first. Source it after tap.sh.

wrapper=$(dirname "$KSYSCALLS")/ksyscalls-runtime

mkdir -p "$tmp/bin" "$tmp/b" "$tmp/cwd" "$tmp/a dir=1"
cat >"$tmp/bin/stub" <<-'EOF2'
	#!/bin/sh
	{
		echo "name $(basename "$0")"
		for word; do
			echo "word <$word>"
		done
		env | grep -v -e '^_=' -e '^PWD=' -e '^OLDPWD=' -e '^SHLVL=' | sort | sed 's/^/env /'
		for fd in 0 1 2 3 4 5 6 7 8 9; do
			[ ! -e /proc/self/fd/$fd ] || echo "fd $fd $(readlink /proc/$$/fd/$fd)"
		done
	} >"$STUB_OUT"
	exit 42
EOF2
chmod +x "$tmp/bin/stub"
cp "$tmp/bin/stub" "$tmp/bin/runc"
cp "$tmp/bin/stub" "$tmp/bin/crun"
# shellcheck disable=SC2016 # as it is
{
	echo '# run.oci.seccomp_bpf_data, which crun knows since 0.18'
	echo '# errno value specified for action `%s`, of 0.19, by which it heeds defaultErrnoRet'
} >>"$tmp/bin/crun"
make_small_tree "$tmp/tree"
PATH=$tmp/bin:$PATH
STUB_OUT=$tmp/stub
KSYSCALLS_RUNTIME_CONF=$tmp/conf
export PATH STUB_OUT KSYSCALLS_RUNTIME_CONF

# The machine's own store is none of a test's concern.
conf()	# LINE...
{
	printf '%s\n' "$@" "store = $tmp/store" >"$tmp/conf"
}

cat >"$tmp/original" <<-'EOF2'
	{"ociVersion":"1.0.2","process":{"args":["/x"]},"linux":{"seccomp":{
	"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":1,"architectures":["SCMP_ARCH_X86_64"],
	"syscalls":[{"names":["read","write","openat2"],"action":"SCMP_ACT_ALLOW"}]}}}
EOF2

fresh()
{
	for dir in b cwd 'a dir=1'; do
		cp "$tmp/original" "$tmp/$dir/config.json"
		cp "$tmp/original" "$tmp/$dir/other.json"
	done
	rm -f "$tmp/stub"
}

# What was rewritten, relative to the test's directory
rewritten()
{
	(cd "$tmp" && for file in b cwd 'a dir=1'; do
		for name in config.json other.json; do
			cmp -s "$file/$name" original || printf '%s;' "$file/$name"
		done
	done)
}

# start WORD...: from the directory cwd; nothing but the stub's own may end it
start()
{
	fresh
	status=0
	(cd "$tmp/cwd" && exec timeout 30 "$wrapper" "$@") >"$tmp/out" 2>"$tmp/err" || status=$?
}

# The words in $tmp/words, and no others, reached the stub.
same_words()
{
	{ grep '^word' "$tmp/stub" || :; } | cmp -s - "$tmp/words"
}

quiet()
{
	[ ! -s "$tmp/err" ]
}

warned_once()
{
	[ "$(wc -l <"$tmp/err")" = 1 ] && grep -q -e "$1" "$tmp/err"
}
