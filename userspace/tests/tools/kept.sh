# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2016,SC2034,SC2154
#
# For the tests of the store: containers that find something kept, and such as do not. Source
# it after stub.sh.

store=$tmp/store
around=
# A program that starts no others, as a script would.
if ! echo 'int main(void) { return 0; }' | "${CC:-cc}" -x c -o "$tmp/nothing" - 2>"$tmp/err"; then
	echo "1..0 # SKIP no C compiler for the runtime: $(head -n 1 "$tmp/err")"
	exit 0
fi

# What is kept, and what is being written; not what those who write go by.
kept()		# STORE
{
	find "$1" -mindepth 1 ! -name .locks 2>/dev/null
}

entries()
{
	kept "$store" | grep -c '/[0-9a-f]*$'
}

# What the dynamic linker has opened for the wrapper, and by how many processes.
loads()		# PATTERN
{
	grep -q -e "calling init: .*$1" "$tmp/linked"
}

processes()
{
	sed -n 's/^ *\([0-9]*\):.*/\1/p' "$tmp/linked" | sort -u | wc -l
}

# once [BUNDLE]: one container of the original configuration, or of what $original names
once()
{
	rm -f "$tmp"/linked*
	cp "${original:-$tmp/original}" "$tmp/b/config.json"
	status=0
	# shellcheck disable=SC2086 # words, or none
	timeout 30 $around env LD_DEBUG=files LD_DEBUG_OUTPUT="$tmp/linked" "$wrapper" run -b "$tmp/b" \
		id >"$tmp/out" 2>"$tmp/err" || status=$?
	cat "$tmp"/linked.* >"$tmp/linked"
}

is_cold()
{
	[ "$status" = 0 ] && loads ksyscalls-rewrite.so && loads libjson-c && loads libseccomp
}

is_warm()
{
	[ "$status" = 0 ] && not loads ksyscalls-rewrite.so && not loads libjson-c &&
		not loads libseccomp
}

as_without()
{
	cmp -s "$tmp/b/config.json" "$tmp/without"
}

# without: what there is to come out, of a wrapper that keeps nothing
without()
{
	sed -i 's|^store = .*|store = no|' "$tmp/conf"
	once
	cp "$tmp/b/config.json" "$tmp/without"
	sed -i "s|^store = .*|store = $store|" "$tmp/conf"
}

# make_real RUNTIME: text that says what crun knows, behind a program that ends well
make_real()
{
	rm -rf "$tmp/real"
	mkdir "$tmp/real"
	real=$tmp/real/$1
	cat "$tmp/nothing" "$tmp/bin/$1" - >"$real" <<-'WORDS'
		default_errno_ret
	WORDS
	chmod +x "$real"
}

# misses DESCRIPTION: what was kept is for something else; the next is warm again
misses()
{
	once
	ok "$1: not what was kept" is_cold
	cp "$tmp/b/config.json" "$tmp/first"
	once
	ok "$1: kept again" eval 'is_warm && cmp -s "$tmp/b/config.json" "$tmp/first"'
	without
	ok "$1: as without a store" cmp -s "$tmp/first" "$tmp/without"
}

warm_up()
{
	once
	once
}

# make_lesser_tree TREE: the small one, with less in it
make_lesser_tree()
{
	make_small_tree "$1"
	make_abi "$1" x86_64 0xc000003e 0x0 9 <<-NAMES
		0 read
		1 write
		2 open
	NAMES
}
