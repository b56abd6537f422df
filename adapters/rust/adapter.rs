//! An adapter to copy: requests in, calls to the implementation under test, replies out.
//! Keep the wire, which is this file; arch.rs stands for your own code, to be called from here.

mod arch;

use arch::Vm;
use serde_json::{json, Value};
use std::io::{self, BufRead, Write};

fn main() -> io::Result<()> {
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().split(b'\n') {
        let request: Value = serde_json::from_slice(&line?)?;
        writeln!(output, "{}", reply(&request))?;
        output.flush()?;
    }
    Ok(())
}

fn reply(request: &Value) -> Value {
    match answer(text(request, "method"), &request["params"]) {
        Some(Ok(result)) => json!({"jsonrpc": "2.0", "id": request["id"], "result": result}),
        Some(Err(refused)) => error(request, -32000, refused),
        None => error(request, -32601, "no such method"),
    }
}

fn error(request: &Value, code: i64, message: &str) -> Value {
    json!({"jsonrpc": "2.0", "id": request["id"], "error": {"code": code, "message": message}})
}

/// Calls the code under test; only what `describe` claims is judged.
fn answer(method: &str, params: &Value) -> Option<Result<Value, &'static str>> {
    Some(match method {
        "describe" => Ok(json!({
            "name": "adapter-rust", "version": "1", "language": "Rust", "protocol": 1,
            "methods": ["argv", "device_valid", "kernel_parameters", "sandbox_argv"],
        })),
        "argv" => launched(config(&params["config"])),
        "device_valid" => Ok(json!({"valid": device(&mut Vm::default(), &params["device"])})),
        "kernel_parameters" => {
            let pairs = arch::kernel_parameters(text(params, "image_path"), flag(params, "debug"));
            Ok(json!({"params": pairs}))
        }
        "sandbox_argv" => launched(sandbox(params)),
        _ => return None,
    })
}

fn launched(vm: Vm) -> Result<Value, &'static str> {
    vm.refused.map_or(Ok(json!({"argv": vm.argv, "block_slots": vm.block_slots})), Err)
}

// Fields that are absent or null are the default of their type; integers keep all 64 bits.

fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of[name].as_str().unwrap_or_default()
}

fn flag(of: &Value, name: &str) -> bool {
    of[name].as_bool().unwrap_or_default()
}

fn integer(of: &Value, name: &str) -> i64 {
    of[name].as_i64().unwrap_or_default()
}

fn unsigned(of: &Value, name: &str) -> u64 {
    of[name].as_u64().unwrap_or_default()
}

fn list<'a>(of: &'a Value, name: &str) -> &'a [Value] {
    of[name].as_array().map_or(&[], Vec::as_slice)
}

fn config(of: &Value) -> Vm {
    let kernel = &of["kernel"];
    let mut vm = Vm::default();
    vm.begin(text(of, "uuid"), flag(of, "acpi_virt"), text(&of["memory"], "size"));
    for each in list(of, "devices") {
        device(&mut vm, each);
    }
    vm.end(text(kernel, "path"), text(kernel, "params"), text(of, "name"));
    vm
}

/// Puts a device on the next slot; tells whether it is valid.
fn device(vm: &mut Vm, of: &Value) -> bool {
    let port = of["port_type"].as_str().unwrap_or("serial");
    match text(of, "kind") {
        "console" => vm.console(text(of, "name"), text(of, "backend"), port, text(of, "path")),
        "net" => vm.net(text(of, "net_type"), text(of, "if_name"), text(of, "mac_address")),
        "block" => vm.block(text(of, "file_path"), integer(of, "index")),
        "bridge" => vm.bridge(integer(of, "function"), text(of, "emul")),
        _ => vm.lpc(integer(of, "function"), text(of, "emul")),
    }
}

fn sandbox(of: &Value) -> Vm {
    let image = text(of, "image_path");
    let mut vm = Vm::default();
    vm.begin(text(of, "uuid"), true, &format!("{}M", unsigned(of, "memory_mb")));
    vm.sandbox(image, text(of, "console_path"));
    for each in list(of, "steps") {
        step(&mut vm, each);
    }
    let mut params = arch::kernel_parameters(image, flag(of, "debug"));
    let own = format!("panic=1 maxcpus={}", unsigned(of, "max_vcpus"));
    params.extend(arch::pairs(&own));
    params.extend(
        list(of, "kernel_params")
            .iter()
            .map(|pair| (pair[0].as_str().unwrap_or_default(), pair[1].as_str().unwrap_or_default())),
    );
    let name = format!("sandbox-{}", text(of, "id"));
    vm.end(text(of, "kernel_path"), &arch::joined(&params), &name);
    vm
}

fn step(vm: &mut Vm, of: &Value) {
    let (name, address) = (text(of, "if_name"), text(of, "hard_addr"));
    match text(of, "append") {
        "socket" => vm.console(text(of, "name"), "socket", "serial", text(of, "host_path")),
        "network" => vm.network(text(of, "endpoint"), text(of, "model"), name, address),
        _ => vm.block(text(of, "file"), integer(of, "index")),
    };
}
