# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by the scripts that run on the host: rows, cache, chroot.
set -euo pipefail
# What is built here has a place of its own: neither what a make above says to those that
# it starts, nor what people export who build kernels, is meant for it.
unset MAKELEVEL MAKEFLAGS MFLAGS MAKEOVERRIDES O BUILD OUTPUT INSTALL_PATH KBUILD_OUTPUT ARCH \
	CROSS_COMPILE DESTDIR PREFIX

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tree=${KSC_TREE:-$(cd "$here/../.." && pwd)}
cache=${KSC_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/ksyscalls}
# Two checkouts must not share objects, hence the checksum of the path.
build=$cache/build/$(cksum <<<"$tree" | cut -d' ' -f1)
# The directory with the rows: their matrix.tsv, and the fetch that gets one.
matrix_dir=${KSC_MATRIX_DIR:-$here}
# The cross compilers of this suite build for every kernel from 5.10 on.
chroot_suite=trixie

# shellcheck source=SCRIPTDIR/tap.sh
. "$here/tap.sh"

die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }
say() { printf '%s: %s\n' "${row:-${0##*/}}" "$*" >&2; }

# private_tmp ARG...: this script once more, with a /tmp and a /var/tmp that nobody else sees
# and that vanish with it; not where the tree or the cache is below. They are in KSC_PRIVATE.
private_tmp()
{
	local dir dirs=' '

	[ "$(id -u)" = 0 ] && [ -z "${KSC_PRIVATE:-}" ] || return 0
	for dir in /tmp /var/tmp; do
		case $tree/:$cache/ in
		*:"$dir"/* | "$dir"/*) say "the tree or the cache is in $dir, which therefore is everybody's" ;;
		*) dirs+="$dir " ;;
		esac
	done
	# shellcheck disable=SC2016 # expanded by the inner shell
	KSC_PRIVATE=$dirs exec unshare --mount --propagation private bash -euc '
		for dir in $KSC_PRIVATE; do
			mount -t tmpfs -o mode=1777 tmpfs "$dir"
		done
		exec "$0" "$@"' "$0" "$@"
}

# alone NAME: waits until no other NAME of this checkout runs; their files have one name.
alone()
{
	mkdir -p "$build"
	exec {alone_lock}>"$build/$1.lock"
	flock -n "$alone_lock" && return
	say "another $1 of this checkout runs; waiting for its end"
	flock "$alone_lock"
}

# tsv FILE KEY: sets one variable per column of the line that starts with KEY.
tsv()
{
	local names line
	names=$(grep '^# [a-z]*	' "$1" | tail -n1)
	line=$(grep "^$2	" "$1") || return 1
	# shellcheck disable=SC2086 # one word per column
	IFS=$'\t' read -r ${names###} <<<"$line"
}

rows() { grep -v '^#' "$matrix_dir/matrix.tsv" | cut -f1; }

# row_load NAME: the columns of matrix.tsv and arch.tsv as variables, all declared here.
# shellcheck disable=SC2034 # for the scripts
row_load()
{
	row='' arch='' suite='' version='' flavour='' gcc='' abis='' quick='' boot='' variants=''
	cflags='' fragments='' refusal=- foreign=- vars=- libc=- karch='' triplet='' console=''
	dtb='' from='' qemu=''
	tsv "$matrix_dir/matrix.tsv" "$1" ||
		die "no row '$1' in matrix.tsv; the rows are: $(rows | tr '\n' ' ')"
	tsv "$here/arch.tsv" "$arch" || die "no line for '$arch' in arch.tsv"
	rowdir=$cache/rows/$row
	out=$build/$row
}

# tried KIND NAME [OPTION of boot...]: boots the row and prints what judge finds of that.
# Whatever goes wrong on the way is a test that failed; fails if there is one.
tried()
{
	local kind=$1 name=$2 results

	shift 2
	if ! "$here/boot" "$@" -n "$name" "$row" >&2; then
		echo "not ok $row $name was not booted"
		return 1
	fi
	results=$("$here/judge" -k "$kind" "$row" "$name") || :
	printf '%s\n' "$results"
	case $results in
	*"$row $name clean power-off"* | *"$row $name no clean power-off"*) ;;
	*) echo "not ok $row $name was not judged to the end"; return 1 ;;
	esac
	! grep -q '^not ok' <<<"$results"
}

# tree_files: what belongs to the tree, whether committed or not, ended by NUL.
tree_files()
{
	# Root may look into another user's checkout.
	git -c safe.directory='*' -C "$tree" ls-files -z --cached --others --exclude-standard |
		while IFS= read -r -d '' f; do [ ! -f "$tree/$f" ] || printf '%s\0' "$f"; done
}

# mirror KIND: where this system gets Debian's (KIND=main or security) packages.
mirror()
{
	local main security
	# The system's, whatever apt_for has exported.
	# shellcheck disable=SC2016 # apt expands these, not the shell
	main=${KSC_DEBIAN_MIRROR:-$(env -u APT_CONFIG apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' \
		2>/dev/null | awk '$1 == "Debian" && $2 == "Debian" && !n++ { print $3 }')}
	[ -n "$main" ] || main=$(awk '/^URIs:/ && !/security/ && /debian/ { print $2; exit }' \
		/etc/apt/sources.list.d/debian.sources 2>/dev/null || :)
	[ -n "$main" ] || die "no Debian mirror in the system's apt sources;" \
		"set KSC_DEBIAN_MIRROR to the address of one"
	main=${main%/}
	security=${KSC_DEBIAN_SECURITY_MIRROR:-$main-security}
	if [ "$1" = main ]; then echo "$main"; else echo "$security"; fi
}

keyring()
{
	local k=/usr/share/keyrings/debian-archive-keyring.gpg

	[ -r "$k" ] || die "$k is missing; install debian-archive-keyring"
	echo "$k"
}

# unsigned_source SUITE ARCH: a flat repository: its files are looked for, its signature is not.
unsigned_source() { echo "deb [trusted=yes] $(mirror main) dists/$1/main/binary-$2/"; }

# signed_sources: those of apt_for's suite.
signed_sources()
{
	local main security

	main=$(mirror main) security=$(mirror security)
	echo "deb [signed-by=$key] $main $base main"
	[ "$suite" = "$base" ] || echo "deb [signed-by=$key] $main $suite main"
	[ "$base" = sid ] || echo "deb [signed-by=$key] $security $base-security main"
}

# lacks_index DIR: those of base and suite for which DIR has no index, on one line.
lacks_index()
{
	local s

	for s in "$base" "$suite"; do
		compgen -G "$1/lists/*_dists_${s}_main_binary-${arch}_Packages*" >/dev/null ||
			echo "$s"
	done | sort -u | paste -sd ' '
}

# apt_fresh: not if what was refused lately would be taken now.
apt_fresh()
{
	[ -e "$dir/state/sources.list" ] && [ -n "$(find "$dir/stamp" -mmin -1440 2>/dev/null)" ] &&
		{ [ "${KSC_UNVERIFIED:-}" != 1 ] || [ -z "$(lacks_index "$dir/state")" ]; }
}

# apt_update: into $next, which starts empty: there apt leaves only what it accepts.
apt_update()
{
	apt-get -q update -o Dir::State="$next" -o Dir::Etc::SourceList="$next/sources.list" \
		>>"$dir/log" 2>&1
}

# apt_refresh: fetches the indexes that apt_for chose, beside those that are there. An index
# and what it came from belong together: apt refuses to download what an index lists that
# was once trusted and no longer is.
apt_refresh()
{
	local next=$dir/next s lacking

	say "fetching the package index of $suite/$arch"
	rm -rf "$next"
	mkdir -p "$next/lists/partial"
	signed_sources >"$next/sources.list"
	: >"$dir/log"
	apt_update || say "an index for $suite/$arch was refused, see $dir/log"
	lacking=$(lacks_index "$next")
	if [ -n "$lacking" ] && [ "${KSC_UNVERIFIED:-}" = 1 ]; then
		say "KSC_UNVERIFIED=1: taking the index of $lacking without a signature"
		for s in $lacking; do
			sed -i "/ $s main\$/d" "$next/sources.list"
			unsigned_source "$s" "$arch" >>"$next/sources.list"
		done
		apt_update || :
		lacking=$(lacks_index "$next")
	fi
	if [ -n "$lacking" ]; then
		say "cannot fetch the index of $lacking for $arch: $(grep -m1 '^E:' "$dir/log" ||
			echo "see $dir/log")"
		if [ "$(lacks_index "$dir/state" | wc -w)" -lt "$(wc -w <<<"$lacking")" ]; then
			say "going on with the index of before"
			touch "$dir/stamp"
			return
		fi
	fi
	rm -rf "$dir/state"
	mv "$next" "$dir/state"
	touch "$dir/stamp"
}

# apt_for SUITE ARCH: exports APT_CONFIG, a private apt with that suite's index.
# The index is fetched at most once a day, and not at all when there is no network.
apt_for()
{
	local suite=$1 arch=$2 base=${1%%-*} dir key s
	dir=$cache/apt/$suite-$arch
	key=$(keyring)
	mkdir -p "$cache/apt"
	exec {apt_lock}>"$dir.lock"
	flock "$apt_lock"
	mkdir -p "$dir/state/lists/partial" "$dir/cache/archives/partial"
	touch "$dir/status"
	cat >"$dir/apt.conf" <<-EOF
		APT::Architecture "$arch";
		APT::Architectures { "$arch"; };
		APT::Sandbox::User "root";
		Dir::State "$dir/state";
		Dir::State::status "$dir/status";
		Dir::Cache "$dir/cache";
		Dir::Etc::SourceList "$dir/state/sources.list";
		Dir::Etc::SourceParts "/dev/null";
		Dir::Etc::Preferences "/dev/null";
		Dir::Etc::PreferencesParts "/dev/null";
		Acquire::Languages "none";
		Acquire::Check-Valid-Until "false";
		Acquire::Retries "3";
	EOF
	export APT_CONFIG=$dir/apt.conf
	apt_fresh || apt_refresh
	exec {apt_lock}>&-
}

# index_known FILE: whether what FILE says was read in apt_for's index as it is now; apt takes
# a second for that.
index_known() { [ "$1" -nt "${APT_CONFIG%/*}/stamp" ]; }

# linux_source: prints where the selftests' and the style checker's parts of Debian's
# kernel source are, in the cache.
linux_source()
{
	local name=linux-source-6.12 version dir source_lock

	apt_for trixie amd64
	version=$(apt-cache show --no-all-versions "$name" | sed -n 's/^Version: //p')
	dir=$cache/$name-$version
	exec {source_lock}>"$dir.lock"
	flock "$source_lock"
	if [ ! -e "$dir/complete" ]; then
		say "fetching $name $version"
		rm -rf "$dir"
		mkdir -p "$dir"
		(cd "$dir" && apt-get -qq download "$name" >"$dir.log" 2>&1) ||
			die "cannot download $name, see $dir.log"
		dpkg-deb --fsys-tarfile "$dir"/*.deb | tar -xO --wildcards '*.tar.xz' |
			tar -xJ -C "$dir" --strip-components=1 --wildcards \
				'*/tools/testing/selftests/lib.mk' \
				'*/tools/testing/selftests/kselftest*' \
				'*/scripts/checkpatch.pl' '*/scripts/spelling.txt' \
				'*/scripts/const_structs.checkpatch' ||
			die "cannot unpack $name"
		rm -f "${dir:?}"/*.deb
		touch "$dir/complete"
	fi
	exec {source_lock}>&-
	echo "$dir"
}

# download DIR PACKAGE: the newest version that the mirror really has; else sets why_not.
download()
{
	local v

	why_not="no index has $2"
	for v in $(apt-cache madison "$2" | awk '{ print $3 }'); do
		! why_not=$(cd "$1" && apt-get -qq download "$2=$v" 2>&1) || return 0
	done
	why_not=${why_not%%$'\n'*}
	return 1
}

# get DIR PACKAGE...: downloads and unpacks below DIR, without the kernel's modules.
get()
{
	local dir=$1 deb package
	shift
	for package; do
		download "$dir" "$package" || return 1
	done
	for deb in "$dir"/*.deb; do
		dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$dir" \
			--exclude='./lib/modules' --exclude='./usr/lib/modules/*/kernel' \
			--exclude='./usr/share'
		rm -f "$deb"
	done
}

# chroot_setup PACKAGE...: the chroot with these packages, installed if missing.
chroot_setup()
{
	local want missing=() p

	root=$cache/chroot/$chroot_suite
	mkdir -p "$cache/chroot" "$build"
	exec {root_lock}>"$root.lock"
	flock "$root_lock"
	if [ ! -e "$root.ready" ]; then
		[ "$(id -u)" = 0 ] || die "making a chroot needs root"
		say "making a chroot of $chroot_suite"
		rm -rf "$root"
		env -u APT_CONFIG mmdebstrap --quiet --variant=apt --keyring="$(keyring)" \
			--aptopt='Acquire::Check-Valid-Until "false"' \
			--include=make,libc6-dev "$chroot_suite" "$root" "$(mirror main)" ||
			die "mmdebstrap failed for $chroot_suite"
		touch "$root.ready"
	fi
	for p; do
		# Multi-arch packages carry their architecture in the file's name.
		compgen -G "$root/var/lib/dpkg/info/$p*.list" | grep -qE "/$p(:amd64)?.list\$" ||
			missing+=("$p")
	done
	if [ ${#missing[@]} -gt 0 ]; then
		want=${missing[*]}
		say "installing $want in the chroot"
		in_chroot sh -c "apt-get -qq update && DEBIAN_FRONTEND=noninteractive \
			apt-get -qq --no-install-recommends install $want" >"$root.log" 2>&1 ||
			die "cannot install $want in the chroot, see $root.log"
	fi
	exec {root_lock}>&-
}

# get_source PACKAGE: as apt does it, so that the signature is looked at.
get_source()
{
	local sources=$cache/native/$chroot_suite apt

	apt="apt-get -q -o Dir::Etc::SourceList=$sources/sources.list -o Dir::Etc::SourceParts=-"
	apt+=" -o Dir::State::Lists=$sources/lists"
	mkdir -p "$sources/lists/partial"
	echo "deb-src $(mirror main) $chroot_suite main" >"$sources/sources.list"
	in_chroot sh -euc "cd $sources; rm -rf $1-*; $apt update; $apt source --only-source $1"
}

# source_of PACKAGE: the directory of its unpacked source for the chroot's suite, in the
# cache for good; fails if there is none to be had.
source_of()
{
	local lock dir

	dir=$(compgen -G "${KSC_SOURCES:-/nowhere}/$chroot_suite/$1-*/" | head -n 1) || :
	if [ -n "$dir" ]; then
		say "the source of $1 for $chroot_suite is $dir"
		echo "$dir"
		return
	fi
	mkdir -p "$cache/native"
	exec {lock}>"$cache/native/lock"
	flock "$lock"
	if ! compgen -G "$cache/native/$chroot_suite/$1-*/debian" >/dev/null &&
			! get_source "$1" >"$build/source.log" 2>&1; then
		say "no source of $1 for $chroot_suite, see $build/source.log"
		return 1
	fi
	exec {lock}>&-
	compgen -G "$cache/native/$chroot_suite/$1-*/"
}

# compiler_packages GCC TRIPLET ARCH: a compiler that builds for that, with its linker.
compiler_packages()
{
	case $1 in
	clang-*) echo "$1 lld-${1#clang-} llvm-${1#clang-}" ;;
	*) [ "$2" = x86_64-linux-gnu ] && echo "$1" || echo "$1-${2//_/-} libc6-dev-$3-cross" ;;
	esac
}

# kbuild_compiler GCC TRIPLET: the same, as make variables of a kernel build.
kbuild_compiler()
{
	case $1 in
	clang-*) echo "LLVM=${1#clang}" ;;
	*) echo "CROSS_COMPILE=$2- CC=$2-$1" ;;
	esac
}

# in_chroot CMD...: with the cache and $LINUX at their own paths, the row's headers in /usr.
in_chroot()
{
	local kernel=${rowdir:+$rowdir/current/root} linux=${LINUX:+$(realpath "$LINUX")}

	[ -d "$kernel/usr/src" ] || kernel=
	# shellcheck disable=SC2016 # expanded by the inner shell
	env -u APT_CONFIG LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
	unshare --mount --propagation private bash -euc '
		root=$1 cache=$2 kernel=$3 linux=$4
		shift 4
		mkdir -p "$root$cache"
		mount --bind "$cache" "$root$cache"
		if [ -n "$linux" ]; then
			mkdir -p "$root$linux"
			mount --bind -o ro "$linux" "$root$linux"
		fi
		mount -t proc proc "$root/proc"
		[ -c "$root/dev/null" ] || mknod -m 666 "$root/dev/null" c 1 3
		if [ -n "$kernel" ]; then
			mount --bind "$kernel/usr/src" "$root/usr/src"
			for d in "$kernel"/usr/lib/linux-kbuild-*; do
				[ -d "$d" ] || continue
				mkdir -p "$root/usr/lib/${d##*/}"
				mount --bind "$d" "$root/usr/lib/${d##*/}"
			done
		fi
		exec chroot "$root" "$@"
	' bash "$root" "$cache" "$kernel" "$linux" "$@"
}
