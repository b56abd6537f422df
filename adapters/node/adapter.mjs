#!/usr/bin/env node
// An adapter to copy: requests in, calls to the implementation under test, replies out.
// Keep the wire; behind "your code from here" put calls to your own code.

import { writeSync } from 'node:fs';

// The wire: read a line, call, reply. Bytes are split at \n alone; readline would split at U+2028 too.

class Refused extends Error {}

async function main() {
  let rest = Buffer.alloc(0);
  for await (const chunk of process.stdin) {
    rest = Buffer.concat([rest, chunk]);
    for (let end; (end = rest.indexOf('\n')) >= 0; rest = rest.subarray(end + 1)) {
      write(`${JSON.stringify(answer(parse(rest.toString('utf8', 0, end))))}\n`);
    }
  }
}

function write(text) { // at once: console.log on a pipe may keep text until later
  for (let left = Buffer.from(text); left.length;) {
    try {
      left = left.subarray(writeSync(1, left));
    } catch (fault) {
      if (fault.code !== 'EAGAIN') throw fault; // the pipe is full: once more
    }
  }
}

/** JSON.parse, but integers that a double does not hold come as text, for BigInt to read. */
function parse(line) {
  const token = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;
  return JSON.parse(line.replace(token, (text) => (/^-?\d{16,}$/.test(text) ? `"${text}"` : text)));
}

function answer({ id, method, params }) {
  const reply = { jsonrpc: '2.0', id };
  if (!Object.hasOwn(METHODS, method)) {
    return { ...reply, error: { code: -32601, message: 'no such method' } };
  }
  try {
    return { ...reply, result: METHODS[method](params ?? {}) };
  } catch (fault) {
    const code = fault instanceof Refused ? -32000 : -32602;
    return { ...reply, error: { code, message: fault.message } };
  }
}

// Fields that are absent or null take the default of their type; fields without a name here are ignored.
const integer = (value) => BigInt(value ?? 0);

const DEVICES = {
  console: ({ name, backend, port_type: port, path }) =>
    consolePort(name ?? '', backend ?? '', port ?? 'serial', path ?? ''),
  net: ({ net_type: type, if_name: name, mac_address: mac }) => net(type ?? '', name ?? '', mac ?? ''),
  block: ({ file_path: path, index }) => block(path ?? '', integer(index)),
  bridge: ({ function: number, emul }) => bridge(integer(number), emul ?? ''),
  lpc: ({ function: number, emul }) => lpc(integer(number), emul ?? ''),
};
const device = (given) => DEVICES[given.kind](given);

const STEPS = {
  socket: ({ name, host_path: path }) => [consolePort(name ?? '', 'socket', 'serial', path ?? '')],
  network: ({ endpoint, model, if_name: name, hard_addr: mac }) =>
    network(endpoint ?? '', model ?? '', name ?? '', mac ?? ''),
  block_device: ({ file, index }) => blockDevice(file ?? '', integer(index)),
};

const METHODS = {
  describe: () => ({ ...ME, methods: Object.keys(METHODS).filter((name) => name !== 'describe') }),
  argv: ({ config }) => command({
    name: config?.name ?? '',
    uuid: config?.uuid ?? '',
    acpi: config?.acpi_virt ?? false,
    memory: config?.memory?.size ?? '',
    kernel: config?.kernel?.path ?? '',
    kernelLine: config?.kernel?.params ?? '',
    devices: (config?.devices ?? []).map(device),
  }),
  device_valid: (params) => ({ valid: device(params.device).valid }),
  kernel_parameters: (params) => ({ params: kernelParameters(params.image_path ?? '', params.debug) }),
  sandbox_argv: (params) => command(sandbox({
    id: params.id ?? '',
    uuid: params.uuid ?? '',
    memory: integer(params.memory_mb),
    debug: params.debug ?? false,
    vcpus: params.max_vcpus ?? 0,
    kernel: params.kernel_path ?? '',
    image: params.image_path ?? '',
    kernelParams: params.kernel_params ?? [],
    console: params.console_path ?? '',
    added: (params.steps ?? []).flatMap((step) => STEPS[step.append](step)),
  })),
};

// Your code from here: what follows stands for it. Import yours, and let the tables above call it.

const ME = { name: 'adapter-node', version: '1', language: 'JavaScript', protocol: 1 };

function consolePort(name, backend, port, path) {
  const text = { socket: `socket:${name}=${path}`, tty: `tty:tty_port=${path}`, pty: 'pty:pty_port',
    file: `file:file_port=${path}`, console: '' };
  const valid = Object.hasOwn(text, backend) && ['console', 'serial'].includes(port) && path !== '';
  const at = port === 'console' ? '@' : '';
  return { valid, tokens: (slot) => ['-s', `${slot},virtio-console,${at}${text[backend]}`] };
}

function net(type, name, mac) {
  const valid = ['tap', 'macvtap'].includes(type) && name !== '' && mac !== '';
  return { valid, tokens: (slot) => ['-s', `${slot},virtio-net,${name},mac=${mac}`] };
}

function block(path, index) {
  return { valid: path !== '', index, tokens: (slot) => ['-s', `${slot},virtio-blk,${path}`] };
}

function bridge(number, emul) {
  const valid = number === 0n && emul === 'hostbridge';
  return { valid, tokens: (slot) => ['-s', `${slot}:${number},${emul}`] };
}

function lpc(number, emul) {
  return { valid: emul === 'lpc', tokens: (slot) => ['-s', `${slot}:${number},${emul}`, '-lcom1,stdio'] };
}

function command({ name, uuid, acpi, memory, kernel, kernelLine, devices }) {
  const option = (flag, value) => (value ? [flag, value] : []);
  const argv = [...option('-U', uuid), ...(acpi ? ['-A'] : []), ...option('-m', memory)];
  const slots = Array(9).fill(0);
  devices.filter(({ valid }) => valid).forEach(({ tokens, index }, place) => {
    const slot = place < 2 ? place : place + 1; // slot 2 is GVT-g's
    argv.push(...tokens(slot));
    if (index < 0n) throw new Refused(`index ${index} is negative`);
    if (index < slots.length) slots[index] = slot;
  });
  if (kernel) argv.push('-k', kernel, ...option('-B', kernelLine));
  return { argv: name ? [...argv, name] : argv, block_slots: slots };
}

const COMMON = `tsc=reliable no_timer_check nohpet console=tty0 console=ttyS0 console=hvc0
log_buf_len=16M consoleblank=0 iommu=off i915.avail_planes_per_pipe=0x070F00 i915.enable_hangcheck=0
i915.nuclear_pageflip=1 i915.enable_guc_loading=0 i915.enable_guc_submission=0 i915.enable_guc=0`;
const DEBUG = `systemd.show_status=true systemd.log_level=debug systemd.log_target=kmsg
printk.devkmsg=on`;

function kernelParameters(image, debug) {
  const pairs = (line) => line.split(/\s/).map((word) => [...word.split('='), ''].slice(0, 2));
  const mode = pairs(debug ? 'debug' : 'quiet');
  if (!image) return [...pairs(COMMON), ...mode];
  const systemd = pairs(debug ? DEBUG : 'systemd.show_status=false');
  return [...pairs(COMMON), ['root', '/dev/vda1 rw rootwait'], ...mode, ...systemd];
}

function network(endpoint, model, name, mac) {
  if (!['veth', 'macvtap'].includes(endpoint)) return [];
  return [net([endpoint, model].includes('macvtap') ? 'macvtap' : 'tap', name, mac)];
}

function blockDevice(file, index) {
  return file ? [block(file, index)] : [];
}

function sandbox({ id, uuid, memory, debug, vcpus, kernel, image, kernelParams, console, added }) {
  if (!image) throw new Refused('a sandbox needs an image');
  const own = [['panic', '1'], ['maxcpus', `${vcpus}`]];
  const words = [...kernelParameters(image, debug), ...own, ...kernelParams];
  const kernelLine = words.map((pair) => pair.filter(Boolean).join('=')).filter(Boolean).join(' ');
  const devices = [bridge(0n, 'hostbridge'), lpc(0n, 'lpc'),
    consolePort('console0', 'socket', 'console', console), block(image, 0n)];
  for (let index = 1n; index <= 8n; index += 1n) devices.push(block('nodisk', index));
  return { name: `sandbox-${id}`, uuid, acpi: true, memory: `${memory}M`, kernel, kernelLine,
    devices: [...devices, ...added] };
}

await main();
