//! Your code from here: this file stands for it. Use yours, and call it in adapter.rs.

pub struct Refused(pub String);

pub enum Device {
    Console { name: String, backend: String, port: String, path: String },
    Net { kind: String, name: String, address: String },
    Block { path: String, index: i64 },
    Bridge { function: i64, emul: String },
    Lpc { function: i64, emul: String },
}

use Device::{Block, Bridge, Console, Lpc, Net};

impl Device {
    pub fn valid(&self) -> bool {
        match self {
            Console { backend, port, path, .. } => {
                let backends = ["tty", "pty", "console", "socket", "file"];
                backends.contains(&backend.as_str()) && (port == "console" || port == "serial") && !path.is_empty()
            }
            Net { kind, name, address } => {
                (kind == "tap" || kind == "macvtap") && !name.is_empty() && !address.is_empty()
            }
            Block { path, .. } => !path.is_empty(),
            Bridge { function, emul } => *function == 0 && emul == "hostbridge",
            Lpc { emul, .. } => emul == "lpc",
        }
    }

    fn tokens(&self, slot: usize) -> Vec<String> {
        let text = match self {
            Console { name, backend, port, path } => {
                let at = if port == "console" { "@" } else { "" };
                let text = match backend.as_str() {
                    "socket" => format!("socket:{name}={path}"),
                    "tty" => format!("tty:tty_port={path}"),
                    "pty" => "pty:pty_port".into(),
                    "file" => format!("file:file_port={path}"),
                    _ => String::new(),
                };
                format!("{slot},virtio-console,{at}{text}")
            }
            Net { name, address, .. } => format!("{slot},virtio-net,{name},mac={address}"),
            Block { path, .. } => format!("{slot},virtio-blk,{path}"),
            Bridge { function, emul } | Lpc { function, emul } => format!("{slot}:{function},{emul}"),
        };
        let uart = matches!(self, Lpc { .. }).then(|| "-lcom1,stdio".to_string());
        ["-s".to_string(), text].into_iter().chain(uart).collect()
    }
}

pub struct Config {
    pub name: String,
    pub uuid: String,
    pub acpi: bool,
    pub memory: String,
    pub kernel: String,
    pub kernel_line: String,
    pub devices: Vec<Device>,
}

/// The command line, and the slot of the disk with each index.
pub fn command(config: &Config) -> Result<(Vec<String>, [usize; 9]), Refused> {
    let (mut argv, mut block_slots, mut slot) = (Vec::new(), [0; 9], 0);
    option(&mut argv, "-U", &config.uuid);
    argv.extend(config.acpi.then(|| "-A".to_string()));
    option(&mut argv, "-m", &config.memory);
    for device in config.devices.iter().filter(|device| device.valid()) {
        argv.extend(device.tokens(slot));
        if let Block { index, .. } = device {
            let index = usize::try_from(*index).map_err(|_| Refused(format!("index {index} is negative")))?;
            if let Some(place) = block_slots.get_mut(index) {
                *place = slot;
            }
        }
        slot += if slot == 1 { 2 } else { 1 }; // slot 2 is GVT-g's
    }
    option(&mut argv, "-k", &config.kernel);
    if !config.kernel.is_empty() {
        option(&mut argv, "-B", &config.kernel_line);
    }
    argv.extend((!config.name.is_empty()).then(|| config.name.clone()));
    Ok((argv, block_slots))
}

fn option(argv: &mut Vec<String>, flag: &str, value: &str) {
    if !value.is_empty() {
        argv.extend([flag.to_string(), value.to_string()]);
    }
}

type Pair = (String, String);

const COMMON: &str = "tsc=reliable no_timer_check nohpet console=tty0 console=ttyS0 console=hvc0 \
    log_buf_len=16M consoleblank=0 iommu=off i915.avail_planes_per_pipe=0x070F00 \
    i915.enable_hangcheck=0 i915.nuclear_pageflip=1 i915.enable_guc_loading=0 \
    i915.enable_guc_submission=0 i915.enable_guc=0";
const DEBUG: &str = "systemd.show_status=true systemd.log_level=debug systemd.log_target=kmsg printk.devkmsg=on";

pub fn kernel_parameters(image: &str, debug: bool) -> Vec<Pair> {
    let (mode, systemd) = if debug { ("debug", DEBUG) } else { ("quiet", "systemd.show_status=false") };
    let mut params: Vec<Pair> = pairs(COMMON).collect();
    if image.is_empty() {
        params.extend(pairs(mode));
    } else {
        params.push(("root".into(), "/dev/vda1 rw rootwait".into()));
        params.extend(pairs(mode).chain(pairs(systemd)));
    }
    params
}

fn pairs(line: &str) -> impl Iterator<Item = Pair> + '_ {
    line.split_whitespace().map(|word| {
        let (key, value) = word.split_once('=').unwrap_or((word, ""));
        (key.into(), value.into())
    })
}

pub fn socket(name: &str, path: &str) -> Device {
    Console { name: name.into(), backend: "socket".into(), port: "serial".into(), path: path.into() }
}

pub fn network(endpoint: &str, model: &str, name: &str, address: &str) -> Option<Device> {
    let kind = match (endpoint, model) {
        ("macvtap", _) | ("veth", "macvtap") => "macvtap",
        ("veth", _) => "tap",
        _ => return None,
    };
    Some(Net { kind: kind.into(), name: name.into(), address: address.into() })
}

pub fn block_device(file: &str, index: i64) -> Option<Device> {
    (!file.is_empty()).then(|| Block { path: file.into(), index })
}

/// A sandbox, to which its UUID, memory, kernel and further devices are added.
pub fn sandbox(
    id: &str,
    image: &str,
    path: &str,
    vcpus: u32,
    debug: bool,
    own: impl Iterator<Item = Pair>,
) -> Result<Config, Refused> {
    if image.is_empty() {
        return Err(Refused("a sandbox needs an image".into()));
    }
    let fixed = [("panic".to_string(), "1".to_string()), ("maxcpus".to_string(), vcpus.to_string())];
    let params = kernel_parameters(image, debug).into_iter().chain(fixed).chain(own);
    let words = params.filter_map(|pair| match pair {
        (key, value) if key.is_empty() || value.is_empty() => Some(key + &value).filter(|word| !word.is_empty()),
        (key, value) => Some(format!("{key}={value}")),
    });
    let (name, backend, port) = ("console0".into(), "socket".into(), "console".into());
    let mut devices = vec![
        Bridge { function: 0, emul: "hostbridge".into() },
        Lpc { function: 0, emul: "lpc".into() },
        Console { name, backend, port, path: path.into() },
        Block { path: image.into(), index: 0 },
    ];
    devices.extend((1..=8).map(|index| Block { path: "nodisk".into(), index }));
    Ok(Config {
        name: format!("sandbox-{id}"),
        uuid: String::new(),
        acpi: true,
        memory: String::new(),
        kernel: String::new(),
        kernel_line: words.collect::<Vec<_>>().join(" "),
        devices,
    })
}
