// SPDX-License-Identifier: LGPL-2.1-or-later

// Which syscalls a kernel implements, out of its files alone: tree [ROOT]; see tree.py.
package main

import (
	"fmt"
	"log"
	"math/big"
	"os"
	"path/filepath"
	"strings"
)

func text(path ...string) string {
	data, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		log.Fatal(err)
	}
	return strings.TrimSpace(string(data))
}

func main() {
	tree := filepath.Join(append(os.Args, "/")[1], "sys/kernel/syscalls")
	if text(tree, "version") != "1" {
		log.Fatal(tree, ": a version that this program does not read")
	}
	abis, _ := filepath.Glob(filepath.Join(tree, "*", "bitmap")) // other directories may come
	for _, file := range abis {
		dir, abi := filepath.Dir(file), filepath.Base(filepath.Dir(file))
		// Words of 32 bits, the most significant first, with commas between.
		bits, _ := new(big.Int).SetString(strings.ReplaceAll(text(file), ",", ""), 16)
		names := map[string]string{}
		fields := strings.Fields(text(dir, "names"))
		for i := len(fields) - 2; i >= 0; i -= 2 { // of several, the first
			names[fields[i]] = fields[i+1]
		}
		fmt.Println(abi, text(dir, "audit_arch"), text(dir, "base"), text(dir, "nr_syscalls"))
		for nr := 0; nr < bits.BitLen(); nr++ {
			if name := names[fmt.Sprint(nr)]; bits.Bit(nr) == 1 && name != "" {
				fmt.Println(abi, nr, name)
			} else if bits.Bit(nr) == 1 {
				fmt.Println(abi, nr, "-")
			}
		}
	}
}
