import { u16be, u32be } from '../../base/bytes.ts';
import { vncFields as F, vncGroups as G } from '../codecs/vnc-fields.ts';
import { putAll } from '../codecs/windows-values.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE, MORE } from '../packet-view.ts';

// The handshake of RFC 6143 §7.1, step by step; each side's message moves it on.
const STEP = { SERVER_VERSION: 0, CLIENT_VERSION: 1, SECURITY: 2, CHOICE: 3, CHALLENGE: 4, RESPONSE: 5, RESULT: 6, CLIENT_INIT: 7, SERVER_INIT: 8, MESSAGES: 9 } as const;
const VERSION_LEN = 12;
const NONE = 1;
const VNC_AUTH = 2;
const CHALLENGE_LEN = 16;

interface RfbTalk {
  step: number;
  /** Minor version: 3, 7 or 8. */
  minor: number;
  security: number;
  /** Direction of the server's bytes. */
  server: number;
}
const create = (): RfbTalk => ({ step: STEP.SERVER_VERSION, minor: 8, security: 0, server: 0 });

function isVersion(b: Uint8Array, at: number, end: number): boolean {
  return end - at >= VERSION_LEN && b[at] === 0x52 && b[at + 1] === 0x46 && b[at + 2] === 0x42 && b[at + 3] === 0x20 && b[at + 7] === 0x2e && b[at + 11] === 0x0a;
}

/** Remote framebuffers: screens over the network. */
export const vnc = defineDissector({
  name: 'vnc',
  title: 'Virtual Network Computing',
  spec: ['RFC 6143'],
  over: { 'tcp.port': [5500, 5501, 5900, 5901] },
  heuristicOver: ['tcp'],
  heuristic: (p, at, end) => isVersion(p.bytes, at, end) && p.wireEnd - at === VERSION_LEN,
  stream: true,
  fields: F,
  dissect(p, at, end) {
    if (p.flow < 0) return DECLINE;
    const talk = p.trackers.state('vnc', p.flow, create);
    const isServer = p.dir === talk.server;
    if (talk.step < STEP.MESSAGES) return putHandshake(p, talk, at, end);
    return isServer ? putServerMessage(p, at, end) : putClientMessage(p, at, end);
  },
  info: (row) => (row.has(F.serverProtoVer) ? `Server version ${row.text(F.serverProtoVer)}` : row.has(F.clientProtoVer) ? `Client version ${row.text(F.clientProtoVer)}` : 'Screen'),
});

function rest(p: PacketView, next: number): number {
  p.payload(next, p.wireEnd);
  return next < p.wireEnd ? DONE : p.finish();
}

function putHandshake(p: PacketView, talk: RfbTalk, at: number, end: number): number {
  const b = p.bytes;
  switch (talk.step) {
    case STEP.SERVER_VERSION: case STEP.CLIENT_VERSION:
      if (!isVersion(b, at, end)) return DECLINE;
      p.put(talk.step === STEP.SERVER_VERSION ? F.serverProtoVer : F.clientProtoVer, at + 4, 7);
      if (talk.step === STEP.SERVER_VERSION) talk.server = p.dir;
      else talk.minor = Math.min(8, (b[at + 8] - 48) * 100 + (b[at + 9] - 48) * 10 + b[at + 10] - 48);
      talk.step++;
      return p.finish();
    case STEP.SECURITY: return putSecurity(p, talk, at, end);
    case STEP.CHOICE:
      p.put(F.clientSecurityType, at, 1);
      talk.security = b[at];
      talk.step = b[at] === VNC_AUTH ? STEP.CHALLENGE : b[at] === NONE ? (talk.minor >= 8 ? STEP.RESULT : STEP.CLIENT_INIT) : STEP.MESSAGES;
      return p.finish();
    case STEP.CHALLENGE: case STEP.RESPONSE:
      if (end - at < CHALLENGE_LEN) return p.tooShort(CHALLENGE_LEN);
      p.put(talk.step === STEP.CHALLENGE ? F.authChallenge : F.authResponse, at, CHALLENGE_LEN);
      talk.step++;
      return p.finish();
    case STEP.RESULT: return putResult(p, talk, at, end);
    case STEP.CLIENT_INIT:
      p.put(F.shareDesktopFlag, at, 1);
      talk.step++;
      return p.finish();
    default: return putServerInit(p, talk, at, end);
  }
}

/** From 3.7 on a list of which the client chooses; before, the server says. */
function putSecurity(p: PacketView, talk: RfbTalk, at: number, end: number): number {
  const b = p.bytes;
  if (talk.minor >= 7) {
    const count = b[at];
    if (end - at < 1 + count) return p.tooShort(1 + count);
    p.put(F.numSecurityTypes, at, 1);
    for (let i = 0; i < count; i++) p.put(F.securityType, at + 1 + i, 1);
    talk.step = STEP.CHOICE;
    return p.finish();
  }
  if (end - at < 4) return p.tooShort(4);
  p.put(F.serverSecurityType, at, 4);
  talk.security = u32be(b, at);
  talk.step = talk.security === VNC_AUTH ? STEP.CHALLENGE : talk.security === NONE ? STEP.CLIENT_INIT : STEP.MESSAGES;
  return p.finish();
}

function putResult(p: PacketView, talk: RfbTalk, at: number, end: number): number {
  if (end - at < 4) return p.tooShort(4);
  p.put(F.authResult, at, 4);
  if (u32be(p.bytes, at) === 0) talk.step = STEP.CLIENT_INIT;
  else if (end - at >= 8) {
    p.put(F.authError, at + 8, Math.min(u32be(p.bytes, at + 4), end - at - 8));
    return p.finish();
  }
  return p.finish();
}

function putServerInit(p: PacketView, talk: RfbTalk, at: number, end: number): number {
  if (end - at < 24) return p.tooShort(24);
  const length = u32be(p.bytes, at + 20);
  if (end - at < 24 + length && length < 4096) return p.tooShort(24 + length);
  p.put(F.width, at, 2);
  p.put(F.height, at + 2, 2);
  putFormat(p, true, at + 4);
  p.put(F.desktopNameLen, at + 20, 4);
  p.put(F.desktopName, at + 24, Math.min(length, end - at - 24));
  talk.step = STEP.MESSAGES;
  return p.finish();
}

/** PIXEL_FORMAT: 16 bytes. */
function putFormat(p: PacketView, isServer: boolean, at: number): void {
  const fields = isServer ? SERVER_FORMAT : CLIENT_FORMAT;
  for (let i = 0; i < fields.length; i++) p.put(fields[i], at + FORMAT_OFFSETS[i], i >= 4 && i <= 6 ? 2 : 1);
  p.put(F.padding, at + 13, 3);
}

const FORMAT_OFFSETS = [0, 1, 2, 3, 4, 6, 8, 10, 11, 12];
const SERVER_FORMAT = [
  F.serverBitsPerPixel, F.serverDepth, F.serverBigEndianFlag, F.serverTrueColorFlag, F.serverRedMax, F.serverGreenMax, F.serverBlueMax, F.serverRedShift,
  F.serverGreenShift, F.serverBlueShift,
];
const CLIENT_FORMAT = [
  F.clientBitsPerPixel, F.clientDepth, F.clientBigEndianFlag, F.clientTrueColorFlag, F.clientRedMax, F.clientGreenMax, F.clientBlueMax, F.clientRedShift,
  F.clientGreenShift, F.clientBlueShift,
];
/** Lengths of client messages by type; those of encodings and cut text depend on a count. */
const CLIENT_LENGTHS: Readonly<Record<number, number>> = { 0: 20, 2: 4, 3: 10, 4: 8, 5: 6, 6: 8 };

function putClientMessage(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  const type = b[at];
  let length = CLIENT_LENGTHS[type] ?? 0;
  if (length === 0) {
    p.put(F.clientMessageType, at, 1);
    return p.finish();
  }
  if (end - at < length) return p.more(length - (end - at)) === MORE ? MORE : p.tooShort(length);
  if (type === 2) length += 4 * u16be(b, at + 2);
  else if (type === 6) length += u32be(b, at + 4);
  if (end - at < length) return p.more(length - (end - at)) === MORE ? MORE : p.tooShort(length);
  p.put(F.clientMessageType, at, 1);
  switch (type) {
    case 0:
      p.put(F.padding, at + 1, 3);
      putFormat(p, false, at + 4);
      break;
    case 2:
      p.put(F.padding, at + 1, 1);
      p.put(F.clientSetEncodingsNum, at + 2, 2);
      for (let q = at + 4; q < at + length; q += 4) p.put(F.clientSetEncodingsEncodingType, q, 4);
      break;
    case 3:
      p.put(F.updateReqIncremental, at + 1, 1);
      p.put(F.updateReqXPos, at + 2, 2);
      p.put(F.updateReqYPos, at + 4, 2);
      p.put(F.updateReqWidth, at + 6, 2);
      p.put(F.updateReqHeight, at + 8, 2);
      break;
    case 4:
      p.put(F.keyDown, at + 1, 1);
      p.put(F.padding, at + 2, 2);
      p.put(F.key, at + 4, 4);
      break;
    case 5:
      putAll(p, G.buttons, at + 1, 1);
      p.put(F.pointerXPos, at + 2, 2);
      p.put(F.pointerYPos, at + 4, 2);
      break;
    case 6:
      p.put(F.padding, at + 1, 3);
      p.put(F.clientCutTextLen, at + 4, 4);
      p.put(F.clientCutText, at + 8, length - 8);
  }
  return rest(p, at + length);
}

/** Of a screen's update only the first rectangle is named: how long the others are depends on their encodings. */
function putServerMessage(p: PacketView, at: number, end: number): number {
  const type = p.bytes[at];
  if (type > 3) return p.finish();
  p.put(F.serverMessageType, at, 1);
  if (type === 0 && end - at >= 16) {
    p.put(F.padding, at + 1, 1);
    p.put(F.fbUpdateNumRects, at + 2, 2);
    p.put(F.fbUpdateXPos, at + 4, 2);
    p.put(F.fbUpdateYPos, at + 6, 2);
    p.put(F.fbUpdateWidth, at + 8, 2);
    p.put(F.fbUpdateHeight, at + 10, 2);
    p.put(F.fbUpdateEncodingType, at + 12, 4);
  }
  return p.finish();
}
export default vnc;
