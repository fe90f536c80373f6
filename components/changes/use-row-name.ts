import { useCallback } from "react";
import { parseServiceId } from "#domain/service";
import { serviceIdOf } from "./plan.ts";
import { useNames } from "./use-names.ts";

/** What a row is called, by its id: useNames() without the record. Loaded with the dialogs, since it parses. */
export function useRowName(): (id: string) => string {
  const { serviceName } = useNames();
  return useCallback(
    (id) => {
      if (id.includes(">")) return id.slice(id.indexOf(">") + 1);
      const key = parseServiceId(serviceIdOf(id));
      return key ? serviceName(key) : id;
    },
    [serviceName],
  );
}
