// Fuzzes what reads the kernel's bytes with libFuzzer, under AddressSanitizer and UndefinedBehaviorSanitizer.
//
//   node native/fuzz/run.mjs [seconds] [target…]      600 by default, shared out among the targets; needs clang
//
// Targets: decoder (netlink), connections (/proc/net/ip_vs_conn). Each starts from its corpus and from what was recorded on a
// real kernel (native/test/vectors). What it finds to be new is kept in .cache/fuzz/<target>/found (build/ is emptied by every
// build of the addon); an input that breaks something is left in .cache/fuzz/<target> and named, and the status is not 0.

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const native = join(root, "native");
const vectors = join(native, "test/vectors");

const targets = {
  decoder: {
    sources: ["ipvs.cc", "ipvs-control.cc", "ipvs-encode.cc", "socket.cc", "fuzz/decoder.cc"],
    corpus: "corpus",
    longest: 6000,
    seeds: messageSeeds,
  },
  connections: {
    sources: [
      "connection-order.cc",
      "connection-text.cc",
      "connections.cc",
      "template-holds.cc",
      "fuzz/connections.cc",
    ],
    corpus: "connections-corpus",
    longest: 3000,
    seeds: connectionSeeds,
  },
};

const [secondsWord = "600", ...words] = process.argv.slice(2);
const seconds = Number(secondsWord);
if (!(seconds > 0)) fail(`"${secondsWord}" is not a number of seconds above 0.`, 2);
const unknown = words.find((word) => !(word in targets));
if (unknown !== undefined) fail(`"${unknown}" is not one of ${Object.keys(targets).join(", ")}.`, 2);
const names = words.length > 0 ? words : Object.keys(targets);

let child;
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child?.kill(signal));
for (const name of names) {
  const status = await fuzz(name, Math.max(1, Math.floor(seconds / names.length)));
  if (status !== 0) process.exit(status);
}

/** Resolves with the fuzzer's exit status. */
function fuzz(name, limitS) {
  const target = targets[name];
  const output = join(root, ".cache/fuzz", name);
  const folders = {
    found: join(output, "found"),
    corpus: join(native, "fuzz", target.corpus),
    seeds: join(output, "seeds"),
  };
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  target.seeds((seed, bytes) => writeFileSync(join(folders.seeds, seed), bytes));
  const program = join(output, name);
  build(target.sources, program);
  const options = [
    `-max_total_time=${limitS}`,
    `-max_len=${target.longest}`,
    "-timeout=10",
    "-rss_limit_mb=2048",
    "-print_final_stats=1",
    `-artifact_prefix=${output}/`,
  ];
  child = spawn(program, [...options, ...Object.values(folders)], { stdio: "inherit" });
  return new Promise((done) => child.on("close", (status) => done(status ?? 1)));
}

function build(sources, program) {
  const flags = ["-std=c++20", "-g", "-O1", "-fsanitize=fuzzer,address,undefined", "-fno-sanitize-recover=all"];
  const files = sources.map((source) => join(native, source));
  const built = spawnSync("clang++", [...flags, ...files, "-o", program], { stdio: "inherit" });
  if (built.error !== undefined) fail(`clang++ cannot be started (${built.error.code}); Debian's package is clang.`, 1);
  if (built.status !== 0) process.exit(1);
}

/** Every recorded message, once for each reader, behind the byte that chooses it. */
function messageSeeds(write) {
  for (const name of readdirSync(vectors).filter((each) => each.endsWith(".bin"))) {
    const bytes = readFileSync(join(vectors, name));
    for (let at = 0, count = 0; at + 16 <= bytes.length; count++) {
      const length = bytes.readUInt32LE(at);
      const message = bytes.subarray(at, at + length);
      const relative = Buffer.from(message);
      relative.writeUInt32LE(0, 8);
      const seed = (reader, data) => write(`${name}-${count}-${reader}`, Buffer.concat([Buffer.of(reader), data]));
      for (const reader of [0, 1, 2, 3]) seed(reader, message.subarray(20));
      for (const reader of [4, 5]) seed(reader, relative);
      at += (length + 3) & ~3;
    }
  }
}

/** Ten lines of each recorded file at a time, behind eight bytes that ask for one thing or another. */
function connectionSeeds(write) {
  const folder = join(vectors, "connections");
  for (const name of readdirSync(folder).filter((each) => each.endsWith(".bin"))) {
    const lines = readFileSync(join(folder, name), "latin1").split(/(?<=\n)/);
    for (let from = 0, count = 0; from < lines.length; from += 10, count++) {
      const text = Buffer.from(lines.slice(from, from + 10).join(""), "latin1");
      for (let group = 0; group < 7; group++) {
        const origin = name.includes("origin") ? 1 : 0;
        const choices = Buffer.of(origin | ((group % 2) << 1), group, 100, 5 + group, 0, 32, group, 198);
        write(`${name}-${count}-${group}`, Buffer.concat([choices, text]));
      }
    }
  }
}

function fail(sentence, status) {
  process.stderr.write(`${sentence}\n`);
  process.exit(status);
}
