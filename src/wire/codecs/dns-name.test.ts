import assert from 'node:assert/strict';
import test from 'node:test';
import { nodeHost } from '../../pipeline/node-host.ts';
import { DnsName, nameText, readName, skipName } from './dns-name.ts';

const bytes = (...parts: (string | number)[]): Uint8Array => Uint8Array.from(parts.flatMap((p) => (typeof p === 'number' ? [p] : Array.from(p, (c) => c.charCodeAt(0)))));

test('a name is read through its compression pointers, and ends behind the first of them', () => {
  const name = new DnsName();
  const message = bytes(3, 'www', 7, 'example', 4, 'test', 0, 4, 'mail', 0xc0, 4);
  assert.equal(readName(message, 0, 0, message.length, name), true);
  assert.deepEqual([nameText(name, nodeHost), name.labels, name.end], ['www.example.test', 3, 18]);
  assert.equal(readName(message, 0, 18, message.length, name), true);
  assert.deepEqual([nameText(name, nodeHost), name.end], ['mail.example.test', message.length]);
  assert.equal(skipName(message, 18, message.length), message.length);
});

test('pointers in a circle, names too long and labels cut short are faults, never a hang', () => {
  const name = new DnsName();
  const faultOf = (b: Uint8Array): string => (readName(b, 0, 0, b.length, name) ? 'none' : name.fault);
  assert.equal(faultOf(bytes(0xc0, 0)), 'loop');
  assert.equal(faultOf(bytes(1, 'a', 0xc0, 0)), 'long', 'each turn adds a label');
  assert.equal(faultOf(bytes(63, 'a'.repeat(63), 0xc0, 0)), 'long');
  assert.equal(faultOf(bytes(5, 'ab')), 'short');
  assert.equal(faultOf(bytes(0x41, 'a')), 'label');
  assert.equal(faultOf(bytes(0xc0)), 'short');
});

test('the root has a text of its own, and control characters are escaped', () => {
  const name = new DnsName();
  readName(bytes(0), 0, 0, 1, name);
  assert.equal(nameText(name, nodeHost), '<Root>');
  const odd = bytes(3, 'a', 10, 1, 0);
  readName(odd, 0, 0, odd.length, name);
  assert.equal(nameText(name, nodeHost), 'a\\n\\001');
});
