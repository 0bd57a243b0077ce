import type { Host } from '../base/host.ts';
import type { Field } from '../filter/field.ts';
import type { StreamLevel } from './stream-level.ts';
import type { Trackers } from './trackers.ts';

// Verdicts of a dissector. A positive number is the id of the next dissector, which gets the range of `payload()`.
/** This layer is complete and nothing follows. */
export const DONE = 0;
/** More bytes of the stream are needed; `PacketView.more()` said how many. */
export const MORE = -1;
/** Not this protocol: the caller tries the next candidate, and shows the bytes as data. */
export const DECLINE = -2;
/** The capture cut the packet (snaplen), the sender did not: not an anomaly. */
export const TRUNCATED = -3;
/** The bytes break the protocol's own rules. */
export const MALFORMED = -4;
/** Takes the bytes and shows nothing, not even as data: a port says whose they are, yet they are not a message. */
export const SILENT = -5;
/** MORE, and the layer stays in this frame: the protocol is sure of itself before it has the whole message. */
export const MORE_SHOWN = -6;

/** For `more`: the message ends where the stream does. */
export const UNTIL_FIN = 0x7fffffff;

/** Where a `derive`d source comes from. */
export type SourceKind = 'frame' | 'reassembled' | 'inflated' | 'decrypted' | 'dechunked' | 'decoded' | 'padded';

/**
 * One packet, being looked at. One instance a worker, reused for every packet: nothing reachable from it outlives the callback.
 *
 * `end` is where captured bytes stop, `wireEnd` where the sender said the layer stops: judge lengths by `wireEnd`, read by `end`.
 * Class `Packet` implements it; dissectors and session parsers see this.
 */
export interface PacketView {
  /** The bytes of the current source. */
  bytes: Uint8Array;
  /** 0 = frame; above, the number that `derive` gave. */
  source: number;
  /** Captured end and sent end of the current layer, exclusive, in `bytes`. */
  end: number;
  wireEnd: number;
  /** True where somebody reads fields of this protocol or the tree: a dissector may return at once where it is false. */
  detail: boolean;
  /** True where somebody needs conversations: stream numbers, analysis, desegmentation, request to response. */
  track: boolean;
  /** True where fragments of IP are put together. */
  reassemble: boolean;
  /** Digests, inflate, text. */
  readonly host: Host;
  /** What is remembered from packet to packet. */
  readonly trackers: Trackers;

  /** Frame number from 1, capture time in two integers, lengths. */
  frame: number;
  seconds: number;
  nanoseconds: number;
  caplen: number;
  wireLen: number;
  linkType: number;

  /** Innermost network layer, for transports and flows. `ipVersion` 0 = none. Addresses are bytes at these offsets. */
  ipVersion: 0 | 4 | 6;
  ipAt: number;
  srcAt: number;
  dstAt: number;
  /** The source in which those addresses stand: `sources` of the packet. */
  networkSource: number;
  /** The bytes of that source. */
  readonly network: Uint8Array;
  /** IP protocol number of the transport, and whether this is a non-first fragment. */
  ipProto: number;
  fragment: boolean;
  /** Sum that Zeek calls ip_bytes: IP total length as sent. */
  ipLen: number;
  srcPort: number;
  dstPort: number;
  /** Transport header and payload (captured and sent ends). */
  l4At: number;
  payloadAt: number;
  payloadEnd: number;
  payloadWireEnd: number;
  /** Sequence number of the first payload byte of the TCP segment at hand, for the stream driver. */
  payloadSeq: number;
  /** True where that segment ends its direction (FIN). */
  payloadFin: boolean;
  /** VLAN ids seen, outermost first: up to 4. */
  vlanCount: number;
  readonly vlans: Uint16Array;
  /** Ethernet header at this offset, -1 = none. */
  ethAt: number;
  /** Conversation slot and direction (1 = from the second endpoint), -1 = none; `converse` sets them. */
  flow: number;
  dir: 0 | 1;

  /** Keeps `[at, at + len)` of the current source as an occurrence of `f`, if anybody asked for it. */
  put(f: Field, at: number, len: number): void;
  /** The same with an integer value already decoded; `len` 0 = a generated field. */
  putInt(f: Field, at: number, len: number, value: number): void;
  /** The same for a text that had to be built (names with compression pointers); call only when `wants(f)`. */
  putText(f: Field, at: number, len: number, text: string): void;
  /** The same for a time. */
  putTime(f: Field, at: number, len: number, seconds: number, nanoseconds: number): void;
  /** Puts the time from an earlier instant to this packet, generated. */
  putSince(f: Field, seconds: number, nanoseconds: number): void;
  /** True where somebody named the field: guards work that only `putText` needs. */
  wants(f: Field): boolean;
  /** Opens a level of the tree; `close(end)` ends it. */
  open(f: Field, at: number): void;
  close(end: number): void;
  /** Notes an oddity (`tcp.zero_window`), counted, shown as expert information. */
  expert(severity: 'chat' | 'note' | 'warn' | 'error', group: string, name: string, at: number, len: number): void;
  /** The same in the name of another dissector than the layer's own. */
  expertOf(dissector: number, severity: 'chat' | 'note' | 'warn' | 'error', group: string, name: string, at: number, len: number): void;

  /**
   * Says where the payload for the next layer lies: `[at, min(wireEnd, end))`. With a payload and no next dissector the bytes
   * are shown as data; a dissector with `stream: true` is called again for what is left after its PDU.
   */
  payload(at: number, wireEnd: number): void;
  /**
   * Reads the packet that an ICMP error quotes (RFC 792), whose lengths exceed what is here by intent. Addresses, ports and
   * conversation of this packet stay its own. Returns DONE.
   */
  quote(dissector: number, at: number, end: number): number;
  /** Says that the payload was read in another way (`callSource`), so that it is not shown as data. Returns DONE. */
  finish(): number;
  /** Runs a nested layer over `[at, end)` and comes back; returns its verdict. */
  call(dissector: number, at: number, end: number): number;
  /**
   * The same over `[at, end)` of a source, where the nested layer stands inside this one's part of the tree (certificates in a
   * handshake, TLS in QUIC): `frame.protocols` names it, the protocol hierarchy does not.
   */
  callInside(dissector: number, source: number, at: number, end: number): number;
  /** True where this call follows another of the same dissector in one payload: both are one layer to the list of protocols. */
  readonly again: boolean;
  /** Id of the dissector that runs this one by `call`, `callInside` or `callSource`, 0 = none. */
  readonly caller: number;
  /** The same over the whole of a source that `derive` gave. */
  callSource(dissector: number, source: number): number;
  /**
   * Runs a dissector over the whole of a derived source that continues a stream of its own (what TLS carries): `sequence` is the
   * place of its first byte in that stream. PDUs that span calls are put together.
   */
  callStream(dissector: number, source: number, level: StreamLevel, sequence: number, fin: boolean): number;
  /** The source in which the bytes of the stream at hand lie. */
  streamSource: number;
  /** Id of a dissector by its name, 0 where there is none: for `call` and for returning it as the next one. */
  id(name: string): number;
  /**
   * Chooses the next dissector: the conversation's, then decode-as and the table by the server's port where it is known, else the
   * lower value, then the other, then
   * heuristics. 0 = none: the payload is shown as data. Where the chosen one declines, the driver asks the next candidate.
   */
  next(table: string, a: number, b?: number): number;
  /** Finds or begins the conversation of `srcPort`, `dstPort` and the network layer at hand; sets `flow` and `dir`. -1 = table full. */
  converse(ipProto: number): number;
  /** Begins another conversation between the same endpoints (ports used again). */
  converseAnew(ipProto: number): number;
  /** Sets the application of this conversation (STARTTLS, CONNECT, Upgrade, heuristic success). */
  setApp(dissector: number): void;
  /** True inside the packet that an ICMP error quotes: no conversation of ours. */
  quoted: boolean;
  /** Adds bytes that are not in the frame (reassembled, inflated) as a new source and returns its number. */
  derive(bytes: Uint8Array, kind: SourceKind): number;
  /**
   * Says that at least `bytes` more are needed (0 = unknown, one more segment; `UNTIL_FIN`). MORE: return it. DONE where nothing
   * more can come (cut packet, end of the stream, no desegmentation): go on with what is there.
   */
  more(bytes: number): number;
  /** TRUNCATED where the capture cut the layer before `needed` bytes, MALFORMED where the sender did. */
  tooShort(needed: number): number;
}
