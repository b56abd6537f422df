# Ends one guest and removes what it leaves: by its name and process id, never by a pattern that
# another VM could match. Sets up functions alone; `acrnctl` and `run`, where acrn-dm keeps its files
# (/run on a board), are variables of whoever uses them.

# Tells whether a process is still a guest's acrn-dm, whose last argument is the guest's name; a
# process id alone may be somebody else's by now.
is_guest() { # PID NAME
    [ -n "$1" ] && [ "$(tr '\0' '\n' 2>/dev/null <"/proc/$1/cmdline" | tail -n 1)" = "$2" ]
}

# Waits for a guest's end, up to five seconds.
has_ended() { # PID NAME
    tenths=50
    while is_guest "$1" "$2"; do
        [ "$tenths" -gt 0 ] || return 1
        tenths=$((tenths - 1))
        sleep 0.1
    done
}

# acrnctl talks to the first VM whose name the given one begins with: it is used only where there
# is no other such VM.
acrnctl_means() { # NAME
    for socket in "$run"/acrn/mngr/*.monitor.*.socket; do
        other=${socket##*/}
        other=${other%%.*}
        case $1 in
        "$other") ;;
        "$other"*) return 1 ;;
        esac
    done
    [ -x "$acrnctl" ]
}

# Ends the guest whose folder, named as it is, has its process id; the one given is for where somebody
# has removed that folder. INT is what acrn-dm ends of in order; of TERM it dies, and leaves its
# memory behind.
end_guest() { # FOLDER [PID]
    name=${1##*/}
    pid=$(cat "$1/pid" 2>/dev/null || echo "${2-}")
    if is_guest "$pid" "$name"; then
        kill -s INT "$pid"
        if ! has_ended "$pid" "$name"; then
            acrnctl_means "$name" && timeout 5 "$acrnctl" stop -f "$name" >/dev/null 2>&1
            has_ended "$pid" "$name" || kill -s KILL "$pid"
        fi
        has_ended "$pid" "$name" || return 1
    fi
    remove_residue "$name" "$pid"
    # A launch or a reader that waits for the other one at the pipe is let go.
    [ ! -p "$1/stderr" ] || : <>"$1/stderr"
    rm -rf "$1"
}

# Removes what an acrn-dm leaves that was killed: its huge pages, which pin the guest's memory, and
# its monitor's socket. Up to v2.6 the pages are in a file system of the guest's own, mounted on a
# folder of its name; in v2.7 in a file of its name; later they go with the process.
remove_residue() { # NAME PID
    for pages in "$run/hugepage/acrn/huge_lv1/$1" "$run/hugepage/acrn/huge_lv2/$1"; do
        if [ -d "$pages" ]; then
            rm -f "$pages"/*
            umount "$pages" 2>/dev/null
            rmdir "$pages"
        else
            rm -f "$pages"
        fi
    done
    [ -z "$2" ] || rm -f "$run/acrn/mngr/$1.monitor.$2.socket"
}
