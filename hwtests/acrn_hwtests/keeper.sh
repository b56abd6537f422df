# The keeper: runs on the board for as long as a run of the hardware tier has it. It holds the lock,
# owns the run's folder, and ends what the run has started once the run is over, however that came
# about: its standard input is a pipe from the run, and the end of that pipe is the end of the run.
#
# Arguments: the lock's path, the parent of the run's folder, who runs, acrnctl's path, and where
# acrn-dm keeps its files; the last two may be in the run's folder. It answers with one line,
# `locked WHO`, `error WHAT` or `ready FOLDER`, the last after a line `left WHO` for each run that
# died and left its lock.
set -u
umask 077
trap '' HUP INT TERM PIPE
lock=$1 base=$2 owner=$3 acrnctl_path=$4 run_path=$5

# Returns a path as it is from the folder of a run.
within() { # FOLDER PATH
    case $2 in
    /*) echo "$2" ;;
    *) echo "$1/$2" ;;
    esac
}

# Ends the guests of a run's folder, all at once, and removes it. The folder is put aside first: a
# launch that is under way does not find its own then, and stops.
clean() { # FOLDER
    [ ! -e "$1" ] || mv "$1" "$1.ended"
    acrnctl=$(within "$1.ended" "$acrnctl_path")
    run=$(within "$1.ended" "$run_path")
    for file in "$1.ended"/*/pid "$1.ended"/*/stderr; do
        [ ! -e "$file" ] || dirname "$file"
    done | sort -u | {
        while IFS= read -r guest; do
            end_guest "$guest" &
        done
        wait
    }
    rm -rf "$1.ended"
}

fail() {
    echo "error $*"
    exit 1
}

command -v flock >/dev/null || fail "flock is missing; install util-linux on the board"
[ ! -L "$lock" ] || fail "$lock is a link; see who made it, and remove it"
(: >>"$lock") 2>/dev/null || fail "$lock cannot be written; look who owns it"
[ -O "$lock" ] || fail "$lock is another user's; see who made it, and remove it"
exec 9>>"$lock"
flock -n 9 || {
    echo "locked $(head -n 1 "$lock")"
    exit 1
}

# What a run leaves here that died together with its keeper. Only a folder that a keeper has made
# is ever removed, whatever the note says.
while IFS= read -r who && { IFS= read -r folder || [ -n "$folder" ]; }; do
    case ${folder#"$base"/acrn-hwtests.} in
    "$folder" | */*) ;;
    *) clean "$folder" ;;
    esac
    echo "left $who"
done <"$lock"

folder=$(mktemp -d "$base/acrn-hwtests.XXXXXX") || fail "no folder in $base; make room there"
printf '%s\n%s\n' "$owner" "$folder" >"$lock"
echo "ready $folder"
cat >/dev/null
clean "$folder"
: >"$lock"
