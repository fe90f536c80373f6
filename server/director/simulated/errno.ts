import type { Refusal } from "../ipvs.ts";

const known = {
  EPERM: [1, "Operation not permitted"],
  ENOENT: [2, "No such file or directory"],
  ESRCH: [3, "No such process"],
  ENOMEM: [12, "Cannot allocate memory"],
  EEXIST: [17, "File exists"],
  ENODEV: [19, "No such device"],
  EINVAL: [22, "Invalid argument"],
  ERANGE: [34, "Numerical result out of range"],
  ENOPROTOOPT: [92, "Protocol not available"],
  EOPNOTSUPP: [95, "Operation not supported"],
  ENETUNREACH: [101, "Network is unreachable"],
  ENOBUFS: [105, "No buffer space available"],
  ETIMEDOUT: [110, "Connection timed out"],
} as const;
export type Errno = keyof typeof known;

/** The refusal with Linux's number and strerror(3)'s English words, as the addon tells it. */
export function refusal(code: Errno): Refusal {
  const [errno, message] = known[code];
  return { code, errno, message };
}
