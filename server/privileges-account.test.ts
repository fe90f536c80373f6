import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ConfigError } from "./config.ts";
import { asAccount, spareId, webAccount } from "./privileges-account.ts";

const passwd = `root:x:0:0:root:/root:/bin/bash
toor:x:0:0::/root:/bin/sh
www-data:x:33:34:www-data:/var/www:/usr/sbin/nologin
wheel:x:1001:0:::
`;
const group = "root:x:0:\nwww-data:x:34:\n";
const withUsual = `${passwd}ipvs-console:x:998:997::/:/usr/sbin/nologin\n`;

describe("webAccount", () => {
  test("who is asked for, by name or by number", () => {
    expect(webAccount({ name: "www-data" }, withUsual, group)).toEqual({ name: "www-data", uid: 33, gid: 34 });
    expect(webAccount({ uid: 33, gid: null }, withUsual, group)).toEqual({ name: "www-data", uid: 33, gid: 34 });
    expect(webAccount({ uid: 33, gid: 5 }, withUsual, group)).toEqual({ name: "www-data", uid: 33, gid: 5 });
    expect(webAccount({ uid: 4000, gid: null }, withUsual, group)).toEqual({ name: "uid 4000", uid: 4000, gid: 4000 });
  });

  test("else the usual name, else the spare number", () => {
    expect(webAccount(null, withUsual, group)).toEqual({ name: "ipvs-console", uid: 998, gid: 997 });
    expect(webAccount(null, passwd, group)).toEqual({ name: `uid ${spareId}`, uid: spareId, gid: spareId });
  });

  test.each<[string, Parameters<typeof webAccount>, string]>([
    ["a name that nobody has", [{ name: "nginx" }, passwd, group], 'WEB_USER is "nginx"; /etc/passwd has no such user'],
    ["root by another name", [{ name: "toor" }, passwd, group], '"toor", which is root'],
    ["a user in root's group", [{ name: "wheel" }, passwd, group], "in root's group"],
    ["a number in root's group", [{ uid: 1001, gid: null }, passwd, group], "in root's group"],
    ["the usual name as root", [null, `${passwd}ipvs-console:x:0:0:::`, group], "which is root"],
    ["a user with the spare number", [null, `${passwd}bob:x:${spareId}:1:::`, group], 'belongs to "bob"'],
    ["a user of a group with it", [null, `${passwd}bob:x:7:${spareId}:::`, group], 'belongs to "bob"'],
    ["a group with it", [null, passwd, `${group}staff:x:${spareId}:\n`], 'belongs to "staff"'],
  ])("%s is refused in words", (_what, args, sentence) => {
    expect(() => webAccount(...args)).toThrow(ConfigError);
    expect(() => webAccount(...args)).toThrow(sentence);
  });
});

describe.skipIf(process.getuid?.() !== 0)("asAccount (as root)", () => {
  const ids = () =>
    readFileSync("/proc/self/status", "utf8")
      .match(/^(Uid|Gid|Groups|CapEff):.*$/gm)
      ?.join();

  test("does it with that account's rights and gives them back, when it throws too", () => {
    // Node counts the effective group among the others, so the first time leaves root in its own group twice.
    asAccount({ uid: 4001, gid: 4002 }, ids);
    const before = ids();
    expect(before).toMatch(/^Uid:\t0\t0\t.*Gid:\t0\t0\t.*Groups:\t0 ,CapEff:.*[1-9a-f]/s);
    expect(asAccount({ uid: 4001, gid: 4002 }, ids)).toMatch(
      /^Uid:\t0\t4001\t.*Gid:\t0\t4002\t.*Groups:\t ,CapEff:\t0{16}$/s,
    );
    expect(() => asAccount({ uid: 4001, gid: 4002 }, () => readFileSync("/etc/shadow"))).toThrow("EACCES");
    expect(ids()).toBe(before);
  });
});
