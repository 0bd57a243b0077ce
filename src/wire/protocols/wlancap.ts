import { u32be } from '../../base/bytes.ts';
import { PHY_A, PHY_B, PHY_FHSS, PHY_G, radioState } from '../codecs/radio-state.ts';
import { defineDissector, defineFields, fixed } from '../define-dissector.ts';
import { MALFORMED } from '../packet-view.ts';

const HEADER_LEN = 64;
const DBM = 2;
const SHORT_PREAMBLE = 1;
const LONG_PREAMBLE = 2;
/** PHY types of the head (AVS) as those of `wlan_radio`: 1 FHSS, 4 to 6 b, 5 a, 8 g and so on. */
const PHYS: readonly (number | undefined)[] = [undefined, PHY_FHSS, undefined, undefined, PHY_B, undefined, PHY_B, PHY_G, PHY_A];

export const wlancapFields = defineFields({
  magic: { name: 'wlancap.magic', ...fixed('u32', 0, 'Header magic', { base: 'hex', mask: 0xfffffff0 }) },
  version: { name: 'wlancap.version', ...fixed('u32', 0, 'Header revision', { mask: 0x0000000f }) },
  length: { name: 'wlancap.length', ...fixed('u32', 4, 'Header length') },
  macTime: { name: 'wlancap.mactime', ...fixed('u64', 8, 'MAC timestamp') },
  hostTime: { name: 'wlancap.hosttime', ...fixed('u64', 16, 'Host timestamp') },
  phy: { name: 'wlancap.phytype', ...fixed('u32', 24, 'PHY type') },
  channel: { name: 'wlancap.channel', ...fixed('u8', 31, 'Channel') },
  antenna: { name: 'wlancap.antenna', ...fixed('u32', 36, 'Antenna') },
  priority: { name: 'wlancap.priority', ...fixed('u32', 40, 'Priority') },
  strengthType: { name: 'wlancap.ssi_type', ...fixed('u32', 44, 'SSI Type') },
  preamble: { name: 'wlancap.preamble', ...fixed('u32', 56, 'Preamble') },
  encoding: { name: 'wlancap.encoding', ...fixed('u32', 60, 'Encoding Type') },
});

/** The head of AVS drivers before 802.11 frames; all numbers have their high byte first. */
export const wlancap = defineDissector({
  name: 'wlancap',
  title: 'AVS WLAN Capture header',
  short: 'AVS WLANCAP',
  column: 'AVS WLANCAP',
  spec: ['LINKTYPE_IEEE802_11_AVS'],
  over: { link: [163] },
  fields: wlancapFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    const length = u32be(b, at + 4);
    if (length < HEADER_LEN) return MALFORMED;
    const radio = radioState(p);
    radio.begin(p.frame);
    radio.phy = PHYS[u32be(b, at + 24)] ?? -1;
    radio.channel = u32be(b, at + 28);
    radio.rate = u32be(b, at + 32) / 10;
    if (u32be(b, at + 44) === DBM) radio.signalDbm = u32be(b, at + 48) | 0;
    const preamble = u32be(b, at + 56);
    if (preamble === SHORT_PREAMBLE || preamble === LONG_PREAMBLE) radio.shortPreamble = preamble === SHORT_PREAMBLE ? 1 : 0;
    p.payload(at + length, p.wireEnd);
    return p.id('wlan_radio');
  },
  info: (row) => `Channel ${row.text(wlancapFields.channel)}`,
});
export default wlancap;
