import { DirectorError } from "#domain/errors";
import type { Director } from "#server/director/director";
import type { Differential } from "./differential.ts";
import type { DirectorOperation } from "./director-operations.ts";

/**
 * Two directors side by side: what they answer, counters and all (nobody sends packets, so they are 0), or the whole
 * refusal: code, parameters, field, which change, and the record that a conflict shows.
 */
export const directorDifferential: Differential<Director, DirectorOperation> = {
  answer: async (director, operation) => {
    try {
      switch (operation.kind) {
        case "apply":
          return (await director.apply(operation.changes)).results;
        case "service":
          return await director.service(operation.service);
        case "zero":
          return await director.zero(operation.service);
        case "clear":
          return await director.clear();
        case "set-timeouts":
          return await director.setTimeouts(operation.timeouts);
        case "start-daemon":
          return await director.startDaemon(operation.daemon);
        case "stop-daemon":
          return await director.stopDaemon(operation.role);
      }
    } catch (error) {
      if (!(error instanceof DirectorError) || error.code === "INTERNAL") throw error;
      // The words beside an errno are for people, and each side has its own.
      const { detail: _, ...params } = error.shape.params;
      return { refused: { ...error.shape, params } };
    }
  },
  table: async (director) => {
    const services = await director.table();
    return {
      services: services.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      timeouts: await director.timeouts(),
      daemons: await director.daemons(),
    };
  },
  outcomes: (operation, answer) => {
    const code = (answer as { refused?: { code: string } } | undefined)?.refused?.code ?? "done";
    if (operation.kind !== "apply") return [`${operation.kind} ${code}`];
    return code === "done" ? operation.changes.map(({ verb }) => `${verb} done`) : [`apply ${code}`];
  },
};
