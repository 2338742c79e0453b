// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/kallsyms, read once: of each function that could be a syscall's entry, whether
 * it is weak, and whether it is another name of one that only says -ENOSYS.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "survey.h"

/* Far beyond any kernel's: with all its modules one has a few hundred thousand lines. */
#define MAX_LINES	(1u << 24)
#define MAX_SYMBOLS	(1u << 18)
#define MAX_LINE	1024

static int cmp_symbol(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int add(struct symbols *s, uint64_t addr, char type, const char *name)
{
	struct symbol *list;

	if (s->count == MAX_SYMBOLS)
		return -E2BIG;
	if (s->count == s->room) {
		list = realloc(s->list, (s->room * 2 + 1024) * sizeof(*list));
		if (!list)
			return -ENOMEM;
		s->list = list;
		s->room = s->room * 2 + 1024;
	}
	s->list[s->count] = (struct symbol) { strdup(name), addr, type };
	return s->list[s->count].name ? (s->count++, 0) : -ENOMEM;
}

/* "address type name", and after a tab the module that it is in. */
static int parse(struct symbols *s, char *line)
{
	char *end, *name, type;
	uint64_t addr;

	addr = strtoull(line, &end, 16);
	if (end == line || end[0] != ' ' || !end[1] || end[2] != ' ')
		return -EBADMSG;
	if (!s->word)
		s->word = (unsigned int)(end - line) / 2;
	type = end[1];
	name = end + 3;
	if (addr)
		s->hidden = false;
	/* Until 6.0 powerpc had entries like ppc_fork. */
	if (!strchr("TtWw", type) || strchr(name, '\t') ||
	    (!strstr(name, "sys") && strncmp(name, "ppc", 3)))
		return 0;
	return add(s, addr, type, name);
}

/**
 * symbols_read() - read the kernel's symbols
 * @s: receives them; for symbols_free()
 * @path: /proc/kallsyms
 *
 * Return: 0; -ENOENT: the kernel has no CONFIG_KALLSYMS; -EBADMSG: not of that form;
 * -E2BIG: too much of it; others: it cannot be read. Nothing to free then.
 */
int symbols_read(struct symbols *s, const char *path)
{
	unsigned int lines = 0;
	char line[MAX_LINE];
	int ret = 0;
	FILE *f;

	*s = (struct symbols) { .hidden = true };
	f = fopen(path, "re");
	if (!f)
		return -errno;
	while (!ret && fgets(line, sizeof(line), f)) {
		char *end = strchr(line, '\n');

		if (!end || ++lines > MAX_LINES) {
			ret = end ? -E2BIG : -EBADMSG;
			break;
		}
		*end = '\0';
		ret = parse(s, line);
	}
	if (!ret && ferror(f))
		ret = -EIO;
	if (!ret && !s->count)
		ret = -EBADMSG;
	fclose(f);
	if (ret)
		symbols_free(s);
	else
		qsort(s->list, s->count, sizeof(*s->list), cmp_symbol);
	return ret;
}

void symbols_free(struct symbols *s)
{
	while (s->count)
		free(s->list[--s->count].name);
	free(s->list);
	s->list = NULL;
}

/* A global one before a local one: several files may have a function of one name. */
static const struct symbol *find(const struct symbols *s, const char *name)
{
	struct symbol key = { .name = (char *)name };
	const struct symbol *found, *end = s->list + s->count;

	found = bsearch(&key, s->list, s->count, sizeof(*s->list), cmp_symbol);
	if (!found)
		return NULL;
	while (found > s->list && !strcmp(found[-1].name, name))
		found--;
	while (found->type == 't' && found + 1 < end && !strcmp(found[1].name, name))
		found++;
	return found;
}

/* Is it another name of one that is called for a number that is not there? */
static bool is_ni(const struct symbols *s, const struct symbol *symbol)
{
	size_t i;

	for (i = 0; i < s->count; i++)
		if (s->list[i].addr == symbol->addr && strstr(s->list[i].name, "sys_ni_") &&
		    strncmp(s->list[i].name, "__pfx_", 6))
			return true;
	return false;
}

/**
 * symbols_entry() - what the kernel has for an entry of its table
 * @s: the symbols
 * @prefixes: what the kernel's wrappers may put before it, tried in this order, ended
 *	by NULL
 * @entry: as the table spells it
 *
 * Return: what is known of it.
 */
enum entry symbols_entry(const struct symbols *s, const char *const *prefixes, const char *entry)
{
	const struct symbol *symbol = NULL;
	char name[256];

	if (!strcmp(entry, "sys_ni_syscall"))
		return ENTRY_STUB;
	for (; *prefixes && !symbol; prefixes++) {
		snprintf(name, sizeof(name), "%s%s", *prefixes, entry);
		symbol = find(s, name);
	}
	if (!symbol)
		return ENTRY_MISSING;
	if (symbol->type == 'W' || symbol->type == 'w' || is_ni(s, symbol))
		return ENTRY_STUB;
	return symbol->type == 't' && s->local_unclear ? ENTRY_UNCLEAR : ENTRY_CODE;
}
