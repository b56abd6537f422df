//! Your code from here: this file stands for it. Use yours, and call it in adapter.rs.

/// A command line in the making.
#[derive(Default)]
pub struct Vm {
    pub argv: Vec<String>,
    /// The slot of the disk with each index.
    pub block_slots: [usize; 9],
    /// Why there is none to be had.
    pub refused: Option<&'static str>,
    slot: usize,
}

pub type Pair<'a> = (&'a str, &'a str);

impl Vm {
    /// What comes before the devices; options that are empty are left out.
    pub fn begin(&mut self, uuid: &str, acpi: bool, memory: &str) {
        self.option("-U", uuid);
        self.argv.extend(acpi.then(|| "-A".into()));
        self.option("-m", memory);
    }

    /// What comes behind the devices.
    pub fn end(&mut self, kernel: &str, line: &str, name: &str) {
        self.option("-k", kernel);
        if !kernel.is_empty() {
            self.option("-B", line);
        }
        self.argv.extend((!name.is_empty()).then(|| name.into()));
    }

    fn option(&mut self, flag: &str, value: &str) {
        if !value.is_empty() {
            self.argv.extend([flag.into(), value.into()]);
        }
    }

    /// Puts a device on the next slot, if it is valid, which is told; slot 2 is GVT-g's.
    fn put(&mut self, valid: bool, device: String) -> bool {
        if valid {
            self.argv.extend(["-s".into(), format!("{}{device}", self.slot)]);
            self.slot += if self.slot == 1 { 2 } else { 1 };
        }
        valid
    }

    pub fn console(&mut self, name: &str, backend: &str, port: &str, path: &str) -> bool {
        let backend = match backend {
            "socket" => Some(format!("socket:{name}={path}")),
            "tty" => Some(format!("tty:tty_port={path}")),
            "pty" => Some("pty:pty_port".into()),
            "file" => Some(format!("file:file_port={path}")),
            "console" => Some(String::new()),
            _ => None,
        };
        let at = if port == "console" { "@" } else { "" };
        let valid = backend.is_some() && ["console", "serial"].contains(&port) && !path.is_empty();
        self.put(valid, format!(",virtio-console,{at}{}", backend.unwrap_or_default()))
    }

    pub fn net(&mut self, kind: &str, name: &str, address: &str) -> bool {
        let valid = ["tap", "macvtap"].contains(&kind) && !name.is_empty() && !address.is_empty();
        self.put(valid, format!(",virtio-net,{name},mac={address}"))
    }

    pub fn block(&mut self, path: &str, index: i64) -> bool {
        let slot = self.slot;
        let valid = self.put(!path.is_empty(), format!(",virtio-blk,{path}"));
        match usize::try_from(index) {
            Ok(index @ 0..=8) if valid => self.block_slots[index] = slot,
            Err(_) if valid => self.refused = Some("a disk has a negative index"),
            _ => {}
        }
        valid
    }

    pub fn bridge(&mut self, function: i64, emul: &str) -> bool {
        self.put(function == 0 && emul == "hostbridge", ":0,hostbridge".into())
    }

    pub fn lpc(&mut self, function: i64, emul: &str) -> bool {
        let valid = self.put(emul == "lpc", format!(":{function},lpc"));
        self.argv.extend(valid.then(|| "-lcom1,stdio".into()));
        valid
    }

    pub fn network(&mut self, endpoint: &str, model: &str, name: &str, address: &str) -> bool {
        match (endpoint, model) {
            ("macvtap", _) | ("veth", "macvtap") => self.net("macvtap", name, address),
            ("veth", _) => self.net("tap", name, address),
            _ => false,
        }
    }

    /// What a sandbox has before its steps.
    pub fn sandbox(&mut self, image: &str, console: &str) {
        if image.is_empty() {
            self.refused = Some("a sandbox needs an image");
        }
        self.bridge(0, "hostbridge");
        self.lpc(0, "lpc");
        self.console("console0", "socket", "console", console);
        self.block(image, 0);
        for index in 1..=8 {
            self.block("nodisk", index);
        }
    }
}

const COMMON: &str = "tsc=reliable no_timer_check nohpet console=tty0 console=ttyS0 console=hvc0 \
    log_buf_len=16M consoleblank=0 iommu=off i915.avail_planes_per_pipe=0x070F00 \
    i915.enable_hangcheck=0 i915.nuclear_pageflip=1 i915.enable_guc_loading=0 \
    i915.enable_guc_submission=0 i915.enable_guc=0";
const QUIET: &str = "systemd.show_status=false";
const DEBUG: &str = "systemd.show_status=true systemd.log_level=debug systemd.log_target=kmsg printk.devkmsg=on";

pub fn kernel_parameters(image: &str, debug: bool) -> Vec<Pair<'static>> {
    let (mode, systemd) = if debug { ("debug", DEBUG) } else { ("quiet", QUIET) };
    let rooted = !image.is_empty();
    let root = rooted.then(|| ("root", "/dev/vda1 rw rootwait"));
    let behind = pairs(if rooted { systemd } else { "" });
    pairs(COMMON).chain(root).chain(pairs(mode)).chain(behind).collect()
}

pub fn pairs(line: &str) -> impl Iterator<Item = Pair<'_>> {
    line.split_whitespace().map(|word| word.split_once('=').unwrap_or((word, "")))
}

/// The text of pairs on a kernel's command line.
pub fn joined(pairs: &[Pair]) -> String {
    let words = pairs.iter().filter_map(|pair| match *pair {
        ("", "") => None,
        (key, value) if key.is_empty() || value.is_empty() => Some(format!("{key}{value}")),
        (key, value) => Some(format!("{key}={value}")),
    });
    words.collect::<Vec<_>>().join(" ")
}
