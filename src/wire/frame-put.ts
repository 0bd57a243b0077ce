import type { Field } from '../filter/field.ts';
import { FRAME_ID, frameFields } from './builtin.ts';
import type { Demand } from './demand.ts';
import { wtapEncapsulation } from './encapsulation.ts';
import type { FieldRows } from './field-rows.ts';
import { ROW_BYTES } from './field-rows.ts';
import type { FrameHead } from './frame-head.ts';
import type { PacketView } from './packet-view.ts';
import type { Registry } from './registry.ts';

/** What this needs of the packet beside what dissectors see. */
export interface FrameWriter extends PacketView {
  readonly row: FieldRows;
  readonly demand: Demand;
  readonly registry: Registry;
  readonly displayedSeconds: number;
  readonly displayedNanos: number;
  putSince(field: Field, seconds: number, nanos: number): void;
}

/** Times of the capture's first frame and of the one before, for the relative times of `frame`. */
export class FrameClock {
  firstSeconds = -1;
  firstNanos = 0;
  previousSeconds = -1;
  previousNanos = 0;
}

/** Puts what is known of a frame before any byte of it is read. */
export function putFrame(p: FrameWriter, head: FrameHead, clock: FrameClock): void {
  const at = head.at;
  const F = frameFields;
  if (!p.demand.frameRest) {
    p.putInt(F.number, at, 0, p.frame);
    p.putInt(F.len, at, 0, head.wireLen);
    p.putInt(F.capLen, at, 0, head.caplen);
    return;
  }
  if (p.demand.protocols[FRAME_ID] !== 0) p.row.append(p.registry.protocolFields[FRAME_ID].id, ROW_BYTES, 0, at, head.caplen, 0, 0);
  if (head.interfaceId >= 0) p.putInt(F.interfaceId, at, 0, head.interfaceId);
  if (head.interfaceName !== undefined && p.wants(F.interfaceName)) p.putText(F.interfaceName, at, 0, head.interfaceName);
  if (head.interfaceDescription !== undefined && p.wants(F.interfaceDescription)) p.putText(F.interfaceDescription, at, 0, head.interfaceDescription);
  if (p.wants(F.comment)) for (const comment of head.comments) p.putText(F.comment, at, 0, comment);
  p.putInt(F.encapType, at, 0, wtapEncapsulation(head.linkType));
  if (p.demand.frameTimes) {
    p.putTime(F.time, at, 0, head.seconds, head.nanoseconds);
    p.putTime(F.epoch, at, 0, head.seconds, head.nanoseconds);
    p.putSince(F.delta, clock.previousSeconds, clock.previousNanos);
    p.putSince(F.deltaDisplayed, p.displayedSeconds, p.displayedNanos);
    p.putSince(F.relative, clock.firstSeconds, clock.firstNanos);
  }
  p.putInt(F.number, at, 0, p.frame);
  p.putInt(F.len, at, 0, head.wireLen);
  p.putInt(F.capLen, at, 0, head.caplen);
  p.putInt(F.marked, at, 0, 0);
  p.putInt(F.ignored, at, 0, 0);
  if (head.direction !== 0) p.putInt(F.direction, at, 0, head.direction === 2 ? 0 : 1);
}
