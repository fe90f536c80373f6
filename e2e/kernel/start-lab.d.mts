import type { ChildProcessByStdio } from "node:child_process";
import type { Readable, Writable } from "node:stream";

/** Types of start-lab.mjs, which stays plain JavaScript so that it runs before anything is installed. */
export interface LabOptions {
  product?: string[] | null;
  env?: Record<string, string>;
  services?: boolean;
  memory?: string;
  timeoutSeconds?: number;
  onOutput?: (text: string) => void;
}

export interface Lab {
  url: string;
  addresses: {
    host: string;
    host6: string;
    guest: string;
    guest6: string;
    virtual: string;
    virtual6: string;
    realServers: [string, string];
    realServers6: [string, string];
  };
  webSocket: string;
  enter(command: string, args?: string[]): string[];
  run(command: string, args: string[]): string;
  programInside(program: string): string;
  guestExec(
    command: string,
    args?: string[],
    options?: { input?: string; timeoutS?: number },
  ): Promise<{ status: number | null; stdout: string; stderr: string }>;
  output(): string;
  linkPath(): Promise<string>;
  done: Promise<{ status: number | null; failure: string | null }>;
  close(): Promise<void>;
}

export function startLab(options?: LabOptions): Promise<Lab>;

export function startInside(
  network: Pick<Lab, "enter">,
  name: string,
  args: string[],
): ChildProcessByStdio<Writable, Readable, null>;
