#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What is published against what invocation of every number finds.
. "$(dirname "$0")/ktap.sh"

need_module
"$here/truth"
