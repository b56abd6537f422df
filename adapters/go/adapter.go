// An adapter to copy: requests in, calls to the implementation under test, replies out.
// Keep the wire, which is this file; arch.go stands for your own code, to be called from here.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"strconv"
)

// The wire: read a line, call, reply. Objects are maps, since encoding/json takes NAME for the
// field `name` of a struct; numbers keep their digits.

type object map[string]any

func main() {
	log.SetFlags(0)
	input := bufio.NewReader(os.Stdin) // a Scanner has a limit to its lines
	output := json.NewEncoder(os.Stdout)
	for {
		line, err := input.ReadBytes('\n')
		if err == io.EOF && len(line) == 0 {
			return
		}
		var request object
		decoder := json.NewDecoder(bytes.NewReader(line))
		decoder.UseNumber()
		if err := decoder.Decode(&request); err != nil {
			log.Fatal("no JSON on standard input: ", err)
		}
		if err := output.Encode(answer(request)); err != nil { // not buffered: each reply goes at once
			log.Fatal(err)
		}
	}
}

func answer(request object) (reply object) {
	reply = object{"jsonrpc": "2.0", "id": request["id"]}
	defer func() {
		if fault := recover(); fault != nil {
			reply["error"] = object{"code": -32602, "message": fmt.Sprint(fault)}
		}
	}()
	method, known := methods[request.text("method")]
	if !known {
		reply["error"] = object{"code": -32601, "message": "no such method"}
		return reply
	}
	result, err := method(request.object("params"))
	if err != nil {
		reply["error"] = object{"code": -32000, "message": err.Error()}
	} else {
		reply["result"] = result
	}
	return reply
}

// Fields that are absent or null are the zero value of their type.

func (o object) text(name string) string   { text, _ := o[name].(string); return text }
func (o object) flag(name string) bool     { flag, _ := o[name].(bool); return flag }
func (o object) list(name string) []any    { list, _ := o[name].([]any); return list }
func (o object) object(name string) object { inner, _ := o[name].(map[string]any); return inner }

func (o object) number(name string) string {
	if number, _ := o[name].(json.Number); number != "" {
		return number.String()
	}
	return "0"
}

func (o object) integer(name string) int64 {
	value, err := strconv.ParseInt(o.number(name), 10, 64)
	if err != nil {
		panic(err)
	}
	return value
}

func (o object) objects(name string) (all []object) {
	for _, each := range o.list(name) {
		all = append(all, each.(map[string]any))
	}
	return all
}

func asDevice(o object) device {
	port, number, emul := o.text("port_type"), o.integer("function"), o.text("emul")
	if o["port_type"] == nil {
		port = "serial"
	}
	switch kind := o.text("kind"); kind {
	case "console":
		return console{o.text("name"), o.text("backend"), port, o.text("path")}
	case "net":
		return net{o.text("net_type"), o.text("if_name"), o.text("mac_address")}
	case "block":
		return block{o.text("file_path"), o.integer("index")}
	case "bridge":
		return bridge{number, emul}
	case "lpc":
		return lpc{number, emul}
	default:
		panic("no such kind of device: " + kind)
	}
}

func appended(devices []device, o object) []device {
	switch o.text("append") {
	case "socket":
		return append(devices, console{o.text("name"), "socket", "serial", o.text("host_path")})
	case "network":
		return appendNetwork(devices, o.text("endpoint"), o.text("model"), o.text("if_name"), o.text("hard_addr"))
	default:
		return appendBlockDevice(devices, o.text("file"), o.integer("index"))
	}
}

// What is claimed, but for describe: only that is judged.
var methods map[string]func(object) (object, error)

func init() {
	methods = map[string]func(object) (object, error){
		"describe": func(object) (object, error) {
			return object{"name": "adapter-go", "version": "1", "language": "Go", "protocol": 1,
				"methods": []string{"argv", "device_valid", "kernel_parameters", "sandbox_argv"}}, nil
		},
		"argv": func(params object) (object, error) {
			o := params.object("config")
			kernel := o.object("kernel")
			c := config{name: o.text("name"), uuid: o.text("uuid"), acpi: o.flag("acpi_virt"),
				memory: o.object("memory").text("size"), kernel: kernel.text("path"), line: kernel.text("params")}
			for _, each := range o.objects("devices") {
				c.devices = append(c.devices, asDevice(each))
			}
			return command(c)
		},
		"device_valid": func(params object) (object, error) {
			return object{"valid": asDevice(params.object("device")).valid()}, nil
		},
		"kernel_parameters": func(params object) (object, error) {
			return object{"params": kernelParameters(params.text("image_path"), params.flag("debug"))}, nil
		},
		"sandbox_argv": func(o object) (object, error) {
			var own [][2]string
			for _, each := range o.list("kernel_params") {
				pair := each.([]any)
				own = append(own, [2]string{pair[0].(string), pair[1].(string)})
			}
			c, err := sandbox(o.text("id"), o.text("image_path"), o.text("console_path"), o.number("max_vcpus"), o.flag("debug"), own)
			if err != nil {
				return nil, err
			}
			c.uuid, c.memory, c.kernel = o.text("uuid"), o.number("memory_mb")+"M", o.text("kernel_path")
			for _, each := range o.objects("steps") {
				c.devices = appended(c.devices, each)
			}
			return command(c)
		},
	}
}
