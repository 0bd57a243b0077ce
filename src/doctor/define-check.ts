/** What doctor's checks may look at; handed in, so that each can be tried on a made-up machine. */
export interface DoctorPorts {
  readonly dataDir: string;
  readonly node: { readonly version: string; readonly path: string };
  readonly uid: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Text of a file; undefined where it cannot be read. */
  readFile(path: string): string | undefined;
  /** Runs a program for at most five seconds; undefined where it is not installed. */
  run(command: string, args: readonly string[]): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string } | undefined>;
  /** Bytes free and in all on the disk of a folder; undefined where the folder is not there. */
  disk(path: string): { readonly freeBytes: number; readonly totalBytes: number } | undefined;
  /** True where a name resolves within two seconds; the reason where not. */
  resolve(name: string): Promise<{ readonly ok: boolean; readonly detail: string }>;
  /** What the configuration finds to complain about. */
  readonly findings: readonly { readonly key: string; readonly message: string; readonly remedy: string }[];
  readonly config: {
    readonly file: string | null;
    readonly captureWanted: boolean;
    readonly icmpWanted: boolean;
    readonly listen: { readonly address: string; readonly port: number };
  };
  readonly gateways: readonly string[];
  readonly resolvers: readonly string[];
  /** `free`, `ours` (this program listens) or who has it. */
  port(address: string, port: number): Promise<'free' | 'taken' | 'ours'>;
}

export interface DoctorVerdict {
  readonly verdict: 'ok' | 'warning' | 'problem';
  readonly detail: string;
  /** The one command or change that mends it; null where nothing is to mend. */
  readonly remedy: string | null;
}

/** One look at the machine: one file in doctor/checks exports one. A check never changes anything. */
export interface DoctorCheck {
  readonly name: string;
  readonly title: string;
  look(ports: DoctorPorts): Promise<DoctorVerdict>;
}

export function defineCheck(check: DoctorCheck): DoctorCheck {
  return check;
}

export const fine = (detail: string): DoctorVerdict => ({ verdict: 'ok', detail, remedy: null });
export const warning = (detail: string, remedy: string | null): DoctorVerdict => ({ verdict: 'warning', detail, remedy });
export const problem = (detail: string, remedy: string | null): DoctorVerdict => ({ verdict: 'problem', detail, remedy });

/** Bit of CAP_NET_RAW (linux/capability.h). */
const CAP_NET_RAW = 13n;

/** True where the process has CAP_NET_RAW in its effective set (proc(5), CapEff). */
export function hasNetRaw(ports: Pick<DoctorPorts, 'readFile'>): boolean {
  const mask = /^CapEff:\s*([0-9a-f]+)/m.exec(ports.readFile('/proc/self/status') ?? '')?.[1];
  return mask !== undefined && ((BigInt(`0x${mask}`) >> CAP_NET_RAW) & 1n) === 1n;
}

/** The one command that lets the program capture and send raw ICMP without being root. */
export function grantCommand(ports: Pick<DoctorPorts, 'node'>): string {
  return `sudo setcap cap_net_raw+ep ${ports.node.path}`;
}
