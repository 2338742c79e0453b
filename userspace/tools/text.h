/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text of others on a terminal: what a configuration, a profile or a file's name
 * says is printed, and never obeyed.
 */
#ifndef KSYSCALLS_TEXT_H
#define KSYSCALLS_TEXT_H

#include <stdarg.h>
#include <stdio.h>

/* Prints @text with each byte of a control character as \xNN. */
void text_print(FILE *f, const char *text);

/* One line on stderr, written at once: "who: " and what @fmt makes, as text_print() has it. */
__attribute__((format(printf, 2, 0)))
void text_say(const char *who, const char *fmt, va_list ap);

#endif
