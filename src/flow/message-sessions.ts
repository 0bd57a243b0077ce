import type { Field } from '../filter/field.ts';
import { nanosOf } from '../base/time.ts';
import { PROTOCOL_SCHEMA, type TransactionValue } from '../model/index.ts';
import type { Registry } from '../wire/registry.ts';
import type { LogColumns, Session, SessionContext, SessionDefinition, SessionRecord } from '../wire/session.ts';
import { MESSAGE_LOGS, type MessageLog } from './message-logs.ts';
import { MessageReader, READ_MORE, READ_NOTHING } from './message-reader.ts';

/** Bytes of a message that has not come whole; beyond, the stream is given up. */
const MAX_HELD = 1 << 20;
/** Values of one column. */
const MAX_VALUES = 64;

/** A column with its fields looked up. */
interface Column {
  readonly name: string;
  readonly fields: readonly Field[];
  readonly named: boolean;
  readonly many: boolean;
}

/** What the sessions of one protocol share. */
interface Plan {
  readonly log: string;
  readonly dissector: number;
  readonly isStream: boolean;
  readonly columns: readonly Column[];
  readonly credential: { readonly method: string; readonly user: Field | undefined; readonly secret: Field } | undefined;
  reader: MessageReader | undefined;
}

/** Session parsers of the protocols of which each message is a transaction, read by their dissectors. */
export function messageSessions(registry: Registry): SessionDefinition[] {
  return MESSAGE_LOGS.flatMap((entry) => {
    const dissector = registry.id(entry.dissector);
    if (dissector === 0) return [];
    const plan: Plan = { log: entry.log, dissector, isStream: entry.transport === 'tcp', columns: columnsOf(entry, registry), credential: credentialOf(entry, registry), reader: undefined };
    const logs: Record<string, LogColumns> = { [entry.log]: Object.fromEntries(Object.entries(entry.columns).map(([name, c]) => [name, c.type])) };
    return [{ service: entry.service, transport: entry.transport, ports: entry.ports, logs, create: () => new MessageSession(plan, registry), ...(entry.recognise === undefined ? {} : { recognise: entry.recognise }) }];
  });
}

function columnsOf(entry: MessageLog, registry: Registry): Column[] {
  return Object.entries(entry.columns).map(([name, c]) => ({
    name, named: c.named, many: c.type.startsWith('vector') || c.type.startsWith('set'),
    fields: c.fields.map((f) => {
      const field = registry.find(f);
      if (field === undefined) throw new Error(`the log ${entry.log} shows ${f}, which no dissector has`);
      return field;
    }),
  }));
}

function credentialOf(entry: MessageLog, registry: Registry): Plan['credential'] {
  if (entry.credential === undefined) return undefined;
  const { method, user, secret } = entry.credential;
  const field = registry.find(secret);
  if (field === undefined) throw new Error(`the log ${entry.log} tells ${secret}, which no dissector has`);
  return { method, user: user === null ? undefined : registry.find(user), secret: field };
}

class MessageSession implements Session {
  readonly #plan: Plan;
  readonly #reader: (ctx: SessionContext) => MessageReader;
  readonly #held: [Uint8Array | undefined, Uint8Array | undefined] = [undefined, undefined];
  #over = false;

  constructor(plan: Plan, registry: Registry) {
    this.#plan = plan;
    this.#reader = (ctx) => (plan.reader ??= new MessageReader(registry, ctx.host, [...plan.columns.flatMap((c) => c.fields), ...(plan.credential === undefined ? [] : [plan.credential.secret, ...(plan.credential.user === undefined ? [] : [plan.credential.user])])]));
  }

  data(dir: 0 | 1, bytes: Uint8Array, at: number, end: number, ctx: SessionContext): void {
    if (this.#over) return;
    let b = bytes;
    let p = at;
    let to = end;
    const held = this.#held[dir];
    if (held !== undefined) {
      b = new Uint8Array(held.length + end - at);
      b.set(held);
      b.set(bytes.subarray(at, end), held.length);
      p = 0;
      to = b.length;
      this.#held[dir] = undefined;
    }
    const reader = this.#reader(ctx);
    const ports = dir === 0 ? ([ctx.srcPort, ctx.dstPort] as const) : ([ctx.dstPort, ctx.srcPort] as const);
    while (p < to) {
      const next = reader.read(this.#plan.dissector, b, p, to, ports, this.#plan.isStream);
      if (next === READ_MORE) {
        if (to - p > MAX_HELD) {
          ctx.anomaly(`${this.#plan.log}_message_too_long`);
          this.#over = true;
        } else this.#held[dir] = b.slice(p, to);
        return;
      }
      if (next === READ_NOTHING) {
        ctx.anomaly(`${this.#plan.log}_not_a_message`);
        this.#over = this.#plan.isStream;
        return;
      }
      this.#tell(reader, ctx);
      this.#emit(reader, ctx);
      p = next;
    }
  }

  gap(dir: 0 | 1): void {
    // The next message may begin anywhere: it is looked for at the next bytes.
    this.#held[dir] = undefined;
  }

  end(): void {
    // A message that is not whole has no record.
  }

  #tell(reader: MessageReader, ctx: SessionContext): void {
    const { credential, log } = this.#plan;
    if (credential === undefined || reader.count(credential.secret) === 0) return;
    const secret = String(reader.value(credential.secret, 0, false));
    const user = credential.user === undefined || reader.count(credential.user) === 0 ? null : String(reader.value(credential.user, 0, false));
    // An empty password is an anonymous bind (RFC 4513 §5.1).
    if (secret !== '') ctx.credential({ protocol: log, method: credential.method, user, secret });
  }

  #emit(reader: MessageReader, ctx: SessionContext): void {
    const values: Record<string, TransactionValue> = {};
    let any = false;
    for (const c of this.#plan.columns) {
      const field = c.fields.find((f) => reader.count(f) > 0);
      if (field === undefined) {
        values[c.name] = null;
        continue;
      }
      any = true;
      if (!c.many) values[c.name] = reader.value(field, 0, c.named);
      else values[c.name] = Array.from({ length: Math.min(MAX_VALUES, reader.count(field)) }, (_, i) => reader.value(field, i, c.named)) as string[] | number[];
    }
    if (!any) return;
    ctx.emit({
      kind: 'transaction', schema: PROTOCOL_SCHEMA, protocol: this.#plan.log, time: nanosOf(ctx.seconds, ctx.nanoseconds), firstFrame: ctx.frame, lastFrame: ctx.frame, values,
    } as SessionRecord);
  }
}
