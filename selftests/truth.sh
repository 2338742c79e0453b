#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What is published against what invocation of every number finds.
. "$(dirname "$0")/lib.sh"

need_module
"$here/truth"
