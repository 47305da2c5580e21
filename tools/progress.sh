# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# How far something is, on standard error: on a terminal in one line that changes, elsewhere in a line every
# SILENCE seconds. Sourced by run and tests/run.
SILENCE=${NETCX_SILENCE:-5}

say()
{
	[ ! -t 2 ] || printf '\r\033[K' >&2
	printf '%s\n' "$*" >&2
}

# time_of SECONDS: as a person says it
time_of()
{
	if [ "$1" -lt 90 ]; then
		printf '%d s' "$1"
	else
		printf '%d min' $((($1 + 30) / 60))
	fi
}

# far WHAT DONE TOTAL SECONDS: one line about it
far()
{
	local text="$1: $2 of $3"
	if [ "$2" -gt 10 ] && [ "$2" -lt "$3" ]; then
		text+=", about $(time_of $(($4 * ($3 - $2) / $2))) left"
	fi
	if [ -t 2 ]; then
		printf '\r\033[K%s' "$text" >&2
	else
		printf '%s\n' "$text" >&2
	fi
}

# progress WHAT LOG PATTERN: standard input goes into LOG. A line that the regular expression PATTERN fits says how
# many are done and, if it has a second part, of how many; one with neither counts as one more.
# Until something counts, it is said how long it has been.
progress()
{
	local what=$1 log=$2 pattern=$3 line='' part='' status finished=0 total=0 begun=$SECONDS said=$SECONDS
	: >"$log"
	while true; do
		status=0
		IFS= read -r -t 1 part || status=$?
		line+=$part
		if [ "$status" = 0 ] || { [ "$status" -le 128 ] && [ -n "$line" ]; }; then
			printf '%s\n' "$line" >>"$log"
			if [[ $line =~ $pattern ]]; then
				if [ -n "${BASH_REMATCH[2]:-}" ]; then
					finished=${BASH_REMATCH[1]} total=${BASH_REMATCH[2]}
				elif [ -n "${BASH_REMATCH[3]:-}" ]; then
					total=${BASH_REMATCH[3]}
				else
					finished=$((finished + 1))
				fi
			fi
			line=''
		fi
		if [ "$status" != 0 ] && [ "$status" -le 128 ]; then
			break
		fi
		if [ "$total" -gt 0 ] && { { [ -t 2 ] && [ "$status" = 0 ]; } || [ $((SECONDS - said)) -ge "$SILENCE" ]; }; then
			far "$what" "$finished" "$total" $((SECONDS - begun))
			said=$SECONDS
		elif [ "$total" = 0 ] && [ $((SECONDS - said)) -ge "$SILENCE" ]; then
			if [ -t 2 ]; then
				printf '\r\033[K%s' "$what: $(time_of $((SECONDS - begun)))" >&2
			else
				printf '%s\n' "$what: $(time_of $((SECONDS - begun)))" >&2
			fi
			said=$SECONDS
		fi
	done
	[ ! -t 2 ] || printf '\r\033[K' >&2
}

# with_ninja WHAT DIRECTORY [TARGET ...]: build it, and say how far that is. What ninja and the compilers say is in
# DIRECTORY/ninja.log.
with_ninja()
{
	local what=$1 directory=$2
	shift 2
	NINJA_STATUS='[%f/%t] ' ninja -C "$directory" "$@" 2>&1 |
		progress "$what: compiling" "$directory/ninja.log" '^\[([0-9]+)/([0-9]+)\] '
	return "${PIPESTATUS[0]}"
}

# with_meson DIRECTORY [OPTION ...]: set the build up, unless it is. On failure its log is shown.
with_meson()
{
	local directory=$1 log
	shift
	[ ! -f "$directory/build.ninja" ] || return 0
	mkdir -p "$directory"
	log=$directory/setup.log
	meson setup "$directory" "$@" >"$log" 2>&1 || {
		cat "$log" >&2
		return 1
	}
}
