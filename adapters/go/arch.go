// Your code from here: this file stands for it. Import yours, and call it in adapter.go.
package main

import (
	"errors"
	"fmt"
	"strings"
)

type device interface {
	valid() bool
	tokens(slot int) []string
}

type console struct{ name, backend, port, path string }
type net struct{ kind, name, address string }
type block struct {
	path  string
	index int64
}
type bridge struct {
	function int64
	emul     string
}
type lpc bridge

func (d console) text() (string, bool) {
	texts := map[string]string{"socket": "socket:" + d.name + "=" + d.path, "tty": "tty:tty_port=" + d.path,
		"pty": "pty:pty_port", "file": "file:file_port=" + d.path, "console": ""}
	text, known := texts[d.backend]
	return text, known
}

func (d console) valid() bool {
	_, known := d.text()
	return known && (d.port == "console" || d.port == "serial") && d.path != ""
}

func (d net) valid() bool {
	return (d.kind == "tap" || d.kind == "macvtap") && d.name != "" && d.address != ""
}

func (d block) valid() bool  { return d.path != "" }
func (d bridge) valid() bool { return d.function == 0 && d.emul == "hostbridge" }
func (d lpc) valid() bool    { return d.emul == "lpc" }

func (d console) tokens(slot int) []string {
	text, _ := d.text()
	if d.port == "console" {
		text = "@" + text
	}
	return []string{"-s", fmt.Sprintf("%d,virtio-console,%s", slot, text)}
}

func (d net) tokens(slot int) []string {
	return []string{"-s", fmt.Sprintf("%d,virtio-net,%s,mac=%s", slot, d.name, d.address)}
}

func (d block) tokens(slot int) []string {
	return []string{"-s", fmt.Sprintf("%d,virtio-blk,%s", slot, d.path)}
}

func (d bridge) tokens(slot int) []string {
	return []string{"-s", fmt.Sprintf("%d:%d,%s", slot, d.function, d.emul)}
}

func (d lpc) tokens(slot int) []string { return append(bridge(d).tokens(slot), "-lcom1,stdio") }

type config struct {
	name, uuid, memory, kernel, line string
	acpi                             bool
	devices                          []device
}

func command(c config) (object, error) {
	argv := option("-U", c.uuid)
	if c.acpi {
		argv = append(argv, "-A")
	}
	argv = append(argv, option("-m", c.memory)...)
	var blockSlots [9]int
	slot := 0
	for _, each := range c.devices {
		if !each.valid() {
			continue
		}
		argv = append(argv, each.tokens(slot)...)
		if disk, is := each.(block); is && disk.index < 0 {
			return nil, fmt.Errorf("index %d is negative", disk.index)
		} else if is && disk.index < int64(len(blockSlots)) {
			blockSlots[disk.index] = slot
		}
		if slot++; slot == 2 { // GVT-g's
			slot++
		}
	}
	if c.kernel != "" {
		argv = append(append(argv, "-k", c.kernel), option("-B", c.line)...)
	}
	if c.name != "" {
		argv = append(argv, c.name)
	}
	return object{"argv": argv, "block_slots": blockSlots}, nil
}

func option(flag, value string) []string {
	if value == "" {
		return []string{} // nil would be written as null
	}
	return []string{flag, value}
}

const common = `tsc=reliable no_timer_check nohpet console=tty0 console=ttyS0 console=hvc0 log_buf_len=16M
consoleblank=0 iommu=off i915.avail_planes_per_pipe=0x070F00 i915.enable_hangcheck=0
i915.nuclear_pageflip=1 i915.enable_guc_loading=0 i915.enable_guc_submission=0 i915.enable_guc=0`

func kernelParameters(image string, debug bool) [][2]string {
	mode, systemd := "quiet", "systemd.show_status=false"
	if debug {
		mode = "debug"
		systemd = "systemd.show_status=true systemd.log_level=debug systemd.log_target=kmsg printk.devkmsg=on"
	}
	if image == "" {
		return append(pairs(common), pairs(mode)...)
	}
	params := append(pairs(common), [2]string{"root", "/dev/vda1 rw rootwait"})
	return append(append(params, pairs(mode)...), pairs(systemd)...)
}

func pairs(line string) (all [][2]string) {
	for _, word := range strings.Fields(line) {
		key, value, _ := strings.Cut(word, "=")
		all = append(all, [2]string{key, value})
	}
	return all
}

func appendNetwork(devices []device, endpoint, model, name, address string) []device {
	switch {
	case endpoint == "macvtap" || endpoint == "veth" && model == "macvtap":
		return append(devices, net{"macvtap", name, address})
	case endpoint == "veth":
		return append(devices, net{"tap", name, address})
	}
	return devices
}

func appendBlockDevice(devices []device, file string, index int64) []device {
	if file == "" {
		return devices
	}
	return append(devices, block{file, index})
}

func sandbox(id, image, path, vcpus string, debug bool, own [][2]string) (config, error) {
	if image == "" {
		return config{}, errors.New("a sandbox needs an image")
	}
	devices := []device{bridge{0, "hostbridge"}, lpc{0, "lpc"}, console{"console0", "socket", "console", path}, block{image, 0}}
	for index := int64(1); index <= 8; index++ {
		devices = appendBlockDevice(devices, "nodisk", index)
	}
	params := append(kernelParameters(image, debug), [2]string{"panic", "1"}, [2]string{"maxcpus", vcpus})
	var words []string
	for _, each := range append(params, own...) {
		if word := each[0] + "=" + each[1]; each[0] != "" && each[1] != "" {
			words = append(words, word)
		} else if word = each[0] + each[1]; word != "" {
			words = append(words, word)
		}
	}
	return config{name: "sandbox-" + id, acpi: true, line: strings.Join(words, " "), devices: devices}, nil
}
