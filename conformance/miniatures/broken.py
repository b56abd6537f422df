"""The rule that each miniature breaks: that of its own description, found by reading it.

Several are given where each of them would lead to the fault. What is wrong in the memory or in the
writing of an adapter breaks no rule of an answer.
"""

from collections.abc import Mapping

_NAMES: Mapping[str, str] = {
    "reserved-slot": """
        reserved-slot-used reserved-slot-three slot-three-free-too vsock-on-reserved-slot
    """,
    "slots-in-order": """
        slot-three-free-too slots-from-one vsock-takes-no-slot vsock-takes-two-slots
        lpc-on-31
    """,
    "invalid-device-dropped": """
        invalid-takes-a-slot invalid-takes-slot-three invalid-ends-the-list
        first-device-unchecked
    """,
    "slots-beyond-31": """
        slots-end-at-31 slots-wrap-at-32 thirty-two-devices rescan-beyond-31-refused
        table-of-bytes table-of-5-bits
    """,
    "device-order": """
        equal-devices-once equal-neighbours-once devices-reversed disks-by-index socket-once
        socket-replaces-name equal-steps-once vsock-first vsock-last vsock-once
        sandbox-vsock-first argv-without-repeats
    """,
    "block-table-last-wins": """
        first-disk-wins disk-on-slot-0-stays index-3-twice index-5-behind-lpc
    """,
    "block-table": """
        index-8-not-kept index-0-not-kept eight-entries index-of-32-bits table-by-position
        placeholders-not-in-the-table index-8-with-comma drive-8-with-comma index-3-twice
        index-5-behind-lpc table-lost-beyond-12 table-names-slot-2 table-of-bytes
        table-of-5-bits table-ends-early table-of-invalid-disk-lost
    """,
    "block-index-beyond-table": """
        index-beyond-at-8 index-beyond-modulo index-beyond-refused index-beyond-grows
        index-of-32-bits disk-beyond-table-invalid integers-as-doubles
        index-beyond-2-53-refused
    """,
    "block-table-unassigned": "unassigned-is-minus-one",
    "block-index-negative": "negative-index-from-the-end negative-index-ignored",
    "sandbox-composition": """
        placeholders-not-in-the-table placeholder-invalid drive-replaces-index
        sandbox-acpi-needs-uuid pool-downwards pool-after-steps drive-fills-placeholder
        eight-steps
    """,
    "console-backend-console": "backend-console-invalid at-not-when-bare",
    "console-backend-stdio": "backend-stdio-valid stdio-without-text",
    "console-valid": """
        backend-in-capitals console-without-path socket-needs-a-name tty-needs-a-device
    """,
    "pty-needs-path": "pty-without-path",
    "net-needs-mac": "net-without-mac macvtap-without-mac",
    "net-valid": "interface-of-16",
    "block-valid": """
        disk-path-of-blanks placeholder-invalid disk-beyond-table-invalid disk-must-exist
    """,
    "bridge-valid": "bridge-function-a-byte bridge-emulation-prefix bridge-with-config-invalid",
    "lpc-function-unchecked": """
        lpc-function-to-7 lpc-function-a-digit integers-as-doubles index-beyond-2-53-refused
    """,
    "lpc-valid": "lpc-with-blanks",
    "console-port-mark": """
        at-on-other at-not-on-tty at-not-when-bare at-not-on-slot-0 tty-at-lost-behind-0
    """,
    "console-text": """
        pty-with-path socket-name-fixed unknown-backend-as-socket console-before-port
    """,
    "params-of-invalid": """
        unknown-backend-as-socket bridge-function-fixed table-of-invalid-disk-lost
    """,
    "text-unchanged": """
        mac-in-small-letters mac-dashes-to-colons disk-comma-doubled disk-path-normalised
        disk-path-home disk-path-variables disk-path-quoted placeholder-with-option
        uuid-in-small-letters params-without-blanks rescan-file-of-blanks
        rescan-comma-escaped rescan-path-normalised text-trimmed text-trailing-newline
        text-nfc text-of-16-bits text-cut-at-4095 text-on-one-line text-unix-lines
        text-escapes-read text-without-control text-unquoted text-percent-decoded
        text-without-dashes affinity-one-cpu affinity-trimmed name-cut-in-argv
        name-limit-in-argv argv-by-blanks argv-without-repeats tokens-in-ascii
        tokens-of-4096 tokens-single-blanks tokens-backslash-doubled tokens-without-braces
        tokens-u2028-escaped mac-in-capitals net-with-comma-on-4 rescan-comma-splits
    """,
    "net-text-unknown-type": "mac-of-unknown-type tap-for-any-type",
    "net-text": "macvtap-shown net-with-comma-on-4 three-of-a-kind",
    "block-text": "placeholder-with-option",
    "fields-without-token": "bridge-config-shown",
    "bridge-text": "bridge-function-fixed",
    "lpc-text": "lpc-two-tokens lpc-uart-first lpc-function-a-digit lpc-on-31",
    "acpi-option": "acpi-needs-a-uuid sandbox-acpi-needs-uuid kata-3-acpi-lost",
    "option-order": "kernel-before-devices params-before-kernel program-in-front",
    "kernel-params-need-kernel": "params-without-kernel",
    "empty-option-left-out": """
        image-as-kernel kernel-is-the-image affinity-empty-kept cpu-needed-in-argv
    """,
    "name-argument": """
        name-needs-a-kernel name-never-an-option name-limit-in-argv device-33-lost
        uuid-without-devices name-with-dash-lost name-with-equals-lost name-of-a-kernel-lost
        three-of-a-kind
    """,
    "append-order": """
        bridge-once net-mac-once drive-replaces-index eight-steps equal-steps-once
        sandbox-vsock-first devices-to-32
    """,
    "append-bridges": "bridge-once bridge-config-set",
    "append-keeps-devices": """
        bridge-drops-invalid config-of-bridge-lost port-other-as-serial path-of-pty-lost
    """,
    "append-console": "console-counted console-needs-path",
    "append-socket": "socket-once socket-replaces-name",
    "append-image-missing": "image-not-looked-for image-without-blanks",
    "image-unreadable": "image-must-be-readable",
    "append-image": "image-a-file-only",
    "append-network-veth": "veth-default-macvtap net-mac-once endpoint-names-swapped",
    "append-network-macvtap": "macvtap-by-model endpoint-names-swapped",
    "append-network-unsupported": "endpoint-in-capitals unsupported-ends-the-list",
    "append-block-device-empty": "drive-without-file",
    "append-block-device": """
        drive-negative-left-out drive-replaces-index drive-fills-placeholder eight-steps
        negative-index-as-0
    """,
    "memory-in-megabytes": """
        memory-in-gigabytes memory-of-32-bits memory-signed memory-a-double
        memory-with-commas memory-exponent memory-of-63-bits integers-as-doubles
        index-beyond-2-53-refused
    """,
    "capabilities": "fs-sharing",
    "limits": "four-vcpus",
    "paths": "dm-elsewhere",
    "kernel-parameters-image": "image-path-of-blanks systemd-before-mode flags-lost",
    "kernel-parameters-no-image": "debug-without-image-quiet",
    "sandbox-kernel-line": """
        maxcpus-0-left-out maxcpus-to-8 maxcpus-signed panic-0-in-debug vcpus-of-8-bits
    """,
    "sandbox-user-params-last": """
        user-before-own no-user-in-debug user-once user-replaces equal-params-once
    """,
    "params-joined": """
        empty-value-with-equals blanks-quoted params-trimmed kernel-params-unpaired
        debug-with-user-params
    """,
    "sandbox-name": """
        sandbox-prefix-once sandbox-name-cut macvtap-without-console vcpus-with-debug
    """,
    "sandbox-image-unseen": "sandbox-image-looked-for",
    "sandbox-needs-image": "sandbox-without-image",
    "rescan-root-disk": "rescan-root-refused",
    "rescan-range": "rescan-of-8",
    "rescan-index-negative": "rescan-negative",
    "rescan-argv": """
        rescan-without-name rescan-beyond-31-refused rescan-reserved-refused
        rescan-off-slot-2
    """,
    "rescan-unassigned": "rescan-unassigned-refused",
    "nul-in-text": "text-ends-at-nul",
    "absent-field": "null-refused absent-port-console absent-index-refused",
    "field-name-case": "names-in-any-case",
    "unknown-field": "unknown-field-refused",
    "kata-3-no-uuid": "kata-3-uuid-written",
    "kata-3-option-order": """
        affinity-before-devices affinity-first affinity-behind-kernel
        kata-3-acpi-behind-memory affinity-behind-name
    """,
    "kata-3-cpu": """
        kata-3-affinity-lost affinity-one-token affinity-needs-kernel affinity-needs-devices
        affinity-0-left-out cpu-needed-in-argv
    """,
    "kata-3-parameters": "fifteen-parameters iommu-kept consoleblank-lost hvc0-lost one-console",
    "kata-3-capabilities": "network-hotplug-denied",
    "kata-3-name": """
        kata-3-long-prefix kata-3-no-prefix name-of-16-bytes name-of-14-bytes
        name-without-limit name-limit-in-characters name-limit-in-utf-16
        name-limit-without-prefix name-cut acrn-3-name-unlimited
    """,
    "kata-3-swap": "swap-accepted",
    "kata-3-vsock-valid": """
        vsock-from-2 vsock-from-0 vsock-above-3 vsock-to-2-31 vsock-below-greatest
        vsock-to-2-32 vsock-without-bound vsock-cut-first vsock-once
    """,
    "kata-3-vsock-cut": "vsock-not-cut vsock-saturated",
    "kata-3-vsock-text": """
        vsock-signed vsock-hexadecimal vsock-without-cid vsock-guest-cid vsock-of-virtio
        vsock-with-function
    """,
    "kata-3-append-vsock": """
        sandbox-vsock-ignored vsock-invalid-dropped vsock-invalid-refused vsock-appended-cut
        vsock-appended-once
    """,
    "kata-3-sandbox": "sandbox-vsock-first sandbox-vsock-last",
    "kata-3-next-cpu": """
        cpu-starts-at-1 cpu-without-file-refused cpu-stays cpu-wraps-late cpu-wraps-early
        cpu-never-wraps cpu-modulo cpu-minus-1-refused cpu-id-stored cpu-index-given
        cpu-next-stored cpu-stored-as-line cpu-ids-sorted cpu-ids-trimmed cpu-equal-ids-once
        cpu-missing-of-one
    """,
    "kata-3-cpu-index-text": """
        cpu-empty-is-no-file release-empty-accepted stored-trimmed stored-line-accepted
        stored-nonsense-is-0 stored-tail-ignored stored-hexadecimal stored-saturates
        stored-plus-refused stored-negative-refused stored-zeros-refused stored-underscores
        stored-any-digits stored-of-32-bits
    """,
    "kata-3-cpu-index-broken": "cpu-from-the-end cpu-negative-is-first cpu-of-none",
    "kata-3-cpu-given-back": """
        release-stops-at-0 release-stops-at-minus-1 release-of-negative-kept
        release-without-wrap release-saturates release-adds stored-of-32-bits
    """,
    "acrn-3-tap": """
        tap-lost tap-for-tap-only tap-for-macvtap-only tap-unless-named-so
        tap-only-if-named-so tap-behind-the-address
    """,
    "acrn-3-no-acpi": "acrn-3-acpi-written",
    "acrn-3-cpu": "cpu-not-needed cpu-of-blanks-refused cpu-0-refused",
    "acrn-3-cid": "acrn-3-greatest-cid acrn-3-below-greatest acrn-3-limit-of-kata-3",
    "given-slot": "params-off-slot-2",
    "kernel-option": "memory-without-name",
    "kata-3-limits": "least-cid-of-2 greatest-cid-signed",
}

BROKEN: Mapping[str, frozenset[str]] = {
    name: frozenset(rule for rule, names in _NAMES.items() if name in names.split())
    for name in " ".join(_NAMES.values()).split()
}
"""The rules that a miniature breaks, by its name."""

_LAST_TOKEN = "The last token is lost, whatever it is: often a device's, and its rule is blamed."
_REFUSED = "Refusals at many rules: none of them is to blame, and no rule speaks of the refusal."

NOT_NAMED: Mapping[str, str] = {
    "device-33-lost": _LAST_TOKEN,
    "three-of-a-kind": _LAST_TOKEN,
    "name-limit-in-argv": _REFUSED,
    "cpu-needed-in-argv": _REFUSED,
}
"""Miniatures of which a run names none of these rules first, and why."""
