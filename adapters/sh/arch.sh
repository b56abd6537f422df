# Your code from here: this file stands for it. Call yours in place of these functions: each is
# given texts, says tokens with `say`, and says why not with `refuse`.

slot=0
slot_0=0 slot_1=0 slot_2=0 slot_3=0 slot_4=0 slot_5=0 slot_6=0 slot_7=0 slot_8=0
name='' kernel='' kernel_line=''

option() {
    [ -z "$2" ] || say "$@"
}

# argv NAME UUID ACPI MEMORY KERNEL KERNEL_LINE: what comes before the devices.
argv() {
    name=$1 kernel=$5 kernel_line=$6
    option -U "$2"
    [ "$3" != true ] || say -A
    option -m "$4"
}

# What comes behind the devices, and the block table.
end_of_argv() {
    if [ -n "$kernel" ]; then
        say -k "$kernel"
        option -B "$kernel_line"
    fi
    [ -z "$name" ] || say "$name"
    say $slot_0 $slot_1 $slot_2 $slot_3 $slot_4 $slot_5 $slot_6 $slot_7 $slot_8
}

# put SEPARATOR-AND-REST [TOKEN]: a device on the next slot; slot 2 is GVT-g's.
put() {
    say -s "$slot$1"
    [ $# = 1 ] || say "$2"
    slot=$((slot == 1 ? 3 : slot + 1))
}

# console NAME BACKEND PORT PATH
console() {
    [ -n "$4" ] || return
    case $3 in
        console) at=@ ;;
        serial) at= ;;
        *) return ;;
    esac
    case $2 in
        socket) put ",virtio-console,${at}socket:$1=$4" ;;
        tty) put ",virtio-console,${at}tty:tty_port=$4" ;;
        pty) put ",virtio-console,${at}pty:pty_port" ;;
        file) put ",virtio-console,${at}file:file_port=$4" ;;
        console) put ",virtio-console,$at" ;;
    esac
}

# net TYPE NAME ADDRESS
net() {
    case $1 in
        tap | macvtap) [ -z "$2" ] || [ -z "$3" ] || put ",virtio-net,$2,mac=$3" ;;
    esac
}

# block PATH INDEX
block() {
    [ -n "$1" ] || return
    case $2 in
        -*) [ "$what" != launched ] || refuse "index $2 is negative" ;;
        [0-8]) eval "slot_$2=$slot" ;;
    esac
    put ",virtio-blk,$1"
}

# bridge FUNCTION EMULATION
bridge() {
    [ "$1,$2" != 0,hostbridge ] || put :0,hostbridge
}

# lpc FUNCTION EMULATION
lpc() {
    [ "$2" != lpc ] || put ":$1,lpc" -lcom1,stdio
}

# kernel_parameters IMAGE DEBUG: KEY=VALUE or KEY, one a line.
kernel_parameters() {
    printf '%s\n' tsc=reliable no_timer_check nohpet console=tty0 console=ttyS0 console=hvc0 \
        log_buf_len=16M consoleblank=0 iommu=off i915.avail_planes_per_pipe=0x070F00 \
        i915.enable_hangcheck=0 i915.nuclear_pageflip=1 i915.enable_guc_loading=0 \
        i915.enable_guc_submission=0 i915.enable_guc=0 ${1:+"root=/dev/vda1 rw rootwait"}
    case $2${1:+,rooted} in
        true) echo debug ;;
        true,rooted) printf '%s\n' debug systemd.show_status=true systemd.log_level=debug \
            systemd.log_target=kmsg printk.devkmsg=on ;;
        false) echo quiet ;;
        false,rooted) printf '%s\n' quiet systemd.show_status=false ;;
    esac
}

# network ENDPOINT MODEL NAME ADDRESS
network() {
    case $1 in
        macvtap) net macvtap "$3" "$4" ;;
        veth) if [ "$2" = macvtap ]; then net macvtap "$3" "$4"; else net tap "$3" "$4"; fi ;;
    esac
}

# sandbox ID UUID MEMORY DEBUG VCPUS KERNEL IMAGE CONSOLE [KEY VALUE]...
sandbox() {
    id=$1 uuid=$2 memory=$3 debug=$4 vcpus=$5 kernel=$6 image=$7 path=$8
    shift 8
    [ -n "$image" ] || refuse 'a sandbox needs an image'
    line="$(kernel_parameters "$image" "$debug" | tr '\n' ' ')panic=1 maxcpus=$vcpus"
    while [ $# -gt 0 ]; do
        [ -z "$1$2" ] || line="$line $1${1:+${2:+=}}$2"
        shift 2
    done
    argv "sandbox-$id" "$uuid" true "${memory}M" "$kernel" "$line"
    bridge 0 hostbridge
    lpc 0 lpc
    console console0 socket console "$path"
    block "$image" 0
    for index in 1 2 3 4 5 6 7 8; do
        block nodisk "$index"
    done
}
