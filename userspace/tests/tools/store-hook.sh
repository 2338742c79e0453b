#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What the command keeps as a hook: as the wrapper does, but nothing of which it has to tell.
# shellcheck disable=SC2016,SC2034
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=stub.sh
. "$here/stub.sh"
# shellcheck source=kept.sh
. "$here/kept.sh"

make_real crun
make_lesser_tree "$tmp/tree2"

# hook WORD...: what it makes of the original is in $tmp/out
hook()
{
	run timeout 30 "$KSYSCALLS" oci --store="$store" "$@" <"$tmp/original"
}

hook_as_without()
{
	[ "$status" = 0 ] && quiet && cmp -s "$tmp/out" "$tmp/hooked"
}

rm -rf "$store"
"$KSYSCALLS" oci --sysroot="$tmp/tree" --mode=flip <"$tmp/original" >"$tmp/hooked"
hook --sysroot="$tmp/tree" --mode=flip
ok "oci, cold: as without a store, and kept" eval 'hook_as_without && [ "$(entries)" = 1 ]'
entry=$(kept "$store")
made=$(stat -c %i "$entry")
hook --sysroot="$tmp/tree" --mode=flip
ok "oci, warm: the same, and not made anew" eval 'hook_as_without && [ "$(stat -c %i "$entry")" = "$made" ]'
for words in --mode=explicit '--mode=flip --runtime=crun' '--mode=explicit --runtime=runc' --strict \
		'--mode=flip --keep-fatal' "--mode=flip --sysroot=$tmp/tree2"; do
	before=$(entries)
	# shellcheck disable=SC2086 # words
	hook --sysroot="$tmp/tree" $words
	# shellcheck disable=SC2086 # words
	"$KSYSCALLS" oci --sysroot="$tmp/tree" $words <"$tmp/original" >"$tmp/hooked"
	ok "oci $words: another one is kept" eval 'hook_as_without && [ "$(entries)" = $((before + 1)) ]'
	# shellcheck disable=SC2086 # words
	hook --sysroot="$tmp/tree" $words
	ok "oci $words: and used" eval 'hook_as_without && [ "$(entries)" = $((before + 1)) ]'
done
printf '\377' | dd of="$entry" bs=1 seek=200 conv=notrunc 2>/dev/null
"$KSYSCALLS" oci --sysroot="$tmp/tree" --mode=flip <"$tmp/original" >"$tmp/hooked"
hook --sysroot="$tmp/tree" --mode=flip
ok "oci, a damaged one: not used, one line" \
	eval 'warned_once damaged && cmp -s "$tmp/out" "$tmp/hooked"'
hook --sysroot="$tmp/tree" --mode=flip
ok "oci, a damaged one: mended" hook_as_without
for words in "--bundle=$tmp/b" "--report=$tmp/report" --dry-run; do
	run "$KSYSCALLS" oci --store="$store" "$words" <"$tmp/original"
	ok "oci --store ${words%%=*}: refused" eval '[ "$status" = 2 ] && says "for standard input"'
done
if unshare -rm true 2>/dev/null; then
	before=$(entries)
	for _ in 1 2; do
		run unshare -rm sh -c 'mount -t tmpfs none /sys/kernel && mount -t tmpfs none /run &&
			exec "$1" oci --store="$2"' sh "$KSYSCALLS" "$store" <"$tmp/original"
	done
	ok "oci without a view: told of each time, so not kept" eval '[ "$status" = 0 ] &&
		warned_once "the profile alone decides" && [ "$(entries)" = "$before" ]'
else
	skip "oci without a view" "unshare -rm is not permitted here"
fi
cp -r "$tmp/tree" "$tmp/part"
rm -r "$tmp/part/sys/kernel/syscalls/i386"
before=$(entries)
hook --sysroot="$tmp/part"
hook --sysroot="$tmp/part"
ok "oci with a part of a view: told of each time, so not kept" eval '[ "$status" = 0 ] &&
	warned_once "does not tell of" && [ "$(entries)" = "$before" ]'
conf "runtime = $real" "sysroot = $tmp/part"
once
cp "$tmp/err" "$tmp/said"
once
ok "a part of a view, warm: the same line from the wrapper" \
	eval 'is_warm && warned_once "does not tell of" && cmp -s "$tmp/err" "$tmp/said"'
conf "runtime = $real" "sysroot = $tmp/tree"
run "$KSYSCALLS" oci --store=perhaps <"$tmp/original"
ok "oci --store=perhaps: refused" eval '[ "$status" = 2 ] && says "takes yes, no or"'
done_testing
