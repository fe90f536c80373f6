"use client";

import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { ConflictNotice } from "#components/changes/conflict-notice";
import { Field } from "#components/ui/field";
import { Input } from "#components/ui/input";
import {
  type ObservedServerSpec,
  observedServerSpecSchema,
  type ServerDefinition,
  serverDefinitionSchema,
} from "#domain/real-server";
import { type ServiceKey, serviceFamily } from "#domain/service";
import { useNames } from "../changes/use-names.ts";
import type { Done } from "../changes/use-undo.ts";
import { FormDialog } from "./form-dialog.tsx";
import { serverChanges } from "./server-changes.ts";
import { ServerForward } from "./server-forward.tsx";
import {
  keepsPort,
  mixesFamilies,
  newServerValues,
  type ServerField,
  type ServerValues,
  serverCommand,
  serverFieldAt,
  serverInput,
  valuesOfServer,
} from "./server-values.ts";
import { useChangeForm } from "./use-change-form.ts";
import { useFullnat } from "./use-fullnat.ts";

export interface ServerFormProps {
  service: ServiceKey;
  /** the real server to edit, as it was seen; null adds one */
  server: ObservedServerSpec | null;
  /** the servers that the service has, for what a new one starts with */
  neighbours?: readonly ObservedServerSpec[];
  onClose: () => void;
  onCloseAutoFocus?: (event: Event) => void;
  onDone: (definition: ServerDefinition, added: boolean, done: Done) => void;
}

const conflictFields = [
  "forward",
  "tunnelType",
  "tunnelPort",
  "tunnelChecksum",
  "weight",
  "upperThreshold",
  "lowerThreshold",
] as const satisfies ServerField[];

/** In an edit the key has no fields: what its address and port break is said at the method that they do not go with. */
function editedFieldAt(path: readonly (string | number)[]): ServerField | null {
  const field = serverFieldAt(path);
  return field === "address" || field === "port" ? "forward" : field;
}

/** Adds a real server to a service or edits one. The kernel takes the whole record, so the form starts from all of it. */
export function ServerForm({ service, server, neighbours = [], onClose, onCloseAutoFocus, onDone }: ServerFormProps) {
  const t = useTranslations("form");
  const { serviceName, serverName } = useNames();
  const fullnat = useFullnat();
  const change = useChangeForm<ServerValues, ServerDefinition, ObservedServerSpec>({
    schema: serverDefinitionSchema,
    input: (values) => serverInput(service, values),
    fieldAt: server ? editedFieldAt : serverFieldAt,
    initial: newServerValues(service, neighbours, fullnat),
    seen: server && { spec: server, values: valuesOfServer(server) },
    changes: serverChanges,
    readCurrent: (current) => {
      const spec = observedServerSpecSchema.safeParse((current as { spec?: unknown } | null)?.spec);
      return spec.success ? { spec: spec.data, values: valuesOfServer(spec.data) } : null;
    },
    fieldOfCode: (code) =>
      server === null && (code === "SERVER_EXISTS" || code === "FAMILY_NOT_SUPPORTED") ? "address" : null,
    goneCode: "NO_SUCH_SERVER",
    onDone,
  });
  const { form, problemAt } = change;
  const values = form.watch();
  const adds = server === null || change.gone;
  const fixedPort = keepsPort(service, values.forward);

  useEffect(() => {
    // These methods leave the port alone: ipvsadm writes the service's own too.
    if (!server && fixedPort && service.kind === "address")
      form.setValue("port", String(service.port), { shouldValidate: true });
  }, [form, server, fixedPort, service]);

  return (
    <FormDialog
      title={server ? t("editServer", { server: serverName(server) }) : t("addServer")}
      description={t("ofService", { service: serviceName(service) })}
      command={serverCommand(adds ? "add-server" : "edit-server", service, values)}
      onSubmit={change.submit}
      pending={change.pending}
      submitLabel={change.gone ? t("addAgain") : server ? t("save") : t("addServerSubmit")}
      alert={change.alert}
      notice={<ConflictNotice fields={conflictFields} conflict={change.conflict} gone={change.gone} />}
      unsettled={change.conflict !== null}
      focusFirst={() => form.setFocus(server ? "weight" : "address", { shouldSelect: server !== null })}
      onClose={onClose}
      {...(onCloseAutoFocus ? { onCloseAutoFocus } : {})}
    >
      {server === null && (
        <div className="grid grid-cols-[1fr_7rem] gap-3">
          <Field
            label={t("field.serverAddress")}
            error={problemAt("address")}
            help={
              mixesFamilies(service, values.address)
                ? t("help.otherFamily", { family: serviceFamily(service) })
                : undefined
            }
          >
            <Input
              tabular
              autoComplete="off"
              spellCheck={false}
              placeholder={serviceFamily(service) === 6 ? "2001:db8::7" : "10.0.0.7"}
              {...form.register("address")}
            />
          </Field>
          <Field
            label={t("field.port")}
            error={problemAt("port")}
            help={fixedPort ? t("help.fixedPort") : service.kind === "fwmark" ? t("help.markPort") : undefined}
          >
            <Input
              tabular
              inputMode="numeric"
              autoComplete="off"
              readOnly={fixedPort}
              className="read-only:bg-sunken read-only:text-muted"
              {...form.register("port")}
            />
          </Field>
        </div>
      )}
      <ServerForward form={form} values={values} fullnat={fullnat} problemAt={problemAt} />
      <Field label={t("field.weight")} error={problemAt("weight")} help={t("help.weight")}>
        <Input tabular inputMode="numeric" autoComplete="off" className="max-w-40" {...form.register("weight")} />
      </Field>
      <div className="grid grid-cols-2 gap-3 max-sm:grid-cols-1">
        <Field label={t("field.upperThreshold")} error={problemAt("upperThreshold")} help={t("help.upperThreshold")}>
          <Input tabular inputMode="numeric" autoComplete="off" {...form.register("upperThreshold")} />
        </Field>
        <Field label={t("field.lowerThreshold")} error={problemAt("lowerThreshold")} help={t("help.lowerThreshold")}>
          <Input tabular inputMode="numeric" autoComplete="off" {...form.register("lowerThreshold")} />
        </Field>
      </div>
    </FormDialog>
  );
}
