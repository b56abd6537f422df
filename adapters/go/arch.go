// Your code from here: this file stands for it. Import yours, and call it in `call`.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

var errNoSuchMethod = errors.New("no such method")

// call answers what describe claims, and itself: only that is judged.
func call(method string, params object) (object, error) {
	switch method {
	case "describe":
		return object{"name": "adapter-go", "version": "1", "language": "Go", "protocol": 1,
			"methods": []string{"argv", "device_valid", "kernel_parameters", "sandbox_argv"}}, nil
	case "argv":
		return command(inner(params, "config"))
	case "device_valid":
		_, valid := onSlot(inner(params, "device"))
		return object{"valid": valid}, nil
	case "kernel_parameters":
		return object{"params": kernelParameters(text(params, "image_path"), flag(params, "debug"))}, nil
	case "sandbox_argv":
		return sandbox(params)
	}
	return nil, errNoSuchMethod
}

// onSlot returns what stands behind the slot in the token of a device, and whether it is valid.
func onSlot(d object) (string, bool) {
	name, path, emul := text(d, "name"), text(d, "path"), text(d, "emul")
	switch text(d, "kind") {
	case "console":
		if d["port_type"] == nil {
			d["port_type"] = "serial"
		}
		at, port := map[string]string{"console": "@", "serial": ""}[text(d, "port_type")]
		backend, known := map[string]string{"socket": "socket:" + name + "=" + path, "tty": "tty:tty_port=" + path,
			"pty": "pty:pty_port", "file": "file:file_port=" + path, "console": ""}[text(d, "backend")]
		return ",virtio-console," + at + backend, port && known && path != ""
	case "net":
		kind, name, address := text(d, "net_type"), text(d, "if_name"), text(d, "mac_address")
		valid := (kind == "tap" || kind == "macvtap") && name != "" && address != ""
		return ",virtio-net," + name + ",mac=" + address, valid
	case "block":
		return ",virtio-blk," + text(d, "file_path"), text(d, "file_path") != ""
	case "bridge":
		return ":0,hostbridge", integer(d, "function") == 0 && emul == "hostbridge"
	case "lpc":
		return ":" + number(d, "function") + ",lpc", emul == "lpc"
	}
	panic("no such kind of device: " + text(d, "kind"))
}

func command(config object) (object, error) {
	argv := option("-U", text(config, "uuid"))
	if flag(config, "acpi_virt") {
		argv = append(argv, "-A")
	}
	argv = append(argv, option("-m", text(inner(config, "memory"), "size"))...)
	var blockSlots [9]int
	slot := 0
	for _, each := range list(config, "devices") {
		device := each.(object)
		token, valid := onSlot(device)
		if !valid {
			continue
		}
		argv = append(argv, "-s", fmt.Sprint(slot)+token)
		switch index := integer(device, "index"); {
		case device["kind"] == "lpc":
			argv = append(argv, "-lcom1,stdio")
		case device["kind"] == "block" && index < 0:
			return nil, fmt.Errorf("index %d is negative", index)
		case device["kind"] == "block" && index < int64(len(blockSlots)):
			blockSlots[index] = slot
		}
		if slot++; slot == 2 { // GVT-g's
			slot++
		}
	}
	if kernel := inner(config, "kernel"); text(kernel, "path") != "" {
		argv = append(append(argv, "-k", text(kernel, "path")), option("-B", text(kernel, "params"))...)
	}
	if name := text(config, "name"); name != "" {
		argv = append(argv, name)
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

func kernelParameters(image string, debug bool) []any {
	mode, systemd := "quiet", "systemd.show_status=false"
	if debug {
		mode = "debug"
		systemd = "systemd.show_status=true systemd.log_level=debug systemd.log_target=kmsg printk.devkmsg=on"
	}
	if image == "" {
		return pairs(common + " " + mode)
	}
	rooted := append(pairs(common), []any{"root", "/dev/vda1 rw rootwait"})
	return append(rooted, pairs(mode+" "+systemd)...)
}

func pairs(line string) (all []any) {
	for _, word := range strings.Fields(line) {
		key, value, _ := strings.Cut(word, "=")
		all = append(all, []any{key, value})
	}
	return all
}

func sandbox(o object) (object, error) {
	if text(o, "image_path") == "" {
		return nil, errors.New("a sandbox needs an image")
	}
	devices := []any{object{"kind": "bridge", "emul": "hostbridge"}, object{"kind": "lpc", "emul": "lpc"},
		object{"kind": "console", "name": "console0", "backend": "socket", "port_type": "console", "path": o["console_path"]},
		object{"kind": "block", "file_path": o["image_path"]}}
	for index := 1; index <= 8; index++ {
		placeholder := object{"kind": "block", "file_path": "nodisk", "index": json.Number(fmt.Sprint(index))}
		devices = append(devices, placeholder)
	}
	for _, each := range list(o, "steps") {
		devices = append(devices, added(each.(object))...)
	}
	params := append(kernelParameters(text(o, "image_path"), flag(o, "debug")), pairs("panic=1 maxcpus="+number(o, "max_vcpus"))...)
	var words []string
	for _, each := range append(params, list(o, "kernel_params")...) {
		pair := each.([]any)
		key, value := pair[0].(string), pair[1].(string)
		if key != "" && value != "" {
			words = append(words, key+"="+value)
		} else if key+value != "" {
			words = append(words, key+value)
		}
	}
	return command(object{"name": "sandbox-" + text(o, "id"), "uuid": o["uuid"], "acpi_virt": true,
		"memory": object{"size": number(o, "memory_mb") + "M"}, "devices": devices,
		"kernel": object{"path": o["kernel_path"], "params": strings.Join(words, " ")}})
}

// added returns what a step of a sandbox adds to its devices.
func added(step object) []any {
	switch endpoint := text(step, "endpoint"); {
	case step["append"] == "socket":
		return []any{object{"kind": "console", "name": step["name"], "backend": "socket", "path": step["host_path"]}}
	case step["append"] == "block_device":
		return []any{object{"kind": "block", "file_path": step["file"], "index": step["index"]}}
	case endpoint == "macvtap" || endpoint == "veth" && step["model"] == "macvtap":
		return []any{object{"kind": "net", "net_type": "macvtap", "if_name": step["if_name"], "mac_address": step["hard_addr"]}}
	case endpoint == "veth":
		return []any{object{"kind": "net", "net_type": "tap", "if_name": step["if_name"], "mac_address": step["hard_addr"]}}
	}
	return nil
}
