import assert from 'node:assert/strict';
import { test } from 'node:test';
import { berInteger, berOid } from './ber-write.ts';
import { readSnmpAnswer, snmpGet } from './snmp-message.ts';

const hex = (b: Uint8Array | undefined): string => Buffer.from(b ?? []).toString('hex');

for (const [value, expected] of [[0, '020100'], [127, '02017f'], [128, '02020080'], [256, '02020100'], [0x7fffffff, '02047fffffff'], [0xffffffff, '020500ffffffff']] as const) {
  test(`the integer ${value} is ${expected} (X.690 §8.3)`, () => assert.equal(hex(berInteger(value)), expected));
}

for (const [dotted, expected] of [['1.3.6.1.2.1.1.3.0', '06082b06010201010300'], ['.2.999.3', '0603883703'], ['1.3.6.1.4.1.311', '06072b060104018237'], ['1', ''], ['1.40.1', ''], ['1.3.-1', '']] as const) {
  test(`the object identifier ${dotted} is ${expected === '' ? 'refused' : expected}`, () => assert.equal(hex(berOid(dotted)), expected));
}

test('a get request is laid out as RFC 3416 §3 says, octet for octet', () => {
  assert.equal(hex(snmpGet('v2c', 'public', 0x1234, ['1.3.6.1.2.1.1.3.0'])), '302702010104067075626c6963a01a02021234020100020100300e300c06082b060102010103000500');
});

// Response with sysUpTime (TimeTicks), a negative INTEGER, an IpAddress, an OID, text, octets, Counter64 and noSuchInstance.
const oid = '06082b06010201010300';
const value = (v: string): string => {
  const body = oid + v;
  return `30${(body.length / 2).toString(16).padStart(2, '0')}${body}`;
};
const list = ['430201f4', '0201ff', '4004c0000201', '06032b0601', '0403616263', '040200ff', '460900ffffffffffff0000', '8100'].map(value).join('');
const pdu = `0202123402010002010030${(0x8100 + list.length / 2).toString(16)}${list}`;
const body = `02010104067075626c6963a281${(pdu.length / 2).toString(16)}${pdu}`;
const response = Buffer.from(`3081${(body.length / 2).toString(16)}${body}`, 'hex');

test('each kind of value is read: numbers as numbers, addresses, names and texts as text, what is missing as missing', () => {
  const answer = readSnmpAnswer(response)!;
  assert.deepEqual([answer.requestId, answer.error], [0x1234, 'noError']);
  assert.deepEqual(answer.values.map((v) => v.missing ?? v.number ?? v.text), [500, -1, '192.0.2.1', '1.3.6.1', 'abc', '00ff', 0xffffffffffff0000, 'noSuchInstance']);
});

test('an answer cut anywhere is no answer, and never a throw', () => {
  for (let n = 0; n < response.length; n++) assert.equal(readSnmpAnswer(response.subarray(0, n)), undefined, String(n));
});

test('an answer with any octet changed is read or refused, and never a throw', () => {
  for (let at = 0; at < response.length; at++) for (const with_ of [0, 0x7f, 0x80, 0x84, 0xff]) {
    const bad = Buffer.from(response);
    bad[at] = with_;
    readSnmpAnswer(bad);
  }
});
