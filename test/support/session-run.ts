import { parseIp, type IpHex } from '../../src/base/ip.ts';
import { nodeHost } from '../../src/pipeline/node-host.ts';
import type { ClearCredential, FileHead, Session, SessionContext, SessionRecord } from '../../src/wire/session.ts';

/** What a session parser emitted. */
export interface SessionRun {
  readonly records: SessionRecord[];
  readonly anomalies: string[];
  readonly credentials: ClearCredential[];
  readonly became: string[];
  /** Conversations that were announced. */
  readonly expected: { readonly transport: 'tcp' | 'udp'; readonly ip: IpHex; readonly port: number; readonly service: string; readonly session: Session }[];
  /** Files with the bytes that came. */
  readonly files: { readonly dir: 0 | 1; readonly head: FileHead; content: string; missing: number; whole: boolean | undefined }[];
  /** Feeds bytes of a direction; each call is a frame of its own, a millisecond after the one before. */
  data(dir: 0 | 1, bytes: Uint8Array | string): void;
  gap(dir: 0 | 1, length: number): void;
  end(): void;
}

/** Runs a session parser by hand: frames from 1, a millisecond apart. */
export function runSession(session: Session): SessionRun {
  const context = { frame: 0, seconds: 1_700_000_000, nanoseconds: 0 };
  const records: SessionRecord[] = [];
  const anomalies: string[] = [];
  const became: string[] = [];
  const credentials: ClearCredential[] = [];
  const expected: SessionRun['expected'] = [];
  const files: SessionRun['files'] = [];
  const ctx: SessionContext = {
    host: nodeHost,
    get frame() { return context.frame; },
    get seconds() { return context.seconds; },
    get nanoseconds() { return context.nanoseconds; },
    emit: (r) => records.push(r),
    credential: (found) => credentials.push(found),
    anomaly: (name) => anomalies.push(name),
    become: (protocol) => became.push(protocol),
    srcIp: parseIp('192.0.2.1')!,
    dstIp: parseIp('192.0.2.2')!,
    srcPort: 40_000,
    dstPort: 80,
    expect: (transport, ip, port, service, create) => expected.push({ transport, ip, port, service, session: create() }),
    file(dir, head) {
      const file: SessionRun['files'][number] = { dir, head, content: '', missing: 0, whole: undefined };
      files.push(file);
      return {
        data: (b, at, end) => void (file.content += Buffer.from(b.subarray(at, end)).toString('latin1')),
        gap: (length) => void (file.missing += length),
        end: (whole) => void (file.whole = whole),
      };
    },
  };
  return {
    records,
    anomalies,
    credentials,
    became,
    expected,
    files,
    data(dir, bytes) {
      context.frame++;
      context.nanoseconds += 1_000_000;
      const b = typeof bytes === 'string' ? Uint8Array.from(Buffer.from(bytes, 'latin1')) : bytes;
      session.data(dir, b, 0, b.length, ctx);
    },
    gap: (dir, length) => session.gap(dir, length, ctx),
    end: () => session.end(ctx),
  };
}
