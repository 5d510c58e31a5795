# shellcheck shell=sh
# shellcheck disable=SC2154,SC2034 # $build is of those who source this; $seconds and $kib are for them
# What the benchmarks measure with, and a line of their tables.

# measure RUNS INPUT COMMAND...: sets $seconds (median) and $kib (peak)
measure() {
	measured=$("$build/bench-run" "$@")
	seconds=${measured% *} kib=${measured#* }
}

# row WHAT OURS UNIT-FACTOR UNIT OTHER GOAL-SIGN GOAL NAME: one line of the table. The ratio is ours/other; for a goal with >= it is other/ours.
row() {
	awk -v what="$1" -v ours="$2" -v factor="$3" -v unit="$4" -v other="$5" -v sign="$6" -v goal="$7" -v name="$8" 'BEGIN {
		ratio = sign == ">=" ? other / ours : ours / other
		good = sign == ">=" ? ratio >= goal : ratio <= goal
		printf "%-27s %8.3f %-3s %9.3f %-15s %7.2f  %s %-5.3g%s\n", what, ours * factor, unit, other * factor, name, ratio,
			sign, goal, good ? "" : " MISSED"
	}'
}
