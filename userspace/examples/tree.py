#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which syscalls a kernel implements, out of its files alone: tree.py [ROOT]

One line per ABI: its name, AUDIT_ARCH_* value, base and size. Then one per implemented
number, relative to the base, with its name.
"""
import pathlib
import sys


def read_abi(directory):
    def text(name):
        return (directory / name).read_text().strip()

    # Words of 32 bits, the most significant first, with commas between.
    bits = int(text("bitmap").replace(",", ""), 16)
    names = {}
    for line in text("names").splitlines():
        number, name = line.split()
        names.setdefault(int(number), name)     # of several, the first
    print(directory.name, text("audit_arch"), text("base"), text("nr_syscalls"))
    for number in range(int(text("nr_syscalls"))):
        if bits >> number & 1:
            print(directory.name, number, names.get(number, "-"))


tree = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "/") / "sys/kernel/syscalls"
if (tree / "version").read_text() != "1\n":
    sys.exit(f"{tree}: a version that this program does not read")
for path in sorted(tree.iterdir()):
    if (path / "bitmap").exists():              # others may come
        read_abi(path)
