import type { TagMeaning } from '../codecs/bacapp-tags.ts';
import { putTags } from '../codecs/bacapp-tags.ts';
import { bacappFields } from '../codecs/bacapp-fields.ts';
import type { FieldRun } from '../codecs/field-run.ts';
import { cutShort, putRun } from '../codecs/field-run.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const F = bacappFields;

const CONFIRMED = 0;
const UNCONFIRMED = 1;
const SIMPLE_ACK = 2;
const COMPLEX_ACK = 3;
const SEGMENT_ACK = 4;
const ERROR = 5;
const REJECT = 6;
const ABORT = 7;
const SEGMENTED = 0x08;

const I_AM = 0;
const WHO_IS = 8;
const READ_PROPERTY = 12;
const WRITE_PROPERTY = 15;

const CONFIRMED_HEAD: FieldRun = [
  [F.type, 1, true], [F.pduflags, 1, true], [F.segmentedRequest, 1, true], [F.moreSegments, 1, true], [F.sA, 1], [F.responseSegments, 1, true],
  [F.maxAdpuSize, 1], [F.invokeId, 1],
];
const COMPLEX_HEAD: FieldRun = [[F.type, 1, true], [F.pduflags, 1, true], [F.segmentedRequest, 1, true], [F.moreSegments, 1], [F.invokeId, 1]];
const SEGMENT: FieldRun = [[F.sequenceNumber, 1], [F.windowSize, 1]];
const SIMPLE: FieldRun = [[F.type, 1], [F.invokeId, 1], [F.confirmedService, 1]];
const SEGMENT_ACKED: FieldRun = [[F.type, 1, true], [F.nAK, 1, true], [F.sRV, 1], [F.invokeId, 1], [F.sequenceNumber, 1], [F.windowSize, 1]];
const REJECTED: FieldRun = [[F.type, 1], [F.invokeId, 1], [F.rejectReason, 1]];
const ABORTED: FieldRun = [[F.type, 1, true], [F.sRV, 1], [F.invokeId, 1], [F.abortReason, 1]];
const UNCONFIRMED_HEAD: FieldRun = [[F.type, 1], [F.unconfirmedService, 1]];

const PLAIN: TagMeaning = { object: -1, property: -1, who: false, vendor: false, error: false };
const PROPERTY: TagMeaning = { ...PLAIN, object: 0, property: 1 };
const WHO: TagMeaning = { ...PLAIN, who: true };
const AM: TagMeaning = { ...PLAIN, vendor: true };
const FAILED: TagMeaning = { ...PLAIN, error: true };

/** BACnet application layer: APDU (§20.1). */
export const bacapp = defineDissector({
  name: 'bacapp',
  title: 'Building Automation and Control Network APDU',
  spec: ['ASHRAE 135-2016 §20'],
  over: {},
  fields: bacappFields,
  short: 'BACapp',
  column: 'BACnet-APDU',
  dissect(p, at, end) {
    if (at >= end) return cutShort(p, end);
    return putApdu(p, at, end) ? DONE : cutShort(p, end);
  },
});

function putApdu(p: PacketView, at: number, end: number): boolean {
  const type = p.bytes[at] >> 4;
  const segmented = (p.bytes[at] & SEGMENTED) !== 0;
  switch (type) {
    case CONFIRMED: case COMPLEX_ACK: {
      let pos = putRun(p, at, end, type === CONFIRMED ? CONFIRMED_HEAD : COMPLEX_HEAD);
      if (pos >= 0 && segmented) pos = putRun(p, pos, end, SEGMENT);
      if (pos < 0 || pos >= end) return false;
      p.put(F.confirmedService, pos, 1);
      const service = p.bytes[pos];
      // Parts of a message have no tags of their own.
      return segmented || putTags(p, pos + 1, end, service === READ_PROPERTY || service === WRITE_PROPERTY ? PROPERTY : PLAIN);
    }
    case UNCONFIRMED: {
      const pos = putRun(p, at, end, UNCONFIRMED_HEAD);
      return pos >= 0 && putTags(p, pos, end, p.bytes[pos - 1] === WHO_IS ? WHO : p.bytes[pos - 1] === I_AM ? AM : PLAIN);
    }
    case SIMPLE_ACK: return putRun(p, at, end, SIMPLE) >= 0;
    case SEGMENT_ACK: return putRun(p, at, end, SEGMENT_ACKED) >= 0;
    case ERROR: {
      const pos = putRun(p, at, end, SIMPLE);
      return pos >= 0 && putTags(p, pos, end, FAILED);
    }
    case REJECT: return putRun(p, at, end, REJECTED) >= 0;
    case ABORT: return putRun(p, at, end, ABORTED) >= 0;
    default:
      p.put(F.type, at, 1);
      return true;
  }
}

export default bacapp;
