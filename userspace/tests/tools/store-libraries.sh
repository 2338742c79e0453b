#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What is kept is for the libraries that made it, wherever the dynamic linker takes them from;
# where it may take others nothing is kept.
# shellcheck disable=SC2016,SC2034
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=stub.sh
. "$here/stub.sh"
# shellcheck source=kept.sh
. "$here/kept.sh"

make_real crun
conf "runtime = $real" "sysroot = $tmp/tree"
warm_up
without

# keeps_none DESCRIPTION
keeps_none()
{
	before=$(entries)
	once
	once
	ok "$1: made anew each time, nothing kept" eval 'is_cold && quiet && [ "$(entries)" = "$before" ]'
}

library=$(sed -n 's/.*calling init: \(.*libseccomp[^ ]*\)$/\1/p' "$tmp/linked" | head -n 1)
mkdir "$tmp/lib" "$tmp/lib1"
cp "$library" "$tmp/lib/libseccomp.so.2"
# None is there yet.
export LD_LIBRARY_PATH="$tmp/lib1"
keeps_none "libraries from elsewhere"
cp "$library" "$tmp/lib1/libseccomp.so.2"
once
ok "a library that appears in front of another is taken" loads "$tmp/lib1/libseccomp"
export LD_LIBRARY_PATH=
misses "an empty list of places for libraries"
unset LD_LIBRARY_PATH
LD_PRELOAD=$library
# The sanitizer's library wants to be first.
! ldd "$wrapper" | grep -q libasan || LD_PRELOAD=$("${CC:-cc}" -print-file-name=libasan.so):$LD_PRELOAD
export LD_PRELOAD
keeps_none "a library that is loaded before others"
unset LD_PRELOAD
# A file by the side of the wrapper that brings a search path of its own.
mkdir "$tmp/w" "$tmp/w/real"
cp "$wrapper" "$tmp/w"
cp "${wrapper%/*}/ksyscalls-rewrite.so" "$tmp/w/real"
here_wrapper=$wrapper
for tags in disable enable; do
	"${CC:-cc}" -shared -o "$tmp/w/ksyscalls-rewrite.so" -Wl,--$tags-new-dtags,--no-as-needed \
		-Wl,-rpath,"$tmp/none:$tmp/w/real" "$tmp/w/real/ksyscalls-rewrite.so"
	wrapper=$tmp/w/ksyscalls-runtime
	keeps_none "a search path in a library, $tags-new-dtags"
	wrapper=$here_wrapper
done
cat >"$tmp/within" <<-'WITHIN'
	#!/bin/sh
	eval "$BEFORE" && exec "$@"
WITHIN
chmod +x "$tmp/within"
if unshare -rm true 2>/dev/null; then
	around="unshare -rm $tmp/within"
	mkdir "$tmp/etc"
	cp /etc/ld.so.cache "$tmp/etc"
	export BEFORE="mount --bind '$tmp/etc' /etc"
	misses "another cache of the dynamic linker"
	: >"$tmp/etc/ld.so.preload"
	keeps_none "a list of libraries that are loaded before others"
	rm "$tmp/etc/ld.so.preload"
	once
	ok "without that list: warm" is_warm
	rm "$tmp/etc/ld.so.cache"
	keeps_none "no cache of the dynamic linker"
	cp "$wrapper" "$tmp/etc/ld.so.cache"
	keeps_none "a cache that does not have the library"
	BEFORE="mount --bind '$tmp/lib/libseccomp.so.2' '$library'"
	misses "another libseccomp in the same place"
	around=
else
	skip "another libseccomp in the same place" "unshare -rm is not permitted here"
fi
done_testing
