/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef KSC_OCI_ELF_H
#define KSC_OCI_ELF_H

#include <stdint.h>

/* Of a file. */
struct part {
	uint64_t start, end;
};

#define ELF_PARTS	64

size_t elf_find_texts(int fd, uint64_t size, struct part parts[ELF_PARTS]);

#endif /* KSC_OCI_ELF_H */
