# SPDX-License-Identifier: GPL-2.0-only
# plot.gp: gnuplot -c plot.gp TABLE PICTURE: the scoreboard's sums as bars. TABLE has a
# line per kernel: its name, numbers asked, and wrong answers of runc to 1.1.14, of runc
# since, of crun and with ksyscalls.
set terminal svg size 960,400 font "sans-serif,11" background "white"
set output ARG2
set datafile separator "\t"
stats ARG1 using 6 nooutput
set title "Numbers answered wrongly, of some 500 of each ABI, under Docker's profile of Debian 13"
set style data histograms
set style histogram clustered gap 1
set style fill solid 0.9 noborder
set grid ytics lc rgb "#d0d0d0"
set border 3 lc rgb "#606060"
set tics nomirror
set xtics rotate by 50 right font ",9"
set yrange [0:*]
set key top right horizontal
plot ARG1 using 5:xtic(1) title "crun" lc rgb "#c0504d", \
     "" using 3 title "runc to 1.1.14" lc rgb "#e3a857", \
     "" using 4 title "runc since" lc rgb "#8eb4e3", \
     "" using 6 title sprintf("with ksyscalls: %d", STATS_sum) lc rgb "#2e7d32"
