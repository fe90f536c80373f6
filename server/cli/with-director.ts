import { asDirectorError } from "#domain/errors";
import { RemoteDirector } from "#server/director/remote";
import { directorSocket } from "./director-socket.ts";
import { refusalWords } from "./refusal-words.ts";

/**
 * Asks the director behind its socket, prints what `work` made of the answer on standard output, and answers the exit code that it
 * gave. A refusal is a sentence on standard error, and 1.
 */
export async function withDirector(
  verb: string,
  place: Parameters<typeof directorSocket>[0],
  env: Record<string, string | undefined>,
  work: (director: RemoteDirector) => Promise<{ text: string; code?: number }>,
): Promise<number> {
  const socket = directorSocket(place, env);
  const director = new RemoteDirector(socket);
  try {
    const { text, code = 0 } = await work(director);
    process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
    return code;
  } catch (thrown) {
    process.stderr.write(`ipvs-console ${verb}: ${refusalWords(asDirectorError(thrown), socket)}\n`);
    return 1;
  } finally {
    await director.close();
  }
}
