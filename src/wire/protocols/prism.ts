import { u32be, u32le } from '../../base/bytes.ts';
import { radioState } from '../codecs/radio-state.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { MALFORMED } from '../packet-view.ts';

// Message code 4, length 4, device 16; then items of 12 bytes: what 4, status 2, length 2, value 4 (in the order of the host).
const HEADER_LEN = 24;
const ITEM_LEN = 12;
const AVS = 0x80211000;
/** Longest head that any driver wrote. */
const MAX_LEN = 1024;

export const prismFields = defineFields({
  code: { name: 'prism.msgcode', ...put('u32', 'Message Code', { base: 'hex' }) },
  length: { name: 'prism.msglen', ...put('u32', 'Message Length') },
  device: { name: 'prism.devname', ...put('string', 'Device Name') },
  item: { name: 'prism.did', ...put('none', 'DID') },
  type: { name: 'prism.did.type', ...put('u32', 'DID', { base: 'hex' }) },
  status: { name: 'prism.did.status', ...put('u16', 'Status') },
  itemLength: { name: 'prism.did.length', ...put('u16', 'Length') },
  hostTime: { name: 'prism.did.hosttime', ...put('u32', 'Host Time') },
  macTime: { name: 'prism.did.mactime', ...put('u32', 'MAC timestamp (lower 32 bits)') },
  channel: { name: 'prism.did.channel', ...put('u32', 'Channel') },
  rssi: { name: 'prism.did.rssi', ...put('i32', 'RSSI') },
  quality: { name: 'prism.did.sq', ...put('u32', 'Signal Quality') },
  signal: { name: 'prism.did.signal', ...put('i32', 'Signal') },
  noise: { name: 'prism.did.noise', ...put('i32', 'Noise') },
  rate: { name: 'prism.did.rate', ...put('u32', 'Data rate (Mb/s)') },
  isSent: { name: 'prism.did.istx', ...put('u32', 'IsTX', { base: 'hex' }) },
  frameLength: { name: 'prism.did.frmlen', ...put('u32', 'Frame Length') },
});
const F = prismFields;
/** Values in the order in which drivers write them. */
const VALUES = [F.hostTime, F.macTime, F.channel, F.rssi, F.quality, F.signal, F.noise, F.rate, F.isSent, F.frameLength] as const;
const CHANNEL = 2;
const RATE = 7;

/** The head of Prism drivers before 802.11 frames; the same link type has AVS heads too. */
export const prism = defineDissector({
  name: 'prism',
  title: 'Prism capture header',
  short: 'Prism',
  column: 'Prism',
  spec: ['LINKTYPE_IEEE802_11_PRISM'],
  over: { link: [119] },
  fields: prismFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    if (((u32be(b, at) & 0xfffff000) >>> 0) === AVS) {
      p.payload(at, p.wireEnd);
      return p.id('wlancap');
    }
    const isLittle = u32le(b, at + 4) <= MAX_LEN;
    const length = isLittle ? u32le(b, at + 4) : u32be(b, at + 4);
    if (length < HEADER_LEN) return MALFORMED;
    const radio = radioState(p);
    radio.begin(p.frame);
    p.putInt(F.code, at, 4, isLittle ? u32le(b, at) : u32be(b, at));
    p.putInt(F.length, at + 4, 4, length);
    let name = 0;
    while (name < 16 && b[at + 8 + name] !== 0) name++;
    p.put(F.device, at + 8, name);
    const last = Math.min(end, at + length);
    for (let i = at + HEADER_LEN, k = 0; i + ITEM_LEN <= last && k < VALUES.length; i += ITEM_LEN, k++) {
      const value = isLittle ? u32le(b, i + 8) : u32be(b, i + 8);
      p.put(F.item, i, ITEM_LEN);
      p.putInt(F.type, i, 4, isLittle ? u32le(b, i) : u32be(b, i));
      p.putInt(VALUES[k], i + 8, 4, value);
      if (k === CHANNEL) radio.channel = value;
      else if (k === RATE) radio.rate = value / 2;
    }
    p.payload(at + length, p.wireEnd);
    return p.id('wlan_radio');
  },
  info: (row) => `Device ${row.text(F.device)}`,
});
export default prism;
