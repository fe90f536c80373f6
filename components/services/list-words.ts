import type { useTranslations } from "next-intl";
import type { listFilters } from "#domain/list-query";

export type FilterName = keyof typeof listFilters;
export const filterNames = ["state", "protocol", "family", "forward"] as const satisfies readonly FilterName[];

/** The translator of the list, handed down: made anew in every cell it would cost more than the cell. */
export type ListWords = ReturnType<typeof useTranslations<"list">>;
