import type { Host } from '../base/host.ts';
import type { RecordId } from '../model/index.ts';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** 17 digits of base 62 over a digest of the id: the same record has the same name in every run. */
function uid(prefix: string, id: RecordId, host: Host): string {
  let value = 0n;
  for (const byte of host.sha1(host.encodeUtf8(id)).subarray(0, 13)) value = (value << 8n) | BigInt(byte);
  let text = '';
  for (let i = 0; i < 17; i++) {
    text += DIGITS[Number(value % 62n)];
    value /= 62n;
  }
  return prefix + text;
}

/** Zeek's `uid` of a connection: C and 17 digits. */
export function connUid(flow: RecordId, host: Host): string {
  return uid('C', flow, host);
}

/** Zeek's `fuid` of a file. */
export function fileUid(file: RecordId, host: Host): string {
  return uid('F', file, host);
}

/** Suricata's `flow_id`: a number below 2^53. */
export function flowNumber(flow: RecordId, host: Host): number {
  let value = 0;
  for (const byte of host.sha1(host.encodeUtf8(flow)).subarray(0, 6)) value = value * 256 + byte;
  return value;
}
