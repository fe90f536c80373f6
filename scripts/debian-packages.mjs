/** The Debian packages that building and testing need, once, and how to get them. Plain Node 20, no dependencies. */
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";

/** Package → a program that proves it is there. */
const programs = {
  "user-mode-linux": "linux.uml",
  kmod: "depmod",
  iproute2: "ip",
  "busybox-static": "busybox",
  ipvsadm: "ipvsadm",
  curl: "curl",
  "util-linux": "nsenter",
  chromium: "chromium",
  "g++": "g++",
  make: "make",
  python3: "python3",
  clang: "clang",
  openssl: "openssl",
};

/** Sets of packages by purpose. */
export const packagesFor = {
  compiler: ["g++", "make", "python3"],
  kernel: ["user-mode-linux", "kmod", "iproute2", "busybox-static", "ipvsadm", "util-linux", "curl"],
  browser: ["chromium"],
  fuzz: ["clang"],
  certificates: ["openssl"],
};

/** Full path of a program on PATH or in the system's own folders (which people's PATH may lack), or null. */
export function findProgram(name) {
  const folders = [...(process.env.PATH ?? "").split(":"), "/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin"];
  for (const folder of folders.filter((entry) => entry.startsWith("/"))) {
    try {
      accessSync(`${folder}/${name}`, constants.X_OK);
      return `${folder}/${name}`;
    } catch {}
  }
  return null;
}

/** Which of these packages are missing, judged by their program. */
export function missingPackages(packages) {
  return packages.filter((name) => findProgram(programs[name]) === null);
}

/**
 * Makes sure the packages are there: installs what is missing when root on a Debian system.
 * Throws an Error with one sentence for people when that is not possible; output of apt goes to stderr.
 */
export function ensurePackages(packages) {
  const missing = missingPackages(packages);
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(" ")}`;
  if (findProgram("apt-get") === null) {
    throw new Error(
      `These programs are missing, and this is no Debian system to install them on: ${missing.join(", ")}.`,
    );
  }
  if (process.getuid?.() !== 0) throw new Error(`Debian packages are missing. Install them as root: ${command}`);
  process.stderr.write(`Installing Debian packages: ${missing.join(" ")}\n`);
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const run = (...args) =>
    spawnSync("apt-get", args, { stdio: ["ignore", 2, 2], env: environment, timeout: 400_000 }).status === 0;
  run("update");
  if (!run("install", "-y", "--no-install-recommends", ...missing) || missingPackages(packages).length > 0) {
    throw new Error(
      `apt-get could not install ${missingPackages(packages).join(" ") || missing.join(" ")}; its output stands above.`,
    );
  }
}
