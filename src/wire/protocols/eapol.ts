import { u16be } from '../../base/bytes.ts';
import { defineBits, namedFields, putBits } from '../bit-fields.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

// Version 1, type 1, length 2, body (IEEE 802.1X §11.3). A key: descriptor 1, information 2, key length 2, replay counter 8, nonce 32,
// IV 16, sequence counter 8, identifier 8, integrity code 16, length of data 2, data (IEEE 802.11-2020 §12.7.2).
const HEAD_LEN = 4;
const EAP = 0;
const KEY = 3;
const KEY_LEN = 95;
const DESCRIPTOR_RC4 = 1;
const RC4_LEN = 44;
const DESCRIPTOR_RSN = 2;
const DESCRIPTOR_WPA = 254;

export const eapolFields = defineFields({
  version: { name: 'eapol.version', ...fixed('u8', 0, 'Version', { values: { 1: '802.1X-2001', 2: '802.1X-2004', 3: '802.1X-2010' } }) },
  type: { name: 'eapol.type', ...fixed('u8', 1, 'Type', { values: { 0: 'EAP Packet', 1: 'Start', 2: 'Logoff', 3: 'Key', 4: 'Encapsulated ASF Alert', 5: 'MKA' } }) },
  length: { name: 'eapol.len', ...fixed('u16', 2, 'Length') },
  descriptor: { name: 'eapol.keydes.type', ...put('u8', 'Key Descriptor Type', { values: { 1: 'RC4 Descriptor', 2: 'EAPOL RSN Key', 254: 'EAPOL WPA Key' } }) },
  body: { name: 'eapol.keydes.body', ...put('bytes', 'Key Descriptor Body') },
  number: { name: 'wlan_rsna_eapol.keydes.msgnr', ...put('u8', 'Message number') },
  keyLength: { name: 'eapol.keydes.key_len', ...put('u16', 'Key Length') },
  counter: { name: 'eapol.keydes.replay_counter', ...put('u64', 'Replay Counter') },
  nonce: { name: 'wlan_rsna_eapol.keydes.nonce', ...put('bytes', 'WPA Key Nonce') },
  iv: { name: 'eapol.keydes.key_iv', ...put('bytes', 'Key IV') },
  rsc: { name: 'wlan_rsna_eapol.keydes.rsc', ...put('bytes', 'WPA Key RSC') },
  id: { name: 'wlan_rsna_eapol.keydes.id', ...put('bytes', 'WPA Key ID') },
  mic: { name: 'wlan_rsna_eapol.keydes.mic', ...put('bytes', 'WPA Key MIC') },
  dataLength: { name: 'wlan_rsna_eapol.keydes.data_len', ...put('u16', 'WPA Key Data Length') },
  index: { name: 'eapol.keydes.key_index', ...put('u8', 'Key Index', { base: 'hex' }) },
  indexType: { name: 'eapol.keydes.key_index.type', ...put('boolean', 'Type', { mask: 0x80 }) },
  indexNumber: { name: 'eapol.keydes.key_index.number', ...put('u8', 'Number', { mask: 0x7f }) },
  signature: { name: 'eapol.keydes.key_signature', ...put('bytes', 'Key Signature') },
  key: { name: 'eapol.keydes.key', ...put('bytes', 'Key') },
  local: { name: 'eapol.keydes.key.generated_locally', ...put('boolean', 'Key Generated Locally') },
  data: { name: 'wlan_rsna_eapol.keydes.data', ...put('bytes', 'WPA Key Data') },
});
const F = eapolFields;
const BODY = layout({ 0: F.descriptor, 3: F.keyLength, 5: F.counter, 13: [[F.nonce, 32]], 45: [[F.iv, 16]], 61: [[F.rsc, 8]], 69: [[F.id, 8]], 77: [[F.mic, 16]], 93: F.dataLength });

/** The descriptor of dynamic WEP (IEEE 802.1X-2001 §7.6). */
const RC4 = layout({ 0: F.descriptor, 1: F.keyLength, 3: F.counter, 11: [[F.iv, 16]], 27: [F.index, F.indexType, F.indexNumber], 28: [[F.signature, 16]] });

const INFORMATION = defineBits('wlan_rsna_eapol.keydes.key_info', [
  ['wlan_rsna_eapol.keydes.key_info', 0x0, 'Key Information', 'u16', 'hex'],
  ['.keydes_version', 0x7, 'Key Descriptor Version', 'u16'],
  ['.key_type', 0x8, 'Key Type'],
  ['.key_index', 0x30, 'Key Index', 'u16'],
  ['.install', 0x40, 'Install'],
  ['.key_ack', 0x80, 'Key ACK'],
  ['.key_mic', 0x100, 'Key MIC'],
  ['.secure', 0x200, 'Secure'],
  ['.error', 0x400, 'Error'],
  ['.request', 0x800, 'Request'],
  ['.encrypted_key_data', 0x1000, 'Encrypted Key Data'],
  ['.smk_message', 0x2000, 'SMK Message'],
]);

/** Authentication of ports and exchange of keys. */
export const eapol = defineDissector({
  name: 'eapol',
  title: '802.1X Authentication',
  spec: ['IEEE 802.1X-2010 §11', 'IEEE 802.11-2020 §12.7'],
  over: { ethertype: [0x888e, 0x88c7] },
  fields: { ...F, ...namedFields(INFORMATION) },
  dissect(p, at, end) {
    if (end - at < HEAD_LEN) return p.tooShort(HEAD_LEN);
    const b = p.bytes;
    const type = b[at + 1];
    const length = u16be(b, at + 2);
    if (type === EAP) {
      p.payload(at + HEAD_LEN, at + HEAD_LEN + length);
      return p.id('eap');
    }
    if (type === KEY) return readKey(p, at, end, length);
    if (length === 0) return DONE;
    p.payload(at + HEAD_LEN, at + HEAD_LEN + length);
    return DONE;
  },
  info: (row) => (row.has(F.number) ? `Key (Message ${row.text(F.number)} of 4)` : `Type ${row.text(F.type)}`),
});
export default eapol;

function readKey(p: PacketView, at: number, end: number, length: number): number {
  const b = p.bytes;
  const from = at + HEAD_LEN;
  if (from >= end) return p.tooShort(HEAD_LEN + 1);
  if (b[from] === DESCRIPTOR_RC4) {
    if (!putLayout(p, RC4, from, end)) return p.tooShort(HEAD_LEN + RC4_LEN);
    const key = Math.min(end, at + HEAD_LEN + length) - from - RC4_LEN;
    if (key > 0) p.put(F.key, from + RC4_LEN, key);
    else p.putInt(F.local, from, 0, 1);
    return DONE;
  }
  if (b[from] !== DESCRIPTOR_RSN && b[from] !== DESCRIPTOR_WPA) {
    p.put(F.descriptor, from, 1);
    if (length > 1) p.put(F.body, from + 1, Math.min(end - from, length) - 1);
    return DONE;
  }
  const isWhole = putLayout(p, BODY, from, end);
  if (end - from >= 3) putBits(p, INFORMATION, from + 1, 2);
  if (!isWhole) return p.tooShort(HEAD_LEN + KEY_LEN);
  const information = u16be(b, from + 1);
  const dataLength = u16be(b, from + 93);
  p.putInt(F.number, from, 0, messageOf(information, dataLength));
  if (dataLength === 0) return DONE;
  if (from + KEY_LEN + dataLength > end) return p.tooShort(HEAD_LEN + KEY_LEN + dataLength);
  p.put(F.data, from + KEY_LEN, dataLength);
  return DONE;
}

/** Which of the four messages a pairwise key exchange is at: by who asks for an answer, by integrity code and by what is installed. */
function messageOf(information: number, dataLength: number): number {
  const hasAck = (information & 0x0080) !== 0;
  const hasMic = (information & 0x0100) !== 0;
  const isSecure = (information & 0x0200) !== 0;
  if (hasAck) return hasMic ? 3 : 1;
  return isSecure || dataLength === 0 ? 4 : 2;
}
