# SPDX-License-Identifier: GPL-2.0-only
# fish completion for ksyscalls(1): the command itself knows what it takes.

function __ksyscalls_offers
	set -l words (commandline -opc)
	set -l cur (commandline -ct)
	set -l prefix (string match -r -- '^--[^=]*=' $cur)
	for line in ($words[1] --complete $words[2..] $cur 2>/dev/null)
		switch $line
			case :files
				for path in (__fish_complete_path (string replace -- "$prefix" '' $cur))
					echo $prefix$path
				end
			case :dirs
				for path in (__fish_complete_directories (string replace -- "$prefix" '' $cur) '')
					echo $prefix$path
				end
			case :command
				__fish_complete_subcommand
			case '*'
				echo $line
		end
	end
end

complete -c ksyscalls -f -a '(__ksyscalls_offers)'
