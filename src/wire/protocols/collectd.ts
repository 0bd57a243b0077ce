import { u16be, u32be } from '../../base/bytes.ts';
import { cutShort } from '../codecs/field-run.ts';
import type { Field } from '../../filter/field.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE, MALFORMED } from '../packet-view.ts';

export const collectdFields = defineFields({
  type: { name: 'collectd.type', ...put('u16', 'Type', { base: 'hex' }) },
  length: { name: 'collectd.len', ...put('u16', 'Length') },
  host: { name: 'collectd.data.host', ...put('string', 'Host name') },
  interval: { name: 'collectd.data.interval', ...put('reltime', 'Interval') },
  time: { name: 'collectd.data.time', ...put('abstime', 'Timestamp') },
  plugin: { name: 'collectd.data.plugin', ...put('string', 'Plugin') },
  pluginInstance: { name: 'collectd.data.plugin.inst', ...put('string', 'Plugin instance') },
  kind: { name: 'collectd.data.type', ...put('string', 'Type') },
  kindInstance: { name: 'collectd.data.type.inst', ...put('string', 'Type instance') },
  count: { name: 'collectd.data.valcnt', ...put('u16', 'Value count') },
  valueType: { name: 'collectd.val.type', ...put('u8', 'Value type', { base: 'hex' }) },
  counter: { name: 'collectd.val.counter', ...put('u64', 'Counter value') },
  gauge: { name: 'collectd.val.gauge', ...put('double', 'Gauge value', { little: true }) },
  derive: { name: 'collectd.val.derive', ...put('i64', 'Derive value') },
  absolute: { name: 'collectd.val.absolute', ...put('u64', 'Absolute value') },
  message: { name: 'collectd.data.message', ...put('string', 'Message') },
  severity: { name: 'collectd.data.severity', ...put('u64', 'Severity', { base: 'hex' }) },
});
const F = collectdFields;

const HEADER_LEN = 4;
const TEXTS: Readonly<Record<number, Field>> = { 0x00: F.host, 0x02: F.plugin, 0x03: F.pluginInstance, 0x04: F.kind, 0x05: F.kindInstance, 0x100: F.message };
const TIME = 0x01;
const VALUES = 0x06;
const INTERVAL = 0x07;
const TIME_HR = 0x08;
const INTERVAL_HR = 0x09;
const SEVERITY = 0x101;
const VALUE_FIELDS = [F.counter, F.gauge, F.derive, F.absolute];
/** High resolution times count 2^-30 seconds. */
const RESOLUTION = 2 ** 30;

/** collectd's binary protocol: parts of type and length. */
export default defineDissector({
  name: 'collectd',
  title: 'collectd network data',
  spec: ['collectd, Binary protocol'],
  over: { 'udp.port': [25_826] },
  fields: collectdFields,
  short: 'collectd',
  dissect(p, at, end) {
    const b = p.bytes;
    let pos = at;
    while (pos + HEADER_LEN <= end) {
      const type = u16be(b, pos);
      const length = u16be(b, pos + 2);
      if (length < HEADER_LEN) return MALFORMED;
      p.put(F.type, pos, 2);
      p.put(F.length, pos + 2, 2);
      if (pos + length > end) return cutShort(p, end);
      putPart(p, type, pos + HEADER_LEN, pos + length);
      pos += length;
    }
    return pos === end ? DONE : cutShort(p, end);
  },
});

function putPart(p: PacketView, type: number, at: number, end: number): void {
  const b = p.bytes;
  const text = TEXTS[type];
  if (text !== undefined) {
    p.put(text, at, Math.max(0, end - at - 1));
    return;
  }
  if (type === VALUES) {
    putValues(p, at, end);
    return;
  }
  if (end - at < 8) return;
  if (type === SEVERITY) p.put(F.severity, at, 8);
  else if (type === TIME || type === INTERVAL) p.putTime(type === TIME ? F.time : F.interval, at, 8, u32be(b, at) * 2 ** 32 + u32be(b, at + 4), 0);
  else if (type === TIME_HR || type === INTERVAL_HR) {
    const seconds = u32be(b, at) * 4 + (u32be(b, at + 4) >>> 30);
    p.putTime(type === TIME_HR ? F.time : F.interval, at, 8, seconds, Math.floor(((u32be(b, at + 4) & 0x3fffffff) / RESOLUTION) * 1e9));
  }
}

/** A count, as many types of a byte, as many values of eight. */
function putValues(p: PacketView, at: number, end: number): void {
  if (at + 2 > end) return;
  const count = u16be(p.bytes, at);
  p.put(F.count, at, 2);
  if (at + 2 + count * 9 > end) return;
  for (let i = 0; i < count; i++) {
    p.put(F.valueType, at + 2 + i, 1);
    const field = VALUE_FIELDS[p.bytes[at + 2 + i]];
    if (field !== undefined) p.put(field, at + 2 + count + 8 * i, 8);
  }
}
