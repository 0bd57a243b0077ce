import { KnownLogs } from '../known-logs.ts';
import { defineLogFormat } from '../log-format.ts';
import { flowRow, recordRows, zeekColumns, type ZeekRow } from '../zeek-logs.ts';

/** Zeek's logs as JSON lines, one file a log; unset values are left out. */
export const zeekJson = defineLogFormat({
  name: 'zeek-json',
  summary: "Zeek's logs as JSON lines",
  create(ctx) {
    const known = new KnownLogs();
    const line = (row: ZeekRow): { file: string; text: string } => {
      const columns = zeekColumns(row.path, ctx);
      const entries = row.values.flatMap((v, i) => (v === null ? [] : [[columns[i].name, v] as const]));
      return { file: `${row.path}.log`, text: `${JSON.stringify(Object.fromEntries(entries))}\n` };
    };
    return { flow: (flow) => [flowRow(flow, ctx), ...known.flow(flow)].map(line), record: (record) => [...recordRows(record, ctx), ...known.record(record)].map(line), head: () => '' };
  },
});
export default zeekJson;
