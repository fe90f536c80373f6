import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { endpoint } from "#domain/endpoint";
import type { ServerKey } from "#domain/real-server";
import type { ServiceKey } from "#domain/service";

export interface Names {
  /** `TCP 192.0.2.10:80`, `Mark 7 (IPv6)` */
  serviceName: (key: ServiceKey) => string;
  /** `10.0.0.7:8080` */
  serverName: (key: ServerKey) => string;
}

/** What services and servers are called in dialogs and messages. */
export function useNames(): Names {
  const t = useTranslations("change");
  return useMemo(
    () => ({
      serviceName: (key) =>
        key.kind === "fwmark"
          ? t("markName", { mark: String(key.mark), family: key.family })
          : `${key.protocol.toUpperCase()} ${endpoint(key.address, key.port)}`,
      serverName: ({ address, port }) => endpoint(address, port),
    }),
    [t],
  );
}
