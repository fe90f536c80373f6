import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { endpoint } from "#domain/address";
import type { ServerKey } from "#domain/real-server";
import { parseServiceId, type ServiceKey } from "#domain/service";
import { serviceIdOf } from "./plan.ts";

export interface Names {
  /** `TCP 192.0.2.10:80`, `Mark 7 (IPv6)` */
  serviceName: (key: ServiceKey) => string;
  /** `10.0.0.7:8080` */
  serverName: (key: ServerKey) => string;
  /** of a row by its id */
  rowName: (id: string) => string;
}

/** What rows are called in dialogs and messages. */
export function useNames(): Names {
  const t = useTranslations("change");
  return useMemo(() => {
    const serviceName = (key: ServiceKey) =>
      key.kind === "fwmark"
        ? t("markName", { mark: String(key.mark), family: key.family })
        : `${key.protocol.toUpperCase()} ${endpoint(key.address, key.port)}`;
    const rowName = (id: string) => {
      const key = parseServiceId(serviceIdOf(id));
      return id.includes(">") ? id.slice(id.indexOf(">") + 1) : key ? serviceName(key) : id;
    };
    return { serviceName, serverName: ({ address, port }) => endpoint(address, port), rowName };
  }, [t]);
}
