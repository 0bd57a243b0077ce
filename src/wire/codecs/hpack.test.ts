import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '../../base/bytes.ts';
import { HpackDecoder, huffmanText } from './hpack.ts';

const decode = (decoder: HpackDecoder, hex: string): string[] => {
  const bytes = fromHex(hex)!;
  return decoder.decode(bytes, 0, bytes.length).map((f) => `${f.name}: ${f.value}`);
};

test('three requests with Huffman codes share one table (RFC 7541 C.4)', () => {
  const decoder = new HpackDecoder();
  assert.deepEqual(decode(decoder, '828684418cf1e3c2e5f23a6ba0ab90f4ff'), [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com']);
  assert.deepEqual(decode(decoder, '828684be5886a8eb10649cbf'), [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com', 'cache-control: no-cache']);
  assert.deepEqual(decode(decoder, '828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf'),
    [':method: GET', ':scheme: https', ':path: /index.html', ':authority: www.example.com', 'custom-key: custom-value']);
});

test('a text that is not coded, never indexed, and a size update are told apart (RFC 7541 C.2)', () => {
  const decoder = new HpackDecoder();
  const bytes = fromHex('100870617373776f726406736563726574')!;
  assert.deepEqual(decoder.decode(bytes, 0, bytes.length), [{ name: 'password', value: 'secret', representation: 'never', index: 0, at: 0, length: 17 }]);
  assert.deepEqual(decode(decoder, '3fe11f82'), [':method: GET']);
  assert.deepEqual(decoder.updates, [4096]);
});

test('an entry leaves a table that is full, and an index beyond the table breaks the decoder', () => {
  const decoder = new HpackDecoder();
  // A table of 64 bytes holds one entry of 10 + 32 bytes at a time.
  assert.deepEqual(decode(decoder, '3f21' + '40056e616d65310576616c7531' + '40056e616d65320576616c7532' + 'be'), ['name1: valu1', 'name2: valu2', 'name2: valu2']);
  assert.deepEqual(decode(decoder, 'bf'), []);
  assert.equal(decoder.broken, true);
});

test('the end-of-text symbol inside a text is an error (RFC 7541 §5.2)', () => {
  assert.equal(huffmanText(fromHex('ffffffff')!, 0, 4), undefined);
  assert.equal(huffmanText(fromHex('f1e3c2e5f23a6ba0ab90f4ff')!, 0, 12), 'www.example.com');
});
