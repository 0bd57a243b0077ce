import { WirewatchError } from '../../base/errors.ts';
import { compileFilter } from '../../filter/compile-filter.ts';
import type { FlowRecord, ProtocolKind, ProtocolRecord } from '../../model/index.ts';
import { KEPT_FIELDS, KEPT_SCHEME } from '../../model/kept-fields.ts';
import { compileStoredFlowFilter, type StoredFlowFilter } from '../../model/stored-flow-filter.ts';
import type { FilterField, FilterService, FlowService, PacketsLocation, RecordService, SearchPage, SearchQuery } from '../../pipeline/services.ts';
import type { StoreClient } from '../../pipeline/store-client.ts';
import { unpackRecords, type ColumnBatch } from '../../store/column-batch.ts';
import type { SqlCondition, SqlValue } from '../../store/define-store.ts';
import { flowWhere } from '../../store/filter-sql.ts';
import type { TableName, TableRecords } from '../../store/telemetry-tables.ts';
import { protocols } from '../../wire/protocols.generated.ts';
import { Registry } from '../../wire/registry.ts';
import { readCursor, writeCursor } from './paging.ts';

export interface RecordServicesDeps {
  readonly telemetry: Pick<StoreClient, 'query'>;
  /** Fields and compiler of the packet scheme. */
  readonly packetFields: () => readonly FilterField[];
  readonly checkPacketFilter: (text: string) => void;
  readonly packetsOf: (flow: FlowRecord) => Promise<readonly PacketsLocation[]>;
}

/** No search looks at more rows than this for one page: the next page goes on from there. */
const MAX_SCAN = 200_000;
const END_OF_TIME = 1n << 62n;

/** What packets have beside: a field that only they have is told from one that does not exist. */
const packetScheme = new Registry(protocols);

type Batch<T extends TableName> = ColumnBatch & { readonly table: T };

/** Rows of one table that a test keeps, from new to old. */
async function search<T extends 'flows' | ProtocolKind>(
  telemetry: Pick<StoreClient, 'query'>, table: T, query: SearchQuery, where: SqlCondition | undefined, keep: ((rows: TableRecords[T][]) => Promise<TableRecords[T][]>) | null,
): Promise<SearchPage<TableRecords[T]>> {
  const place = readCursor(query.cursor);
  const conditions: string[] = [];
  const params: SqlValue[] = [];
  if (place !== null) {
    conditions.push('(f."time" < ? or (f."time" = ? and f."id" < ?))');
    params.push(place.time, place.time, place.id);
  }
  if (where !== undefined) {
    conditions.push(`(${where.sql})`);
    params.push(...where.params);
  }
  const rows: TableRecords[T][] = [];
  let scanned = 0;
  let last: TableRecords[T] | undefined;
  let more = false;
  const to = query.to ?? END_OF_TIME;
  scan: for await (const batch of telemetry.query({
    table, from: query.from ?? 0n, to: place !== null && place.time + 1n < to ? place.time + 1n : to, order: 'desc',
    ...(conditions.length === 0 ? {} : { where: { sql: conditions.join(' and '), params } }), ...(keep === null ? { limit: query.limit + 1 } : {}),
  })) {
    const found = unpackRecords(batch as Batch<T>);
    const kept = keep === null ? found : await keep(found);
    scanned += found.length;
    for (const row of kept) {
      if (rows.length === query.limit) {
        more = true;
        break scan;
      }
      rows.push(row);
      last = row;
    }
    if (scanned >= MAX_SCAN) {
      last = found.at(-1);
      more = true;
      break;
    }
  }
  return { rows, scanned, cursor: more && last !== undefined ? writeCursor(last) : null };
}

/** Records of flows, by flow, of the kinds that a filter looks at. */
async function recordsOf(telemetry: Pick<StoreClient, 'query'>, flows: readonly FlowRecord[], kinds: readonly ProtocolKind[]): Promise<Map<string, ProtocolRecord[]>> {
  const byFlow = new Map<string, ProtocolRecord[]>();
  const ids = flows.map((f) => f.id as string);
  if (ids.length === 0) return byFlow;
  for (const kind of kinds) {
    const where = { sql: `list_contains(?::VARCHAR[], f."flow_id")`, params: [`[${ids.map((id) => `"${id}"`).join(',')}]`] };
    for await (const batch of telemetry.query({ table: kind, from: 0n, to: END_OF_TIME, where })) {
      for (const record of unpackRecords(batch as Batch<typeof kind>)) {
        const list = byFlow.get(record.flowId);
        if (list === undefined) byFlow.set(record.flowId, [record]);
        else list.push(record);
      }
    }
  }
  return byFlow;
}

export function flowService({ telemetry, packetsOf }: RecordServicesDeps): FlowService {
  async function get(id: string): Promise<FlowRecord> {
    for await (const batch of telemetry.query({ table: 'flows', from: 0n, to: END_OF_TIME, where: { sql: 'f."id" = ?', params: [id] }, limit: 1 })) {
      return unpackRecords(batch as Batch<'flows'>)[0];
    }
    throw new WirewatchError('WW_NOT_FOUND', `there is no flow ${id}`);
  }
  return {
    get,
    async search(query) {
      if (query.filter.trim() === '') return await search(telemetry, 'flows', query, undefined, null);
      const filter: StoredFlowFilter = compileStoredFlowFilter(query.filter, packetScheme);
      const { where, params, exact } = flowWhere(filter.filter.test);
      const keep = exact ? null : async (flows: FlowRecord[]): Promise<FlowRecord[]> => {
        const records = await recordsOf(telemetry, flows, filter.kinds);
        return flows.filter((flow) => filter.matches({ flow, records: records.get(flow.id) ?? [] }));
      };
      return await search(telemetry, 'flows', query, where === 'true' ? undefined : { sql: where, params }, keep);
    },
    packets: async (id) => await packetsOf(await get(id)),
  };
}

/** A record's filter is a flow's filter over a flow that holds this record alone. */
export function recordService({ telemetry }: RecordServicesDeps): RecordService {
  return {
    async search(kind, query) {
      if (query.filter.trim() === '') return (await search(telemetry, kind, query, undefined, null)) as SearchPage<ProtocolRecord>;
      const filter = compileStoredFlowFilter(query.filter, packetScheme);
      const keep = async (records: ProtocolRecord[]): Promise<ProtocolRecord[]> => records.filter((record) => filter.matches({ flow: flowOf(record), records: [record] }));
      return (await search(telemetry, kind, query, undefined, keep as never)) as SearchPage<ProtocolRecord>;
    },
  };
}

/** The ends of a record as a flow without packets of its own. */
function flowOf(record: ProtocolRecord): FlowRecord {
  const { id, dataset, sensorId, siteId, linkId, sampling, loss, time, srcIp, dstIp, srcPort, dstPort, proto, firstFrame, lastFrame } = record;
  return {
    schema: 1, id, dataset, sensorId, siteId, linkId, sampling, loss, time, srcIp, dstIp, srcPort, dstPort, proto, firstFrame, lastFrame, service: [], end: time,
    duration: null, connState: 'OTH', history: '', srcBytes: null, dstBytes: null, srcPackets: 0, dstPackets: 0, srcIpBytes: 0, dstIpBytes: 0, missedBytes: 0,
    communityId: '', vlans: [], srcMac: null, dstMac: null, direction: 'external', endReason: 'closed',
  };
}

export function filterService({ packetFields, checkPacketFilter }: RecordServicesDeps): FilterService {
  return {
    async fields(scope) {
      if (scope === 'packets') return packetFields();
      return KEPT_FIELDS.map(({ field }) => ({ name: field.name, title: field.title, type: field.type })).sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    async check(scope, text) {
      try {
        if (scope === 'packets') checkPacketFilter(text);
        else if (text.trim() !== '') compileStoredFlowFilter(text, packetScheme);
        else compileFilter(text, KEPT_SCHEME);
        return { ok: true, error: null };
      } catch (error) {
        if (!(error instanceof WirewatchError) || !error.code.startsWith('WW_FILTER_')) throw error;
        return { ok: false, error: { code: error.code, message: error.message, where: error.where ?? null, remedy: error.remedy ?? null } };
      }
    },
  };
}
