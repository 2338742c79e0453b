// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Where in a program's file the texts are that it works with: not among its instructions, nor
 * in what debuggers read. What somebody has put behind the program may be anything.
 */
#include <link.h>
#include <string.h>
#include <unistd.h>

#include "../shared.h"
#include "elf.h"

#define SECTIONS_MAX	128
#define NAMES_MAX	4096

static bool read_at(int fd, void *buf, size_t len, uint64_t at)
{
	return pread(fd, buf, len, (off_t)at) == (ssize_t)len;
}

/* One that this machine runs. Others may be right, too, but there is no need to be fast. */
static bool is_native(const ElfW(Ehdr) *e)
{
	const uint16_t one = 1;
	const unsigned char order = *(const unsigned char *)&one ? ELFDATA2LSB : ELFDATA2MSB;

	return !memcmp(e->e_ident, ELFMAG, SELFMAG) && e->e_ident[EI_DATA] == order &&
	       e->e_ident[EI_CLASS] == (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32) &&
	       e->e_shentsize == sizeof(ElfW(Shdr));
}

/* Go's tables of functions are data, and larger than all others together. */
static bool has_texts(const ElfW(Shdr) *s, const char *name)
{
	return s->sh_flags & SHF_ALLOC && !(s->sh_flags & SHF_EXECINSTR) &&
	       s->sh_type == SHT_PROGBITS && strcmp(name, ".gopclntab");
}

/**
 * elf_find_texts() - the parts of a file with a program's texts
 * @fd: the file
 * @size: its size in bytes
 * @parts: receives them
 *
 * Return: how many there are; 0 if there is no telling, so that all of the file has to be
 * looked at.
 */
size_t elf_find_texts(int fd, uint64_t size, struct part parts[ELF_PARTS])
{
	ElfW(Shdr) sections[SECTIONS_MAX], *s;
	char names[NAMES_MAX];
	ElfW(Ehdr) e;
	uint64_t end;
	size_t n = 0;

	if (!read_at(fd, &e, sizeof(e), 0) || !is_native(&e) || e.e_shnum > SECTIONS_MAX ||
	    e.e_shstrndx >= e.e_shnum ||
	    !read_at(fd, sections, e.e_shnum * sizeof(*sections), e.e_shoff))
		return 0;
	s = &sections[e.e_shstrndx];
	if (!s->sh_size || s->sh_size > sizeof(names) ||
	    !read_at(fd, names, s->sh_size, s->sh_offset) || names[s->sh_size - 1])
		return 0;
	end = e.e_shoff + e.e_shnum * sizeof(*sections);
	for (s = sections; s < sections + e.e_shnum; s++) {
		if (s->sh_name >= sections[e.e_shstrndx].sh_size || s->sh_offset > size ||
		    (s->sh_type != SHT_NOBITS && s->sh_size > size - s->sh_offset))
			return 0;
		if (s->sh_type != SHT_NOBITS && s->sh_offset + s->sh_size > end)
			end = s->sh_offset + s->sh_size;
		if (!has_texts(s, names + s->sh_name))
			continue;
		if (n == ELF_PARTS - 1)
			return 0;
		parts[n++] = (struct part){ s->sh_offset, s->sh_offset + s->sh_size };
	}
	if (end < size)
		parts[n++] = (struct part){ end, size };
	return n;
}
