import { type Config, ConfigError } from "./config.ts";

/** Who a process is, as numbers, and how to call it in a sentence. */
export interface Account {
  uid: number;
  gid: number;
  name: string;
}

/** Who web becomes when nobody says otherwise and this account exists. */
export const usualName = "ipvs-console";

/**
 * Who web becomes without any account made for it: user and group of a number that no tool gives away by itself. useradd(8)
 * stops at 60000, systemd lists 60706 to 61183 as unused (UIDS-GIDS.md), and what is below 65536 exists in containers too.
 */
export const spareId = 60_917;

/**
 * The account that web runs as when root starts it: the one asked for, else `ipvs-console`, else the spare number. Throws
 * ConfigError when the one asked for is not known or is root by another name, and when somebody has the spare number.
 *
 * @param passwd text of /etc/passwd, passwd(5)
 * @param group text of /etc/group, group(5)
 */
export function webAccount(wanted: Config["webUser"], passwd: string, group: string): Account {
  const users = records(passwd).map(([name = "", , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
  if (wanted !== null && "name" in wanted) {
    const user = users.find(({ name }) => name === wanted.name);
    if (user) return unprivileged(user);
    throw new ConfigError(
      `WEB_USER is "${wanted.name}"; /etc/passwd has no such user. A user that is kept elsewhere is given as UID:GID.`,
    );
  }
  if (wanted !== null) {
    const { uid } = wanted;
    const user = users.find((each) => each.uid === uid);
    return unprivileged({ name: user?.name ?? `uid ${uid}`, uid, gid: wanted.gid ?? user?.gid ?? uid });
  }
  const usual = users.find(({ name }) => name === usualName);
  if (usual) return unprivileged(usual);
  const holder =
    users.find(({ uid, gid }) => uid === spareId || gid === spareId)?.name ??
    records(group).find(([, , gid]) => Number(gid) === spareId)?.[0];
  if (holder === undefined) return { name: `uid ${spareId}`, uid: spareId, gid: spareId };
  throw new ConfigError(
    `The number ${spareId}, which web would run as, belongs to "${holder}". Add a user "${usualName}" (useradd --system ${usualName}), or name one in WEB_USER.`,
  );
}

/**
 * What `work` does, done with the rights of that account: the kernel itself judges, access lists and all. Needs root. `work` must not
 * be asynchronous, since the whole process is that account meanwhile.
 */
export function asAccount<T>({ uid, gid }: Pick<Account, "uid" | "gid">, work: () => T): T {
  const { getgroups, setgroups, geteuid, seteuid, getegid, setegid } = process;
  if (!getgroups || !setgroups || !geteuid || !seteuid || !getegid || !setegid) throw new TypeError("no accounts here");
  const before = { groups: getgroups(), uid: geteuid(), gid: getegid() };
  setgroups([]);
  setegid(gid);
  seteuid(uid);
  try {
    return work();
  } finally {
    seteuid(before.uid);
    setegid(before.gid);
    setgroups(before.groups);
  }
}

/** Gives up root for good: from here on this process is that account, with no other group and no capability. */
export function becomeAccount({ uid, gid }: Pick<Account, "uid" | "gid">): void {
  process.setgroups?.([]);
  process.setgid?.(gid);
  process.setuid?.(uid);
}

function unprivileged(account: Account): Account {
  if (account.uid !== 0 && account.gid !== 0) return account;
  const what = account.uid === 0 ? "is root" : "is in root's group";
  throw new ConfigError(`Web would run as "${account.name}", which ${what}; WEB_USER names a user that is neither.`);
}

const records = (text: string) =>
  text
    .split("\n")
    .filter((line) => line.includes(":"))
    .map((line) => line.split(":"));
