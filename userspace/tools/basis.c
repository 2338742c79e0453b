// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two rewritings with the same key, and with the same files besides, have the same result.
 * What is not sure to be the same counts as another.
 */
#include <errno.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "../lib/core/private.h"
#include "../lib/shared.h"
#include "basis.h"
#include "file.h"
#include "rewrite/rewrite.h"

extern char **environ;

#define IDENTITY_LEN	160

#define LINKER_CACHE	"/etc/ld.so.cache"
#define CACHE_MAX	(4u << 20)

/* A file that was written to has another time of change, whatever others are set to. */
static bool identify(const char *path, char text[IDENTITY_LEN])
{
	struct stat st;

	if (stat(path, &st)) {
		strcpy(text, "none");
		return false;
	}
	snprintf(text, IDENTITY_LEN, "%llx %llx %llx %lld.%09ld %lld.%09ld",
		 (unsigned long long)st.st_dev, (unsigned long long)st.st_ino,
		 (unsigned long long)st.st_size, (long long)st.st_mtim.tv_sec,
		 st.st_mtim.tv_nsec, (long long)st.st_ctim.tv_sec, st.st_ctim.tv_nsec);
	return true;
}

/* ---- before ----------------------------------------------------------- */

/* With its length, so that no two rows of values run together into one. */
static void add(struct ksc_sha256 *s, const void *data, size_t len)
{
	uint64_t n = len;

	ksc_sha256_update(s, &n, sizeof(n));
	ksc_sha256_update(s, data, len);
}

static void add_text(struct ksc_sha256 *s, const char *text)
{
	add(s, text, strlen(text));
}

static bool add_file(struct ksc_sha256 *s, const char *path)
{
	char text[IDENTITY_LEN];
	bool found = identify(path, text);

	add_text(s, path);
	add_text(s, text);
	return found;
}

/* The view as it is now; where there is none, what there is to say of that. */
static bool add_view(struct ksc_sha256 *s, const char *sysroot)
{
	uint8_t digest[32];
	struct ksc *k;
	int ret = ksc_open(&k, *sysroot ? sysroot : NULL);

	if (!k)
		return false;
	ksc_digest(k, digest);
	add(s, &ret, sizeof(ret));
	add(s, digest, sizeof(digest));
	add_text(s, ksc_error(k));
	add_text(s, ksc_source(k));
	add_text(s, ksc_release(k) ?: "");
	add_text(s, ksc_root(k) ?: "");
	ksc_close(k);
	return true;
}

/* All, so that one that is added counts; but most of them end with thousands of zeros. */
static void add_knobs(struct ksc_sha256 *s, const struct knobs *knobs)
{
	const char *bytes = (const char *)knobs;
	size_t len = offsetof(struct knobs, file);

	while (len && !bytes[len - 1])
		len--;
	add(s, bytes, len);
}

static bool add_kernel(struct ksc_sha256 *s)
{
	struct utsname u;

	if (uname(&u))
		return false;
	add_text(s, u.release);
	add_text(s, u.version);
	add_text(s, u.machine);
	return true;
}

/*
 * The dynamic linker takes libseccomp from where its cache says. What makes it look elsewhere
 * first may find another one there at any time, so there is no telling. All else that it is
 * told counts as it is.
 */
static bool add_linker(struct ksc_sha256 *s)
{
	static const char *const elsewhere[] = { "LD_LIBRARY_PATH", "LD_PRELOAD", "LD_AUDIT" };
	const char *value;
	struct stat st;
	size_t i;
	char **e;

	for (i = 0; i < ARRAY_SIZE(elsewhere); i++) {
		value = getenv(elsewhere[i]);
		if (value && *value)
			return false;
	}
	if (!stat("/etc/ld.so.preload", &st) || errno != ENOENT || !add_file(s, LINKER_CACHE))
		return false;
	for (e = environ; *e; e++) {
		if (!strncmp(*e, "LD_", 3) || !strncmp(*e, "GLIBC_TUNABLES=", 15))
			add_text(s, *e);
	}
	return true;
}

static bool add_basis(struct ksc_sha256 *s, const struct basis *b)
{
	size_t i;

	add_text(s, ksc_version());
	if (!add_file(s, b->maker))
		return false;
	for (i = 0; i < ARRAY_SIZE(b->runtimes); i++) {
		if (!strchr(b->runtimes[i], '/'))
			add_text(s, b->runtimes[i]);
		else if (!add_file(s, b->runtimes[i]))
			return false;
	}
	add_text(s, b->sysroot);
	add(s, &b->mode, sizeof(b->mode));
	add(s, &b->strict, sizeof(b->strict));
	add_knobs(s, b->knobs);
	add(s, b->profile, b->len);
	return add_view(s, b->sysroot) && add_kernel(s);
}

bool basis_key_without_libraries(const struct basis *b, uint8_t key[STORE_KEY_LEN])
{
	struct ksc_sha256 s;

	ksc_sha256_init(&s);
	if (!add_basis(&s, b))
		return false;
	ksc_sha256_final(&s, key);
	return true;
}

bool basis_key(const struct basis *b, uint8_t key[STORE_KEY_LEN])
{
	struct ksc_sha256 s;

	ksc_sha256_init(&s);
	if (!add_basis(&s, b) || !add_linker(&s))
		return false;
	ksc_sha256_final(&s, key);
	return true;
}

/* ---- afterwards ------------------------------------------------------- */

struct libraries {
	FILE *out;
	char *cache;			/* of the dynamic linker */
	size_t cache_len;
};

/* Directories that an object itself has searched before the cache. */
static bool has_search_path(const struct dl_phdr_info *info)
{
	const ElfW(Dyn) *d;
	size_t i;

	for (i = 0; i < info->dlpi_phnum; i++) {
		if (info->dlpi_phdr[i].p_type != PT_DYNAMIC)
			continue;
		d = (const ElfW(Dyn) *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
		for (; d->d_tag != DT_NULL; d++) {
			if (d->d_tag == DT_RPATH || d->d_tag == DT_RUNPATH)
				return true;
		}
	}
	return false;
}

/* By its path: the dynamic linker itself, and what is opened by its path. */
static bool is_not_searched(const struct dl_phdr_info *info)
{
	return info->dlpi_addr == getauxval(AT_BASE) ||
	       !strcmp(ksc_base_name(info->dlpi_name), REWRITE_FILE);
}

/* Texts there end with a NUL, as each begins behind one. */
static bool is_cached(const struct libraries *l, const char *path)
{
	char text[PATH_MAX + 1] = "";
	size_t len = strlen(path);

	if (len >= PATH_MAX)
		return false;
	strcpy(text + 1, path);
	return memmem(l->cache, l->cache_len, text, len + 2);
}

/* A line for each: its identity, and its path behind the last space but those in it. */
static int add_library(struct dl_phdr_info *info, size_t size, void *arg)
{
	const struct libraries *l = arg;
	char text[IDENTITY_LEN];
	const char *path = info->dlpi_name ?: "";

	/* What the kernel maps by itself. */
	if (*path && !strchr(path, '/'))
		return 0;
	if (has_search_path(info))
		return -1;
	/* The program. */
	if (!*path)
		return 0;
	if (*path != '/' || strchr(path, '\n') || !identify(path, text) ||
	    !(is_not_searched(info) || is_cached(l, path)))
		return -1;
	return fprintf(l->out, "%s %s\n", text, path) < 0 ? -1 : 0;
}

char *basis_files(void)
{
	struct libraries l = { NULL };
	char *text = NULL;
	size_t len;
	bool known = false;

	if (file_read(LINKER_CACHE, CACHE_MAX, &l.cache, &l.cache_len))
		return NULL;
	l.out = open_memstream(&text, &len);
	if (l.out) {
		known = !dl_iterate_phdr(add_library, &l);
		known = !fclose(l.out) && known;
	}
	free(l.cache);
	if (known)
		return text;
	free(text);
	return NULL;
}

bool basis_files_same(const char *files)
{
	char text[IDENTITY_LEN], path[PATH_MAX];
	const char *slash, *end;

	for (; *files; files = end + 1) {
		end = strchr(files, '\n');
		slash = strchr(files, '/');
		if (!end || !slash || slash == files || slash > end ||
		    snprintf(path, sizeof(path), "%.*s", (int)(end - slash), slash) >= PATH_MAX ||
		    !identify(path, text) || strlen(text) != (size_t)(slash - files - 1) ||
		    strncmp(text, files, strlen(text)))
			return false;
	}
	return true;
}
