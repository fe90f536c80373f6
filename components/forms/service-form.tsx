"use client";

import { useTranslations } from "next-intl";
import { ConflictNotice } from "#components/changes/conflict-notice";
import { Field } from "#components/ui/field";
import { Input } from "#components/ui/input";
import type { ObservedServiceSpec, ServiceKey } from "#domain/service";
import { observedServiceSpecSchema, protocols, type ServiceDefinition, serviceDefinitionSchema } from "#domain/service";
import type { ServiceRow } from "#domain/table";
import { useNames } from "../changes/use-names.ts";
import type { Done } from "../changes/use-undo.ts";
import { Choice } from "./choice.tsx";
import { FormDialog } from "./form-dialog.tsx";
import { ServiceOptions } from "./service-options.tsx";
import {
  newServiceValues,
  type ServiceField,
  type ServiceValues,
  serviceCommand,
  serviceFieldAt,
  serviceInput,
  valuesOfService,
} from "./service-values.ts";
import { type Seen, useChangeForm } from "./use-change-form.ts";

export interface ServiceFormProps {
  /** the service to edit, as it was seen; null adds one */
  service: Pick<ServiceRow, "key" | "spec"> | null;
  onClose: () => void;
  onCloseAutoFocus?: (event: Event) => void;
  onDone: (definition: ServiceDefinition, added: boolean, done: Done) => void;
}

const conflictFields = [
  "scheduler",
  "schedulerFlags",
  "persistent",
  "timeoutS",
  "netmask",
  "onePacket",
  "engine",
] as const satisfies ServiceField[];

/** In an edit the key has no fields: what its port breaks without persistence is said where persistence is turned on. */
function editedFieldAt(path: readonly (string | number)[]): ServiceField | null {
  const field = serviceFieldAt(path);
  return field === "port" ? "persistent" : (conflictFields.find((shown) => shown === field) ?? null);
}

/** Adds a virtual service or edits one. The kernel takes the whole record, so the form starts from all of it. */
export function ServiceForm({ service, onClose, onCloseAutoFocus, onDone }: ServiceFormProps) {
  const t = useTranslations("form");
  const { serviceName } = useNames();
  const seenOf = (spec: ObservedServiceSpec, key: ServiceKey): Seen<ServiceValues, ObservedServiceSpec> => ({
    spec,
    values: valuesOfService({ key, spec }),
  });
  const change = useChangeForm<ServiceValues, ServiceDefinition, ObservedServiceSpec>({
    schema: serviceDefinitionSchema,
    input: serviceInput,
    fieldAt: service ? editedFieldAt : serviceFieldAt,
    initial: newServiceValues(),
    seen: service && seenOf(service.spec, service.key),
    changes: (definition, expected) => [
      expected ? { verb: "edit-service", ...definition, expected } : { verb: "add-service", ...definition },
    ],
    readCurrent: (current) => {
      const spec = observedServiceSpecSchema.safeParse((current as { spec?: unknown } | null)?.spec);
      return spec.success && service ? seenOf(spec.data, service.key) : null;
    },
    fieldOfCode: (code, { kind }) =>
      service === null && (code === "SERVICE_EXISTS" || code === "FAMILY_NOT_SUPPORTED")
        ? kind === "fwmark"
          ? "mark"
          : "address"
        : null,
    goneCode: "NO_SUCH_SERVICE",
    onDone,
  });
  const { form, problemAt } = change;
  const values = form.watch();
  const adds = service === null || change.gone;

  return (
    <FormDialog
      title={service ? t("editService", { service: serviceName(service.key) }) : t("addService")}
      command={serviceCommand(adds ? "add-service" : "edit-service", values)}
      onSubmit={change.submit}
      pending={change.pending}
      submitLabel={change.gone ? t("addAgain") : service ? t("save") : t("addServiceSubmit")}
      alert={change.alert}
      notice={<ConflictNotice fields={conflictFields} conflict={change.conflict} gone={change.gone} />}
      unsettled={change.conflict !== null}
      focusFirst={() => form.setFocus(service ? "scheduler" : "address")}
      onClose={onClose}
      {...(onCloseAutoFocus ? { onCloseAutoFocus } : {})}
    >
      {service === null && (
        <>
          <Choice
            label={t("field.kind")}
            options={[...protocols, "fwmark" as const].map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
            error={problemAt("kind")}
            help={values.kind === "fwmark" ? t("help.fwmark") : undefined}
            {...form.register("kind")}
          />
          {values.kind === "fwmark" ? (
            <div className="flex flex-wrap items-start gap-4">
              <Field label={t("field.mark")} error={problemAt("mark")} className="w-40">
                <Input tabular inputMode="numeric" autoComplete="off" {...form.register("mark")} />
              </Field>
              <Choice
                label={t("field.family")}
                options={(["4", "6"] as const).map((family) => ({ value: family, label: t(`family.${family}`) }))}
                error={problemAt("family")}
                {...form.register("family")}
              />
            </div>
          ) : (
            <div className="grid grid-cols-[1fr_7rem] gap-3">
              <Field label={t("field.serviceAddress")} error={problemAt("address")} help={t("help.serviceAddress")}>
                <Input
                  tabular
                  autoComplete="off"
                  spellCheck={false}
                  placeholder="192.0.2.10"
                  {...form.register("address")}
                />
              </Field>
              <Field label={t("field.port")} error={problemAt("port")} help={t("help.servicePort")}>
                <Input tabular inputMode="numeric" autoComplete="off" placeholder="80" {...form.register("port")} />
              </Field>
            </div>
          )}
        </>
      )}
      <ServiceOptions form={form} values={values} problemAt={problemAt} />
    </FormDialog>
  );
}
