#!/bin/sh
# An adapter to copy: requests in, calls to the implementation under test, replies out.
# Keep the wire, which is the rest of this file; arch.sh stands for your own code, to be called from here.
#
# A jq that stays turns each request into one line of shell; another jq per reply makes JSON of the
# answer. What holds a NUL, which no argument of a process can, is refused.
set -u
LC_ALL=C
export LC_ALL
here=${0%/*}
newline='
'
. "$here/arch.sh"

# jq 1.6 keeps 53 bits of a number: those of 16 digits and more become text. \001 stands in no JSON,
# so that a string, which is taken whole, and a number can be told apart.
long_numbers_as_text() {
    sed -uE 's/("([^"\\]|\\.)*")|(-?[0-9]{16,})/\1\x01\3\x01/g; s/\x01\x01//g; s/\x01/"/g'
}

# `call ID FUNCTION ARGUMENT...` and, of devices and steps, a function for each, behind a `;`.
requests_as_shell() {
    jq --unbuffered -r '
        def quoted: [.[] | tostring] | @sh;
        def text(name): getpath([name]) // "";
        def number(name): getpath([name]) // 0;
        def device: {
            console: [text("name"), text("backend"), .port_type // "serial", text("path")],
            net: [text("net_type"), text("if_name"), text("mac_address")],
            block: [text("file_path"), number("index")],
            bridge: [number("function"), text("emul")],
            lpc: [number("function"), text("emul")]
        }[.kind] as $fields | .kind + " " + ($fields | quoted);
        def step: {
            socket: ["console", text("name"), "socket", "serial", text("host_path")],
            network: ["network", text("endpoint"), text("model"), text("if_name"), text("hard_addr")],
            block_device: ["block", text("file"), number("index")]
        }[.append] | .[0] + " " + (.[1:] | quoted);
        def call: if .method == "describe" then "describe"
            elif .method == "argv" then .params.config // {} | "launch argv \([
                text("name"), text("uuid"), .acpi_virt // false, .memory.size // "",
                .kernel.path // "", .kernel.params // ""
              ] | quoted)" + ([.devices // [] | .[] | "; " + device] | add // "")
            elif .method == "device_valid" then .params.device | "valid " + device
            elif .method == "kernel_parameters" then .params |
                "pairs kernel_parameters " + ([text("image_path"), .debug // false] | quoted)
            elif .method == "sandbox_argv" then .params | "launch sandbox \([
                text("id"), text("uuid"), number("memory_mb"), .debug // false, number("max_vcpus"),
                text("kernel_path"), text("image_path"), text("console_path"),
                ((.kernel_params // [])[][])
              ] | quoted)" + ([.steps // [] | .[] | "; " + step] | add // "")
            else "unknown" end;
        "id=\(.id); " + (
            if [.params | .. | strings | split("\u0000")[1:][]] != []
            then "refuse \"a NUL can reach no process\"" else call end
        ) | split("\n") | join("'\''\"$newline\"'\''")'
}

control_characters=$(printf 's/\\x%02x/\\\\u%04x/g;' $(seq 31 | sed 's/.*/& &/'))

# Values come here with a NUL behind each, the last of them saying what they are. They go to jq as
# strings: of raw text, jq 1.6 breaks a letter that lies across the end of its buffer.
reply() {
    sed -z 's/[\\"]/\\&/g; s/.*/"&"/;'"$control_characters" | tr '\0' ' ' | jq -sc --argjson id "$1" '
        def pair: index("=") as $at | if $at == null then [., ""] else [.[:$at], .[$at + 1:]] end;
        .[-1] as $what | .[:-1] | {
            describe: {result: {name: "adapter-sh", version: "1", language: "sh", protocol: 1,
                methods: ["argv", "device_valid", "kernel_parameters", "sandbox_argv"]}},
            launched: {result: {argv: .[:-9], block_slots: .[-9:] | map(tonumber? // 0)}},
            valid: {result: {valid: (.[0] == "true")}},
            pairs: {result: {params: map(pair)}},
            refused: {error: {code: -32000, message: .[-1]}},
            unknown: {error: {code: -32601, message: "no such method"}}
        }[$what] + {jsonrpc: "2.0", id: $id}'
}

say() {
    printf '%s\0' "$@"
}

describe() {
    what=describe
}

launch() {
    what=launched
    "$@"
}

valid() {
    what=valid
    "$@" >/dev/null
    if [ "$slot" = 0 ]; then say false; else say true; fi
}

pairs() {
    what=pairs
    set -f
    IFS=$newline
    say $("$@")
}

refuse() {
    say "$1" refused
    exit
}

unknown() {
    what=unknown
}

long_numbers_as_text | requests_as_shell | while IFS= read -r line; do
    id=${line%%;*}
    (
        eval "${line#*;}"
        [ "$what" != launched ] || end_of_argv
        say "$what"
    ) | reply "${id#id=}"
done
