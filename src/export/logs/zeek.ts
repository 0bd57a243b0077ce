import { KnownLogs } from '../known-logs.ts';
import { defineLogFormat } from '../log-format.ts';
import { flowRow, recordRows, zeekColumns, type ZeekRow, type ZeekValue } from '../zeek-logs.ts';
import type { LogType } from '../../wire/session.ts';

/** Zeek's tab-separated logs, one file a log: `conn.log`, `dns.log`, ... */
export const zeek = defineLogFormat({
  name: 'zeek',
  summary: "Zeek's tab-separated logs",
  create(ctx) {
    const known = new KnownLogs();
    const line = (row: ZeekRow): { file: string; text: string } => {
      const columns = zeekColumns(row.path, ctx);
      return { file: `${row.path}.log`, text: `${row.values.map((v, i) => valueText(v, columns[i].type)).join('\t')}\n` };
    };
    return {
      flow: (flow) => [flowRow(flow, ctx), ...known.flow(flow)].map(line),
      record: (record) => [...recordRows(record, ctx), ...known.record(record)].map(line),
      head(file) {
        const path = file.replace(/\.log$/, '');
        const columns = zeekColumns(path, ctx);
        return `#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\t${path}\n#fields\t${columns.map((c) => c.name).join('\t')}\n#types\t${columns.map((c) => c.type).join('\t')}\n`;
      },
    };
  },
});
export default zeek;

function valueText(value: ZeekValue, type: LogType): string {
  if (value === null) return '-';
  if (typeof value === 'boolean') return value ? 'T' : 'F';
  if (typeof value === 'number') return type === 'time' || type === 'interval' ? value.toFixed(6) : String(value);
  if (typeof value === 'string') return value === '' ? '(empty)' : value === '-' || value === '(empty)' ? `\\x${value.charCodeAt(0).toString(16)}${value.slice(1)}` : escaped(value, '');
  if (value.length === 0) return '(empty)';
  return value.map((v) => (typeof v === 'number' ? (type === 'vector[count]' ? String(v) : v.toFixed(6)) : escaped(v, ','))).join(',');
}

/** Control characters, the tab and the separator of sets as `\xNN`. */
function escaped(text: string, also: string): string {
  let out = '';
  for (const c of text) {
    const code = c.codePointAt(0)!;
    out += code < 32 || code === 127 || c === also || (c === '\\' && also === '') ? (c === '\\' ? '\\\\' : `\\x${code.toString(16).padStart(2, '0')}`) : c;
  }
  return out;
}
