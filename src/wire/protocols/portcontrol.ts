import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 24;
const RESPONSE = 0x80;
const MAP = 1;

export const portcontrolFields = defineFields({
  version: { name: 'portcontrol.version', ...fixed('u8', 0, 'Version') },
  r: { name: 'portcontrol.r', ...fixed('boolean', 1, 'R', { mask: 0x80 }) },
  opcode: { name: 'portcontrol.opcode', ...fixed('u8', 1, 'Opcode', { mask: 0x7f }) },
  lifetimeReq: { name: 'portcontrol.lifetime_req', ...put('u32', 'Requested Lifetime') },
  clientIp: { name: 'portcontrol.client_ip', ...put('ipv6', 'Client IP Address') },
  lifetimeRsp: { name: 'portcontrol.lifetime_rsp', ...put('u32', 'Lifetime') },
  epochTime: { name: 'portcontrol.epoch_time', ...put('u32', 'Epoch Time') },
  mapNonce: { name: 'portcontrol.map.nonce', ...put('bytes', 'Mapping Nonce') },
  mapProtocol: { name: 'portcontrol.map.protocol', ...put('u8', 'Protocol') },
  mapReserved: { name: 'portcontrol.map.reserved', ...put('u24', 'Reserved') },
  mapInternalPort: { name: 'portcontrol.map.internal_port', ...put('u16', 'Internal Port') },
  mapReqSugExternalPort: { name: 'portcontrol.map.req_sug_external_port', ...put('u16', 'Suggested External Port') },
  mapReqSugExternalIp: { name: 'portcontrol.map.req_sug_external_ip', ...put('ipv6', 'Suggested External IP Address') },
  mapRspAssignedExternalPort: { name: 'portcontrol.map.rsp_assigned_external_port', ...put('u16', 'Assigned External Port') },
  mapRspAssignedExtIp: { name: 'portcontrol.map.rsp_assigned_ext_ip', ...put('ipv6', 'Assigned External IP Address') },
  resultCode: { name: 'portcontrol.result_code', ...put('u16', 'Result Code') },
});
const F = portcontrolFields;
const REQUEST = layout({ 4: F.lifetimeReq, 8: F.clientIp });
const REPLY = layout({ 4: F.lifetimeRsp, 8: F.epochTime });
const MAP_REQUEST = layout({ 24: [[F.mapNonce, 12]], 36: F.mapProtocol, 37: F.mapReserved, 40: F.mapInternalPort, 42: F.mapReqSugExternalPort, 44: F.mapReqSugExternalIp });
const MAP_REPLY = layout({ 24: [[F.mapNonce, 12]], 36: F.mapProtocol, 37: F.mapReserved, 40: F.mapInternalPort, 42: F.mapRspAssignedExternalPort, 44: F.mapRspAssignedExtIp });

export const portcontrol = defineDissector({
  name: 'portcontrol',
  title: 'Port Control Protocol',
  short: 'PCP v2',
  spec: ['RFC 6887 §7'],
  over: { 'udp.port': [5350, 5351] },
  fields: portcontrolFields,
  dissect(p, at, end) {
    if (end - at < 2) return p.tooShort(2);
    const b = p.bytes;
    if (b[at] === 0) {
      p.finish();
      return p.call(p.id('nat-pmp'), at, end);
    }
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const isResponse = (b[at + 1] & RESPONSE) !== 0;
    putLayout(p, isResponse ? REPLY : REQUEST, at, end);
    if (isResponse) p.put(F.resultCode, at + 3, 1);
    if ((b[at + 1] & 127) === MAP) putLayout(p, isResponse ? MAP_REPLY : MAP_REQUEST, at, end);
    return DONE;
  },
});
export default portcontrol;
