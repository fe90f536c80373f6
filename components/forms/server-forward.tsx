"use client";

import { useTranslations } from "next-intl";
import type { Path, UseFormReturn } from "react-hook-form";
import { Field } from "#components/ui/field";
import { Input } from "#components/ui/input";
import { Select } from "#components/ui/select";
import {
  forwards,
  makableForwards,
  observedForwards,
  possibleChecksums,
  tunnelChecksums,
  tunnelTypes,
} from "#domain/real-server";
import { Choice } from "./choice.tsx";
import type { ServerValues } from "./server-values.ts";

/** What is shown where another program set it, each with its own words. */
const foreignForwards = ["local", "bypass", "fullnat", "forward-6", "mask"] as const;

export interface ServerForwardProps {
  form: UseFormReturn<ServerValues, unknown, unknown>;
  values: ServerValues;
  /** whether the kernel has this method */
  fullnat: boolean;
  problemAt: (field: Path<ServerValues>) => string | undefined;
}

/** How packets reach the real server: what -m, -g, -i and the --tun options say. */
export function ServerForward({ form, values, fullnat, problemAt }: ServerForwardProps) {
  const t = useTranslations("form");
  const offered: readonly string[] = fullnat ? makableForwards : forwards;
  // One that another program set stays to be seen, and to come back to, until the form is saved.
  const was = form.formState.defaultValues?.forward ?? values.forward;
  const shown = observedForwards.filter((each) => offered.includes(each) || each === values.forward || each === was);
  const made = makableForwards.find((known) => known === values.forward && offered.includes(known));
  const foreign = foreignForwards.find((known) => known === values.forward) ?? "forward-6";
  const type = tunnelTypes.find((known) => known === values.tunnelType);
  const checksums: readonly string[] = type ? possibleChecksums[type] : tunnelChecksums;
  return (
    <>
      <Choice
        label={t("field.forward")}
        options={shown.map((value) => ({ value, label: t(`forward.${value}`) }))}
        help={made ? t(`forwardHelp.${made}`) : `${t(`foreignForward.${foreign}`)} ${t("help.foreignForward")}`}
        error={problemAt("forward")}
        {...form.register("forward")}
      />
      {values.forward === "tunnel" && (
        <div className="grid grid-cols-3 gap-3 border-l border-line pl-4 max-sm:grid-cols-1">
          <Field label={t("field.tunnelType")} error={problemAt("tunnelType")}>
            <Select
              {...form.register("tunnelType", {
                onChange: () => {
                  const now = tunnelTypes.find((known) => known === form.getValues("tunnelType"));
                  const allowed: readonly string[] = now ? possibleChecksums[now] : tunnelChecksums;
                  if (!allowed.includes(form.getValues("tunnelChecksum"))) form.setValue("tunnelChecksum", "none");
                },
              })}
            >
              {!type && <option value={values.tunnelType}>{values.tunnelType}</option>}
              {tunnelTypes.map((value) => (
                <option key={value} value={value}>
                  {t(`tunnelType.${value}`)}
                </option>
              ))}
            </Select>
          </Field>
          {values.tunnelType === "gue" && (
            <Field label={t("field.tunnelPort")} error={problemAt("tunnelPort")}>
              <Input
                tabular
                inputMode="numeric"
                autoComplete="off"
                placeholder="6080"
                {...form.register("tunnelPort")}
              />
            </Field>
          )}
          {checksums.length > 1 && (
            <Field label={t("field.tunnelChecksum")} error={problemAt("tunnelChecksum")}>
              <Select {...form.register("tunnelChecksum")}>
                {!tunnelChecksums.some((known) => known === values.tunnelChecksum) && (
                  <option value={values.tunnelChecksum}>{values.tunnelChecksum}</option>
                )}
                {tunnelChecksums
                  .filter((value) => checksums.includes(value))
                  .map((value) => (
                    <option key={value} value={value}>
                      {t(`tunnelChecksum.${value}`)}
                    </option>
                  ))}
              </Select>
            </Field>
          )}
        </div>
      )}
    </>
  );
}
