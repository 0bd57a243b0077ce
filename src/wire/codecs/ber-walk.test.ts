import assert from 'node:assert/strict';
import test from 'node:test';
import { nodeHost } from '../../pipeline/node-host.ts';
import { Demand } from '../demand.ts';
import { Packet } from '../packet.ts';
import { protocols } from '../protocols.generated.ts';
import { Registry } from '../registry.ts';
import { ldapFields as F } from './ldap-fields.ts';
import { putLdapMessage } from './ldap-rules.ts';

const registry = new Registry(protocols);

/** One element of definite length. */
function element(tag: number, content: readonly number[]): number[] {
  const n = content.length;
  return n < 128 ? [tag, n, ...content] : n < 256 ? [tag, 0x81, n, ...content] : [tag, 0x82, n >> 8, n & 255, ...content];
}

const text = (s: string): number[] => element(0x04, [...Buffer.from(s)]);

/** A search for what `filter` says. */
function search(filter: readonly number[]): Uint8Array {
  const request = [...text('dc=test'), ...element(0x0a, [2]), ...element(0x0a, [0]), ...element(0x02, [0]), ...element(0x02, [0]), ...element(0x01, [0]), ...filter, ...element(0x30, text('cn'))];
  return new Uint8Array([...element(0x02, [7]), ...element(0x63, request)]);
}

function read(bytes: Uint8Array, end = bytes.length): Packet {
  const fields = [F.messageID, F.baseObject, F.filter, F.and, F.present, F.attributeDescription];
  const packet = new Packet(registry, new Demand(registry, fields.map((f) => f.id)), nodeHost);
  packet.bytes = bytes;
  packet.row.sources[0] = bytes;
  packet.layers.push(1, 0, 0, end, end);
  putLdapMessage(packet, 0, end);
  return packet;
}

test('a search is read by its module: number, base, filter and attributes', () => {
  const { row } = read(search(element(0xa0, [...element(0x87, [...Buffer.from('cn')]), ...element(0x87, [...Buffer.from('mail')])])));
  assert.equal(row.num(F.messageID.id, 0), 7);
  assert.equal(row.text(F.baseObject.id, 0), 'dc=test');
  assert.equal(row.num(F.filter.id, 0), 0);
  assert.equal(row.num(F.and.id, 0), 2);
  assert.deepEqual([0, 1].map((i) => row.text(F.present.id, i)), ['cn', 'mail']);
  assert.equal(row.text(F.attributeDescription.id, 0), 'cn');
});

test('a message cut at any byte is read as far as it goes, and never throws', () => {
  const bytes = search(element(0xa0, element(0x87, [...Buffer.from('cn')])));
  for (let end = 0; end <= bytes.length; end++) assert.doesNotThrow(() => read(bytes, end), `cut at ${end}`);
});

test('a filter nested deeper than anybody asks is read down to a limit', () => {
  let filter = element(0x87, [...Buffer.from('cn')]);
  for (let depth = 0; depth < 2000; depth++) filter = element(0xa0, filter);
  const { row } = read(search(filter));
  const nested = row.count(F.and.id);
  assert.ok(nested > 40 && nested < 300, `${nested} levels`);
});
