//! An adapter to copy: requests in, calls to the implementation under test, replies out.
//! Keep the wire: this file, json.rs and reader.rs. arch.rs stands for your own code, to be called from here.

mod arch;
mod json;
mod reader;

use arch::{Config, Device, Refused};
use json::Json;
use std::io::{self, BufRead, Write};

fn main() -> io::Result<()> {
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().split(b'\n') {
        let text = String::from_utf8(line?).map_err(invalid)?;
        let request = reader::read(&text).map_err(invalid)?;
        writeln!(output, "{}", reply(&request))?;
        output.flush()?;
    }
    Ok(())
}

fn invalid(fault: impl std::fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, fault.to_string())
}

/// What ends a request: the implementation refuses it, or there is no such method.
enum Fault {
    Refused(String),
    NoSuchMethod,
}

impl From<Refused> for Fault {
    fn from(Refused(why): Refused) -> Fault {
        Fault::Refused(why)
    }
}

fn reply(request: &Json) -> Json {
    let (name, value) = match answer(request.text("method"), request.field("params")) {
        Ok(result) => ("result", result),
        Err(Fault::Refused(why)) => ("error", error("-32000", &why)),
        Err(Fault::NoSuchMethod) => ("error", error("-32601", "no such method")),
    };
    let id = request.field("id").clone();
    Json::object([("jsonrpc", Json::from("2.0")), ("id", id), (name, value)])
}

fn error(code: &str, message: &str) -> Json {
    Json::object([("code", Json::number(code)), ("message", Json::from(message))])
}

/// Calls the code under test; only what `describe` claims is judged.
fn answer(method: &str, params: &Json) -> Result<Json, Fault> {
    match method {
        "describe" => Ok(describe()),
        "argv" => Ok(launched(arch::command(&config(params.field("config")))?)),
        "device_valid" => {
            let valid = device(params.field("device")).valid();
            Ok(Json::object([("valid", Json::Bool(valid))]))
        }
        "kernel_parameters" => {
            let params = arch::kernel_parameters(params.text("image_path"), params.flag("debug"));
            let pairs = params.iter().map(|(key, value)| Json::list([key.as_str().into(), value.as_str().into()]));
            Ok(Json::object([("params", Json::list(pairs))]))
        }
        "sandbox_argv" => Ok(launched(arch::command(&sandbox(params)?)?)),
        _ => Err(Fault::NoSuchMethod),
    }
}

fn describe() -> Json {
    let methods = ["argv", "device_valid", "kernel_parameters", "sandbox_argv"].map(Json::from);
    Json::object([
        ("name", "adapter-rust".into()),
        ("version", "1".into()),
        ("language", "Rust".into()),
        ("protocol", Json::number(1)),
        ("methods", Json::list(methods)),
    ])
}

fn launched((argv, slots): (Vec<String>, [usize; 9])) -> Json {
    Json::object([
        ("argv", Json::list(argv.iter().map(|token| token.as_str().into()))),
        ("block_slots", Json::list(slots.map(Json::number))),
    ])
}

fn config(given: &Json) -> Config {
    let kernel = given.field("kernel");
    Config {
        name: given.text("name").into(),
        uuid: given.text("uuid").into(),
        acpi: given.flag("acpi_virt"),
        memory: given.field("memory").text("size").into(),
        kernel: kernel.text("path").into(),
        kernel_line: kernel.text("params").into(),
        devices: given.items("devices").iter().map(device).collect(),
    }
}

fn device(given: &Json) -> Device {
    let text = |name| given.text(name).to_string();
    match given.text("kind") {
        "console" => Device::Console {
            name: text("name"),
            backend: text("backend"),
            port: given.text_or("port_type", "serial").into(),
            path: text("path"),
        },
        "net" => Device::Net { kind: text("net_type"), name: text("if_name"), address: text("mac_address") },
        "block" => Device::Block { path: text("file_path"), index: given.integer("index") },
        "bridge" => Device::Bridge { function: given.integer("function"), emul: text("emul") },
        _ => Device::Lpc { function: given.integer("function"), emul: text("emul") },
    }
}

fn sandbox(given: &Json) -> Result<Config, Refused> {
    let own = given.items("kernel_params").iter().map(|pair| (pair.item(0).into(), pair.item(1).into()));
    let (image, path) = (given.text("image_path"), given.text("console_path"));
    let vcpus = given.integer("max_vcpus");
    let mut config = arch::sandbox(given.text("id"), image, path, vcpus, given.flag("debug"), own)?;
    config.uuid = given.text("uuid").into();
    config.memory = format!("{}M", given.integer::<u64>("memory_mb"));
    config.kernel = given.text("kernel_path").into();
    for step in given.items("steps") {
        config.devices.extend(appended(step));
    }
    Ok(config)
}

fn appended(step: &Json) -> Option<Device> {
    let (name, address) = (step.text("if_name"), step.text("hard_addr"));
    match step.text("append") {
        "socket" => Some(arch::socket(step.text("name"), step.text("host_path"))),
        "network" => arch::network(step.text("endpoint"), step.text("model"), name, address),
        _ => arch::block_device(step.text("file"), step.integer("index")),
    }
}
