import { u16le } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 32;
const VIRTIO = 2;
const LITTLE = { little: true } as const;

export const vsockFields = defineFields({
  source: { name: 'vsock.src_cid', ...fixed('u64', 0, 'Source cid', LITTLE) },
  destination: { name: 'vsock.dst_cid', ...fixed('u64', 8, 'Destination cid', LITTLE) },
  sourcePort: { name: 'vsock.src_port', ...fixed('u32', 16, 'Source port', LITTLE) },
  destinationPort: { name: 'vsock.dst_port', ...fixed('u32', 20, 'Destination port', LITTLE) },
  operation: { name: 'vsock.op', ...fixed('u16', 24, 'Operation', { values: { 1: 'Connect', 2: 'Disconnect', 3: 'Control', 4: 'Payload' }, ...LITTLE }) },
  transport: { name: 'vsock.trans', ...fixed('u16', 26, 'Transport', { values: { 1: 'No information', 2: 'Virtio' }, ...LITTLE }) },
  transportLength: { name: 'vsock.trans_len', ...fixed('u16', 28, 'Transport length', LITTLE) },
  reserved: { name: 'vsock.reserved', ...fixed('bytes', 30, 'Reserved', { size: 2 }) },
  virtioSource: { name: 'virtio.src_cid', ...put('u64', 'Source cid', LITTLE) },
  virtioDestination: { name: 'virtio.dst_cid', ...put('u64', 'Destination cid', LITTLE) },
  virtioSourcePort: { name: 'virtio.src_port', ...put('u32', 'Source port', LITTLE) },
  virtioDestinationPort: { name: 'virtio.dst_port', ...put('u32', 'Destination port', LITTLE) },
  virtioLength: { name: 'virtio.len', ...put('u32', 'Length', LITTLE) },
  virtioType: { name: 'virtio.type', ...put('u16', 'Type', LITTLE) },
  virtioOperation: { name: 'virtio.op', ...put('u16', 'Operation', LITTLE) },
  virtioFlags: { name: 'virtio.flags', ...put('u32', 'Flags', { base: 'hex', ...LITTLE }) },
  virtioAllocated: { name: 'virtio.buf_alloc', ...put('u32', 'Buf alloc', LITTLE) },
  virtioForwarded: { name: 'virtio.fwd_cnt', ...put('u32', 'Fwd cnt', LITTLE) },
});
const F = vsockFields;
const VIRTIO_HEAD = layout({
  0: F.virtioSource, 8: F.virtioDestination, 16: F.virtioSourcePort, 20: F.virtioDestinationPort, 24: F.virtioLength, 28: F.virtioType, 30: F.virtioOperation, 32: F.virtioFlags,
  36: F.virtioAllocated, 40: F.virtioForwarded,
});

/** Between a virtual machine and its host, as vsockmon shows it. */
export const vsock = defineDissector({
  name: 'vsock',
  title: 'vSocket',
  short: 'vSocket',
  spec: ['LINKTYPE_VSOCK', 'VIRTIO 1.1 §5.10'],
  over: { link: [271] },
  fields: vsockFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const length = u16le(p.bytes, at + 28);
    if (u16le(p.bytes, at + 26) === VIRTIO && !putLayout(p, VIRTIO_HEAD, at + HEADER_LEN, end)) return p.tooShort(HEADER_LEN + VIRTIO_HEAD.length);
    const from = at + HEADER_LEN + length;
    if (from >= p.wireEnd) return DONE;
    p.payload(from, p.wireEnd);
    return DONE;
  },
  ends: (row) => [row.text(F.source), row.text(F.destination)],
  info: (row) => `${row.text(F.sourcePort)} -> ${row.text(F.destinationPort)}`,
});
export default vsock;
