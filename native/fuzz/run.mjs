// Fuzzes the decoders with libFuzzer, under AddressSanitizer and UndefinedBehaviorSanitizer.
//
//   node native/fuzz/run.mjs [seconds]      600 by default; needs clang
//
// Starts from native/fuzz/corpus and from the replies recorded on a real kernel (native/test/vectors). What it finds to be
// new is kept in .cache/fuzz/found (build/ is emptied by every build of the addon); an input that breaks something is left
// in .cache/fuzz and named, and the status is not 0.

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const native = join(root, "native");
const output = join(root, ".cache/fuzz");
const seconds = Number(process.argv[2] ?? 600);
if (!(seconds > 0)) fail(`"${process.argv[2]}" is not a number of seconds above 0.`, 2);

const folders = { found: join(output, "found"), seeds: join(output, "seeds"), corpus: join(native, "fuzz/corpus") };
for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
writeSeeds();

const program = join(output, "decoder");
const sources = ["ipvs.cc", "ipvs-control.cc", "ipvs-encode.cc", "socket.cc", "fuzz/decoder.cc"];
const flags = ["-std=c++20", "-g", "-O1", "-fsanitize=fuzzer,address,undefined", "-fno-sanitize-recover=all"];
const built = spawnSync("clang++", [...flags, ...sources.map((name) => join(native, name)), "-o", program], {
  stdio: "inherit",
});
if (built.error !== undefined) fail(`clang++ cannot be started (${built.error.code}); Debian's package is clang.`, 1);
if (built.status !== 0) process.exit(1);

const options = [
  `-max_total_time=${seconds}`,
  "-max_len=6000",
  "-timeout=10",
  "-rss_limit_mb=2048",
  "-print_final_stats=1",
];
const child = spawn(
  program,
  [...options, `-artifact_prefix=${output}/`, folders.found, folders.corpus, folders.seeds],
  {
    stdio: "inherit",
  },
);
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("close", (status) => (process.exitCode = status ?? 1));

/** Every recorded message, once for each reader, behind the byte that chooses it. */
function writeSeeds() {
  const vectors = join(native, "test/vectors");
  for (const name of readdirSync(vectors).filter((each) => each.endsWith(".bin"))) {
    const bytes = readFileSync(join(vectors, name));
    for (let at = 0, count = 0; at + 16 <= bytes.length; count++) {
      const length = bytes.readUInt32LE(at);
      const message = bytes.subarray(at, at + length);
      const relative = Buffer.from(message);
      relative.writeUInt32LE(0, 8);
      const seed = (reader, data) =>
        writeFileSync(join(folders.seeds, `${name}-${count}-${reader}`), Buffer.concat([Buffer.of(reader), data]));
      for (const reader of [0, 1, 2, 3]) seed(reader, message.subarray(20));
      for (const reader of [4, 5]) seed(reader, relative);
      at += (length + 3) & ~3;
    }
  }
}

function fail(sentence, status) {
  process.stderr.write(`${sentence}\n`);
  process.exit(status);
}
