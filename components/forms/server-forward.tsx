"use client";

import { useTranslations } from "next-intl";
import type { Path, UseFormReturn } from "react-hook-form";
import { Field } from "#components/ui/field";
import { Input } from "#components/ui/input";
import { Select } from "#components/ui/select";
import { forwards, possibleChecksums, tunnelChecksums, tunnelTypes } from "#domain/real-server";
import { Choice } from "./choice.tsx";
import type { ServerValues } from "./server-values.ts";

export interface ServerForwardProps {
  form: UseFormReturn<ServerValues, unknown, unknown>;
  values: ServerValues;
  problemAt: (field: Path<ServerValues>) => string | undefined;
}

/** How packets reach the real server: what -m, -g, -i and the --tun options say. */
export function ServerForward({ form, values, problemAt }: ServerForwardProps) {
  const t = useTranslations("form");
  const foreign = !forwards.some((forward) => forward === values.forward);
  const forward = forwards.find((known) => known === values.forward);
  const type = tunnelTypes.find((known) => known === values.tunnelType);
  const checksums: readonly string[] = type ? possibleChecksums[type] : tunnelChecksums;
  return (
    <>
      <Choice
        label={t("field.forward")}
        options={[
          ...forwards.map((value) => ({ value, label: t(`forward.${value}`) })),
          ...(foreign ? [{ value: values.forward, label: values.forward }] : []),
        ]}
        help={forward ? t(`forwardHelp.${forward}`) : t("help.foreignForward")}
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
