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
)

// The wire: read a line, call, reply. Objects are maps, since encoding/json takes NAME for the
// field `name` of a struct; numbers keep their digits.

type object = map[string]any

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
	result, err := call(text(request, "method"), inner(request, "params"))
	switch {
	case err == errNoSuchMethod:
		reply["error"] = object{"code": -32601, "message": err.Error()}
	case err != nil:
		reply["error"] = object{"code": -32000, "message": err.Error()}
	default:
		reply["result"] = result
	}
	return reply
}

// Fields that are absent or null are the zero value of their type.

func text(o object, name string) string  { text, _ := o[name].(string); return text }
func flag(o object, name string) bool    { flag, _ := o[name].(bool); return flag }
func list(o object, name string) []any   { list, _ := o[name].([]any); return list }
func inner(o object, name string) object { inner, _ := o[name].(object); return inner }

func number(o object, name string) string {
	if number, _ := o[name].(json.Number); number != "" {
		return number.String()
	}
	return "0"
}

func integer(o object, name string) int64 {
	value, err := json.Number(number(o, name)).Int64()
	if err != nil {
		panic(err)
	}
	return value
}
