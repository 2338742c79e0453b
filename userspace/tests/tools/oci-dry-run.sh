#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# oci --dry-run: what would change is shown, and nothing does.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

make_small_tree "$tmp/tree"
K=--sysroot=$tmp/tree
mkdir "$tmp/b"
cat >"$tmp/in" <<'EOF2'
{"ociVersion":"1.0.2","process":{"args":["/x"]},"linux":{"seccomp":{
"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":1,"architectures":["SCMP_ARCH_X86_64"],
"syscalls":[{"names":["read","write","openat2"],"action":"SCMP_ACT_ALLOW"}]}}}
EOF2
cp "$tmp/in" "$tmp/b/config.json"

exits "a bundle" 0 oci --bundle="$tmp/b" --mode=flip --dry-run "$K"
cp "$tmp/out" "$tmp/diff"
ok "stays as it was" cmp "$tmp/in" "$tmp/b/config.json"
ok "nothing is left beside it" [ "$(ls -A "$tmp/b")" = config.json ]
ok "the names of both" [ "$(head -n 2 "$tmp/diff" | tr '\n' ' ')" = '--- config.json +++ config.json, rewritten ' ]
ok "the mark is new" grep -q '^+.*"org.ksyscalls.seccomp"' "$tmp/diff"
ok "the old errno goes" grep -q '^-.*"defaultErrnoRet":1' "$tmp/diff"
ok "what stays the same is no change" not grep -q '^[-+].*ociVersion' "$tmp/diff"
exits "standard input" 0 oci --mode=flip --dry-run "$K" <"$tmp/in"
ok "has the same difference" [ "$(sed 1,2d "$tmp/out" | cksum)" = "$(sed 1,2d "$tmp/diff" | cksum)" ]

# Applied to the one, the difference makes the other.
exits "for real" 0 oci --bundle="$tmp/b" --mode=flip "$K"
if command -v patch >/dev/null && command -v jq >/dev/null; then
	jq --indent 2 . "$tmp/in" | sed 's/": /":/' >"$tmp/config.json"
	run patch -s "$tmp/config.json" "$tmp/diff"
	ok "it fits what was there" [ "$status" = 0 ]
	jq -S . "$tmp/config.json" >"$tmp/shown"
	jq -S . "$tmp/b/config.json" >"$tmp/real"
	ok "and makes of it what the rewriting does" cmp "$tmp/shown" "$tmp/real"
else
	skip "the difference, applied" "it needs jq and patch: apt-get install jq patch"
fi
exits "what is rewritten already" 0 oci --bundle="$tmp/b" --mode=flip --dry-run "$K"
ok "has no difference" [ ! -s "$tmp/out" ]

printf '{"linux":{"seccomp":[]}}' >"$tmp/b/config.json"
refuses "what cannot be rewritten" 1 'stays as it was' oci --bundle="$tmp/b" --dry-run "$K"
run sh -c '"$0" oci --dry-run "$1" <"$2"' "$KSYSCALLS" "$K" "$tmp/b/config.json"
ok "from standard input neither" refused 1 'stays as it was'
refuses "a report in the same place" 2 "--report needs a file of its own" \
	oci --bundle="$tmp/b" --dry-run --report=- "$K"
mv "$tmp/b/config.json" "$tmp/elsewhere.json"
cp "$tmp/in" "$tmp/elsewhere.json"
ln -s "$tmp/elsewhere.json" "$tmp/b/config.json"
refuses "a link, which is not rewritten either" 2 'symbolic link' oci --bundle="$tmp/b" --dry-run "$K"
refuses "no bundle" 2 'No such file' oci --bundle="$tmp/none" --dry-run "$K"
done_testing
