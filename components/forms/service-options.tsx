"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import type { Path, UseFormReturn } from "react-hook-form";
import { CheckboxField } from "#components/ui/checkbox";
import { Field, FieldGroup } from "#components/ui/field";
import { Input } from "#components/ui/input";
import { Select } from "#components/ui/select";
import { schedulerFlagName } from "#domain/rules/format";
import { engines, fullNetmask, type SchedulerFlag, schedulerFlags, schedulers } from "#domain/service";
import { type ServiceValues, typedFamily } from "./service-values.ts";

export interface ServiceOptionsProps {
  form: UseFormReturn<ServiceValues, unknown, unknown>;
  values: ServiceValues;
  problemAt: (field: Path<ServiceValues>) => string | undefined;
}

/** How a service schedules: what -s, -b, -p, -M, --pe and -o say. */
export function ServiceOptions(props: ServiceOptionsProps) {
  const { form, values, problemAt } = props;
  const t = useTranslations("form");
  const hashes = values.scheduler === "sh" || values.scheduler === "mh";
  const scheduler = schedulers.find((known) => known === values.scheduler);
  const family = typedFamily(values);
  const [open, setOpen] = useState(
    values.engine !== "" || values.onePacket || (!hashes && values.schedulerFlags.length > 0),
  );
  const rareProblem =
    problemAt("engine") ?? problemAt("onePacket") ?? (hashes ? undefined : problemAt("schedulerFlags"));
  return (
    <>
      <Field
        label={t("field.scheduler")}
        error={problemAt("scheduler")}
        help={scheduler && t(`schedulerHelp.${scheduler}`)}
      >
        <Select {...form.register("scheduler")}>
          {!scheduler && <option value={values.scheduler}>{values.scheduler}</option>}
          {schedulers.map((name) => (
            <option key={name} value={name}>
              {t("schedulerOption", { scheduler: name, name: t(`scheduler.${name}`) })}
            </option>
          ))}
        </Select>
      </Field>
      {hashes && <SchedulerFlags {...props} help={t("help.hashFlags")} />}
      <div className="flex flex-col gap-2.5">
        <CheckboxField
          label={t("field.persistent")}
          help={t("help.persistent")}
          error={problemAt("persistent")}
          {...form.register("persistent")}
        />
        {values.persistent && (
          <div className="grid grid-cols-2 gap-3 pl-6 max-sm:grid-cols-1 max-sm:pl-0">
            <Field label={t("field.timeoutS")} error={problemAt("timeoutS")} help={t("help.timeoutS")}>
              <Input tabular inputMode="numeric" autoComplete="off" {...form.register("timeoutS")} />
            </Field>
            <Field
              label={family === 4 ? t("field.netmask") : t("field.prefix")}
              error={problemAt("netmask")}
              help={family === 4 ? t("help.netmask") : t("help.prefix")}
            >
              <Input
                tabular
                autoComplete="off"
                spellCheck={false}
                placeholder={fullNetmask(family)}
                {...form.register("netmask")}
              />
            </Field>
          </div>
        )}
      </div>
      <details open={open || rareProblem !== undefined} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="w-fit rounded text-[13px] text-muted select-none hover:text-ink">
          {t("moreOptions")}
        </summary>
        <div className="mt-3 flex flex-col gap-4 border-l border-line pl-4">
          <CheckboxField
            label={t("field.onePacket")}
            help={t("help.onePacket")}
            error={problemAt("onePacket")}
            {...form.register("onePacket")}
          />
          <Field label={t("field.engine")} error={problemAt("engine")} help={t("help.engine")}>
            <Select className="w-48" {...form.register("engine")}>
              <option value="">{t("noEngine")}</option>
              {values.engine !== "" && !engines.some((engine) => engine === values.engine) && (
                <option value={values.engine}>{values.engine}</option>
              )}
              {engines.map((engine) => (
                <option key={engine} value={engine}>
                  {engine}
                </option>
              ))}
            </Select>
          </Field>
          {!hashes && <SchedulerFlags {...props} help={t("help.schedulerFlags")} />}
        </div>
      </details>
    </>
  );
}

/** The flags of a scheduler: fallback and port for the two that hash the source, else three that only the scheduler knows. */
function SchedulerFlags({ form, values, problemAt, help }: ServiceOptionsProps & { help?: string }) {
  const t = useTranslations("form");
  const named = schedulerFlags
    .map((flag) => ({ flag, name: schedulerFlagName(values.scheduler, flag) }))
    .filter((option): option is { flag: SchedulerFlag; name: string } => option.name !== null);
  const problem = problemAt("schedulerFlags");
  return (
    <FieldGroup label={t("field.schedulerFlags")}>
      <div className="flex flex-wrap gap-x-5 gap-y-1">
        {named.map(({ flag, name }) => (
          <CheckboxField key={flag} label={name} value={flag} {...form.register("schedulerFlags")} />
        ))}
      </div>
      {(problem ?? help) && (
        <p className={problem ? "mt-1 text-xs text-failed" : "mt-1 text-xs text-muted"}>{problem ?? help}</p>
      )}
    </FieldGroup>
  );
}
