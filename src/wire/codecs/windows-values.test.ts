import assert from 'node:assert/strict';
import test from 'node:test';
import { nodeHost } from '../../pipeline/node-host.ts';
import { Demand } from '../demand.ts';
import { Packet } from '../packet.ts';
import { protocols } from '../protocols.generated.ts';
import { Registry } from '../registry.ts';
import { interfaceKey, interfaceKeyOf } from './dcerpc-talk.ts';
import { FragmentBuffer } from './fragment-buffer.ts';
import { ldapFields } from './ldap-fields.ts';
import { smb2Fields } from './smb2-fields.ts';
import { putFileTime, putSid, utf16Text } from './windows-values.ts';

const registry = new Registry(protocols);

function packetOver(bytes: Uint8Array): Packet {
  const packet = new Packet(registry, new Demand(registry, [smb2Fields.createTime.id, ldapFields.sid.id]), nodeHost);
  packet.bytes = bytes;
  packet.row.sources[0] = bytes;
  packet.layers.push(1, 0, 0, bytes.length, bytes.length);
  return packet;
}

test('a FILETIME counts tenths of microseconds since 1601, exactly to the last digit', () => {
  // 2019-02-08T16:26:23.156Z, and the same with 4 ticks more.
  const ticks = (11_644_473_600n + 1_549_643_183n) * 10_000_000n + 1_560_004n;
  const bytes = new Uint8Array(8);
  for (let i = 0; i < 8; i++) bytes[i] = Number((ticks >> BigInt(8 * i)) & 255n);
  const packet = packetOver(bytes);
  putFileTime(packet, smb2Fields.createTime, 0);
  assert.equal(packet.row.seconds(smb2Fields.createTime.id, 0), 1_549_643_183);
  assert.equal(packet.row.nanoseconds(smb2Fields.createTime.id, 0), 156_000_400);
});

test('no time and never are both the beginning of 1970', () => {
  for (const fill of [0, 0x7f]) {
    const packet = packetOver(new Uint8Array(8).fill(fill));
    putFileTime(packet, smb2Fields.createTime, 0);
    assert.equal(packet.row.seconds(smb2Fields.createTime.id, 0), 0);
  }
});

test('a security identifier is written with its authority and as many parts as are there', () => {
  const bytes = new Uint8Array([1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
  const packet = packetOver(bytes);
  putSid(packet, ldapFields.sid, 0, bytes.length);
  assert.equal(packet.row.text(ldapFields.sid.id, 0), 'S-1-5-21-1-4294967295');
});

test('UTF-16 text ends at its NUL only where it is said to', () => {
  const bytes = new Uint8Array([0x41, 0, 0, 0, 0x42, 0]);
  assert.equal(utf16Text(bytes, 0, 6, true), 'A');
  assert.equal(utf16Text(bytes, 0, 6), 'A\0B');
  assert.equal(utf16Text(bytes, 0, 5, true), 'A');
});

test('an interface has one key, whether its UUID is text or bytes of either order', () => {
  const uuid = '12345778-1234-abcd-ef00-0123456789ac';
  const little = new Uint8Array([0x78, 0x57, 0x34, 0x12, 0x34, 0x12, 0xcd, 0xab, 0xef, 0, 1, 0x23, 0x45, 0x67, 0x89, 0xac]);
  const big = new Uint8Array([0x12, 0x34, 0x57, 0x78, 0x12, 0x34, 0xab, 0xcd, 0xef, 0, 1, 0x23, 0x45, 0x67, 0x89, 0xac]);
  assert.equal(interfaceKey(little, 0, true), interfaceKeyOf(uuid));
  assert.equal(interfaceKey(big, 0, false), interfaceKeyOf(uuid));
});

test('fragments are put together in order, and a message that grows without bound is given up', () => {
  const parts = new FragmentBuffer();
  assert.equal(parts.add(new Uint8Array([1, 2, 3]), 1, 3, 7), true);
  assert.equal(parts.add(new Uint8Array([4]), 0, 1, 9), true);
  assert.deepEqual([...parts.take()], [2, 3, 4]);
  assert.deepEqual([...parts.frames], [7, 9]);
  const large = new Uint8Array(1024 * 1024);
  let accepted = 0;
  while (accepted < 64 && parts.add(large, 0, large.length, 10)) accepted++;
  assert.equal(accepted < 8, true);
  assert.equal(parts.pending, false);
});
