"use client";
import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button";
import { Field } from "#components/ui/field";
import { Input } from "#components/ui/input";
import { Select } from "#components/ui/select";
import { auditActions } from "#domain/audit";
import { type AuditFilterState, fromField, longestActor, longestText, outcomes, toField } from "./use-audit-filter.ts";

/** What is looked for. */
export function AuditFilters({ state }: { state: AuditFilterState }) {
  const t = useTranslations("audit");
  const { filter, since, until, set } = state;
  const plain = { autoComplete: "off", autoCapitalize: "none", spellCheck: false } as const;
  return (
    <search aria-label={t("filters")} className="flex flex-wrap items-end gap-x-3 gap-y-2">
      <Field label={t("text")} className="w-60 max-sm:w-full">
        <Input
          type="search"
          placeholder={t("textPlaceholder")}
          maxLength={longestText}
          {...plain}
          value={filter.text}
          onChange={({ target }) => set({ text: target.value })}
        />
      </Field>
      <Field label={t("actor")} className="w-36 max-sm:w-[calc(50%-0.375rem)]">
        <Input
          type="search"
          placeholder={t("actorPlaceholder")}
          maxLength={longestActor}
          {...plain}
          value={filter.actor}
          onChange={({ target }) => set({ actor: target.value })}
        />
      </Field>
      <Field label={t("what")} className="w-44 max-sm:w-[calc(50%-0.375rem)]">
        <Select
          value={filter.action ?? ""}
          onChange={({ target }) => set({ action: auditActions.find((known) => known === target.value) ?? null })}
        >
          <option value="">{t("anything")}</option>
          {auditActions.map((action) => (
            <option key={action} value={action}>
              {t(`action.${action}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t("outcome")} className="w-32 max-sm:w-full">
        <Select
          value={filter.outcome}
          onChange={({ target }) => set({ outcome: outcomes.find((known) => known === target.value) ?? "any" })}
        >
          {outcomes.map((outcome) => (
            <option key={outcome} value={outcome}>
              {t(`outcomes.${outcome}`)}
            </option>
          ))}
        </Select>
      </Field>
      <div className="flex gap-3 max-sm:w-full max-sm:flex-col max-sm:gap-2">
        <Field label={t("since")} className="w-60 max-sm:w-full">
          <Input
            type="datetime-local"
            tabular
            value={toField(since)}
            onChange={({ target }) => set({ since: fromField(target.value) })}
          />
        </Field>
        <Field label={t("until")} className="w-60 max-sm:w-full">
          <Input
            type="datetime-local"
            tabular
            value={toField(until)}
            onChange={({ target }) => set({ until: fromField(target.value) })}
          />
        </Field>
      </div>
      {state.filtered && (
        <Button variant="ghost" onClick={state.clear}>
          <X className="size-3.5" aria-hidden="true" />
          {t("clearFilters")}
        </Button>
      )}
    </search>
  );
}
