import type { CompareOp } from '../filter/ast.ts';
import type { ConstantOperand, FieldOperand, Test } from '../filter/typed.ts';
import type { Value } from '../filter/value.ts';

/** The part of a display filter that a store can take: every flow that the filter selects satisfies it. */
export interface FlowWhere {
  /** A condition over the table of flows under the alias `f`; `true` where nothing can be said. */
  readonly where: string;
  /** Values of the question marks, in order. */
  readonly params: readonly (string | number)[];
  /** The condition selects exactly the filter's flows; otherwise the compiled filter must decide on what comes back. */
  readonly exact: boolean;
}

/** Names of the tables, where they are not those of the store's own schema. */
export interface FlowTables {
  readonly dns: string;
  readonly http: string;
  readonly tls: string;
  readonly dhcp: string;
}

const TABLES: FlowTables = { dns: 'dns', http: 'http', tls: 'tls', dhcp: 'dhcp' };

/**
 * What is known of the set of a flow's remembered packets that match: the condition holds for a flow with such a packet.
 *
 * `same` = all packets of a flow agree and the condition says what they agree on; only then may it be negated.
 */
interface Part {
  readonly sql: string;
  readonly params: readonly (string | number)[];
  readonly exact: boolean;
  readonly same: boolean;
}

const UNKNOWN: Part = { sql: 'true', params: [], exact: false, same: false };

/**
 * Builds the WHERE of a checked filter. Values are bound, never written into the text.
 *
 * Columns are the properties of FlowRecord and the protocol records in snake_case; addresses are compared as 32 hex digits.
 */
export function flowWhere(test: Test, tables: FlowTables = TABLES): FlowWhere {
  const part = translate(test, tables);
  return { where: part.sql, params: part.params, exact: part.exact };
}

function translate(t: Test, tables: FlowTables): Part {
  switch (t.kind) {
    case 'and': {
      const [a, b] = [translate(t.left, tables), translate(t.right, tables)];
      // Two conditions that different packets of the flow satisfy do not make one packet satisfy both, unless packets agree on one.
      return { ...join('AND', a, b), exact: a.exact && b.exact && (a.same || b.same), same: a.same && b.same };
    }
    case 'or': {
      const [a, b] = [translate(t.left, tables), translate(t.right, tables)];
      if (a.sql === 'true' || b.sql === 'true') return { ...UNKNOWN, exact: (a.sql === 'true' && a.exact) || (b.sql === 'true' && b.exact) };
      return { ...join('OR', a, b), exact: a.exact && b.exact, same: a.same && b.same };
    }
    case 'not': {
      const a = translate(t.of, tables);
      return a.same && a.exact ? { sql: `NOT (${a.sql})`, params: a.params, exact: true, same: true } : UNKNOWN;
    }
    case 'exists':
      return t.of.kind === 'field' && plain(t.of) ? exists(t.of.field.name, tables) : UNKNOWN;
    case 'compare':
      return t.left.kind === 'field' && plain(t.left) && t.right.kind === 'constant' && t.quantifier === null ? compare(t.op, t.left, t.right, tables) : UNKNOWN;
    case 'matches':
      return t.left.kind === 'field' && plain(t.left) ? { ...exists(t.left.field.name, tables), exact: false, same: false } : UNKNOWN;
    case 'member':
      return plain(t.value) && t.quantifier === null ? member(t, tables) : UNKNOWN;
    default:
      return UNKNOWN;
  }
}

function plain(o: FieldOperand): boolean {
  return o.layers === null && !o.raw;
}

function join(word: 'AND' | 'OR', a: Part, b: Part): Pick<Part, 'sql' | 'params'> {
  if (word === 'AND' && a.sql === 'true') return b;
  if (word === 'AND' && b.sql === 'true') return a;
  return { sql: `(${a.sql} ${word} ${b.sql})`, params: [...a.params, ...b.params] };
}

function flowPart(sql: string, params: readonly (string | number)[] = [], same = true): Part {
  return { sql, params, exact: same, same };
}

const IPV4 = "f.src_ip LIKE '00000000000000000000ffff%'";
const TRANSPORTS: Readonly<Record<string, number>> = { tcp: 6, udp: 17, icmp: 1, icmpv6: 58 };

function exists(name: string, tables: FlowTables): Part {
  switch (name) {
    case 'frame': return flowPart('true');
    case 'ip': case 'ip.src': case 'ip.dst': case 'ip.addr': case 'ip.proto': case 'ip.version': return flowPart(IPV4);
    case 'ipv6': case 'ipv6.src': case 'ipv6.dst': case 'ipv6.addr': case 'ipv6.version': return flowPart(`NOT (${IPV4})`);
    default: {
      const proto = TRANSPORTS[name.split('.')[0]];
      if (proto !== undefined) return flowPart('f.proto = ?', [proto]);
      const column = TEXT_COLUMNS[name];
      return column === undefined ? UNKNOWN : recordPart(column.table, `r.${column.column} IS NOT NULL`, [], tables);
    }
  }
}

/** Texts and numbers of records: a message with that value exists where a record has it. */
const TEXT_COLUMNS: Readonly<Record<string, { table: keyof FlowTables; column: string }>> = {
  'dns.qry.name': { table: 'dns', column: 'query' }, 'dns.qry.type': { table: 'dns', column: 'qtype' }, 'dns.flags.rcode': { table: 'dns', column: 'rcode' },
  'dns.id': { table: 'dns', column: 'transaction_id' },
  'http.host': { table: 'http', column: 'host' }, 'http.request.method': { table: 'http', column: 'method' }, 'http.request.uri': { table: 'http', column: 'uri' },
  'http.user_agent': { table: 'http', column: 'user_agent' }, 'http.referer': { table: 'http', column: 'referrer' }, 'http.response.code': { table: 'http', column: 'status_code' },
  'http.server': { table: 'http', column: 'server' }, 'http.location': { table: 'http', column: 'location' },
  'tls.handshake.extensions_server_name': { table: 'tls', column: 'server_name' }, 'tls.handshake.ja3': { table: 'tls', column: 'ja3' },
  'tls.handshake.ja3s': { table: 'tls', column: 'ja3s' }, 'tls.handshake.ja4': { table: 'tls', column: 'ja4' },
  'dhcp.option.hostname': { table: 'dhcp', column: 'hostname' }, 'dhcp.id': { table: 'dhcp', column: 'transaction_id' },
};

function recordPart(table: keyof FlowTables, condition: string, params: readonly (string | number)[], tables: FlowTables): Part {
  // Never exact: which messages of the record were seen is the compiled filter's business.
  return { sql: `EXISTS (SELECT 1 FROM ${tables[table]} r WHERE r.flow_id = f.id AND ${condition})`, params, exact: false, same: false };
}

const SQL_OPS: Partial<Record<CompareOp, string>> = { any_eq: '=', all_eq: '=', gt: '>', ge: '>=', lt: '<', le: '<=' };

function compare(op: CompareOp, left: FieldOperand, right: ConstantOperand, tables: FlowTables): Part {
  const name = left.field.name;
  if (/^ip(v6)?\.(addr|src|dst)$/.test(name)) return op === 'any_eq' ? addressPart(name, ...hexRange(right)) : { ...exists(name, tables), exact: false, same: false };
  const sqlOp = SQL_OPS[op];
  const number = right.value;
  const port = /^(tcp|udp)\.(port|srcport|dstport)$/.exec(name);
  if (port !== null && sqlOp !== undefined && op !== 'all_eq' && typeof number === 'number') return portPart(port[1], port[2], sqlOp, number);
  if (name === 'ip.proto' && sqlOp !== undefined && typeof number === 'number') return flowPart(`(${IPV4} AND f.proto ${sqlOp} ?)`, [number]);
  const column = TEXT_COLUMNS[name];
  if (column === undefined) return { ...exists(name, tables), exact: false, same: false };
  if (typeof number !== 'string' && typeof number !== 'number') return UNKNOWN;
  if (op === 'contains' && typeof number === 'string') return recordPart(column.table, `instr(r.${column.column}, ?) > 0`, [number], tables);
  // Texts are ordered by the engine's collation, ours by code units: only equality is the same in both.
  if (sqlOp !== undefined && (typeof number === 'number' || sqlOp === '=')) return recordPart(column.table, `r.${column.column} ${sqlOp} ?`, [number], tables);
  return { ...exists(name, tables), exact: false, same: false };
}

/** Either end of the flow, for each direction that sent packets; `addr` is the same in both. */
function addressPart(name: string, first: string, last: string): Part {
  const params = [first, last, first, last];
  return { sql: '(f.src_ip BETWEEN ? AND ? OR f.dst_ip BETWEEN ? AND ?)', params, exact: name.endsWith('addr'), same: name.endsWith('addr') };
}

function portPart(transport: string, which: string, op: string, port: number): Part {
  const same = which === 'port';
  return { sql: `(f.proto = ? AND (f.src_port ${op} ? OR f.dst_port ${op} ?))`, params: [TRANSPORTS[transport], port, port], exact: same, same };
}

/** A constant address or network as the first and last of its 32 hex digits. */
function hexRange(c: ConstantOperand): [string, string] {
  const v = c.value;
  const bytes = typeof v === 'object' ? v : ipv4Bytes(Number(v));
  const width = bytes.length * 8;
  const prefix = c.prefix ?? width;
  let first = bytes.length === 4 ? MAPPED : '';
  let last = first;
  for (const [i, b] of bytes.entries()) {
    const host = Math.max(0, Math.min(8, 8 * (i + 1) - prefix));
    const mask = (0xff << host) & 0xff;
    first += (b & mask).toString(16).padStart(2, '0');
    last += ((b & mask) | (0xff >> (8 - host))).toString(16).padStart(2, '0');
  }
  return [first, last];
}

const MAPPED = '00000000000000000000ffff';

function ipv4Bytes(v: number): Uint8Array {
  return Uint8Array.of(v >>> 24, v >>> 16, v >>> 8, v);
}

function member(t: Extract<Test, { kind: 'member' }>, tables: FlowTables): Part {
  let all: Part | undefined;
  for (const e of t.elements) {
    const part = element(t.value, e.low.kind === 'constant' ? e.low : undefined, e.high === null ? undefined : e.high.kind === 'constant' ? e.high : null, tables);
    if (part.sql === 'true') return UNKNOWN;
    all = all === undefined ? part : { ...join('OR', all, part), exact: all.exact && part.exact, same: all.same && part.same };
  }
  return all ?? UNKNOWN;
}

/** `high` undefined = a single value, null = something that is not constant. */
function element(value: FieldOperand, low: ConstantOperand | undefined, high: ConstantOperand | null | undefined, tables: FlowTables): Part {
  if (low === undefined || high === null) return UNKNOWN;
  if (high === undefined) return compare('any_eq', value, low, tables);
  const name = value.field.name;
  if (/^ip(v6)?\.(addr|src|dst)$/.test(name)) return addressPart(name, hexRange(low)[0], hexRange(high)[1]);
  const port = /^(tcp|udp)\.(port|srcport|dstport)$/.exec(name);
  const [a, b] = [low.value, high.value] as readonly Value[];
  if (port !== null && typeof a === 'number' && typeof b === 'number') {
    const same = port[2] === 'port';
    return { sql: '(f.proto = ? AND (f.src_port BETWEEN ? AND ? OR f.dst_port BETWEEN ? AND ?))', params: [TRANSPORTS[port[1]], a, b, a, b], exact: same, same };
  }
  return { ...exists(name, tables), exact: false, same: false };
}
