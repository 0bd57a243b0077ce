import { BoundedMap } from '../../base/bounded-map.ts';
import { toHex, u32be } from '../../base/bytes.ts';
import { ipHex } from '../../base/ip.ts';
import type { Nanos } from '../../base/time.ts';
import { nanosOf } from '../../base/time.ts';
import type { DhcpRecord } from '../../model/index.ts';
import { PROTOCOL_SCHEMA } from '../../model/index.ts';
import type { Session, SessionContext, SessionRecord } from '../session.ts';
import { DHCP_MESSAGES } from './dhcp-fields.ts';
import { AT_CHADDR, AT_HLEN, AT_XID, AT_YOUR, DHCP_HEADER, OPTION, looksLikeDhcp } from './dhcp-message.ts';

/** Exchanges of one conversation that are under way. */
const MAX_EXCHANGES = 64;
const MAX_MESSAGES = 32;

interface Draft {
  transactionId: number;
  clientMac: string;
  hostname: string | null;
  clientFqdn: string | null;
  vendorClass: string | null;
  requestedIp: DhcpRecord['requestedIp'];
  assignedIp: DhcpRecord['assignedIp'];
  serverIp: DhcpRecord['serverIp'];
  leaseSeconds: number | null;
  messages: string[];
  parameterRequest: number[];
  firstFrame: number;
  lastFrame: number;
  time: Nanos;
}

/** DHCP exchanges of one conversation, by transaction id and client (RFC 2131 §4.1). Client and server often have one each. */
export class DhcpSession implements Session {
  readonly #exchanges: BoundedMap<string, Draft>;
  #context: SessionContext | undefined;

  constructor() {
    this.#exchanges = new BoundedMap(MAX_EXCHANGES, (_, draft) => {
      if (this.#context !== undefined) emit(draft, this.#context);
    });
  }

  data(_dir: 0 | 1, b: Uint8Array, at: number, end: number, ctx: SessionContext): void {
    this.#context = ctx;
    if (!looksLikeDhcp(b, at, end)) {
      ctx.anomaly('dhcp_unreadable');
      return;
    }
    const id = u32be(b, at + AT_XID);
    const mac = toHex(b, at + AT_CHADDR, at + AT_CHADDR + Math.min(b[at + AT_HLEN], 16), ':');
    const key = `${id}/${mac}`;
    let draft = this.#exchanges.get(key);
    if (draft === undefined) {
      draft = {
        transactionId: id, clientMac: mac, hostname: null, clientFqdn: null, vendorClass: null, requestedIp: null, assignedIp: null, serverIp: null,
        leaseSeconds: null, messages: [], parameterRequest: [], firstFrame: ctx.frame, lastFrame: ctx.frame, time: nanosOf(ctx.seconds, ctx.nanoseconds),
      };
      this.#exchanges.set(key, draft);
    }
    draft.lastFrame = ctx.frame;
    if (u32be(b, at + AT_YOUR) !== 0) draft.assignedIp = ipHex(b, at + AT_YOUR, 4);
    readOptions(b, at + DHCP_HEADER + 4, end, draft, ctx);
  }

  gap(): void {
    // Datagrams have no gaps.
  }

  end(ctx: SessionContext): void {
    for (const draft of this.#exchanges.values()) emit(draft, ctx);
    this.#exchanges.clear();
  }
}

function emit(draft: Draft, ctx: SessionContext): void {
  ctx.emit({ kind: 'dhcp', schema: PROTOCOL_SCHEMA, ...draft } as SessionRecord);
}

function readOptions(b: Uint8Array, at: number, end: number, draft: Draft, ctx: SessionContext): void {
  for (let p = at; p < end && b[p] !== OPTION.END;) {
    if (b[p] === OPTION.PAD) {
      p++;
      continue;
    }
    if (p + 2 > end || p + 2 + b[p + 1] > end) {
      ctx.anomaly('dhcp_bad_option');
      return;
    }
    const length = b[p + 1];
    const value = p + 2;
    const text = (from: number): string => ctx.host.utf8(b, from, value + length);
    switch (b[p]) {
      case OPTION.HOSTNAME: draft.hostname = text(value); break;
      case OPTION.VENDOR_CLASS: draft.vendorClass = text(value); break;
      case OPTION.FQDN: if (length > 3) draft.clientFqdn = text(value + 3); break;
      case OPTION.REQUESTED_IP: if (length === 4) draft.requestedIp = ipHex(b, value, 4); break;
      case OPTION.SERVER_ID: if (length === 4) draft.serverIp = ipHex(b, value, 4); break;
      case OPTION.LEASE: if (length === 4) draft.leaseSeconds = u32be(b, value); break;
      case OPTION.MESSAGE_TYPE: if (draft.messages.length < MAX_MESSAGES) draft.messages.push(DHCP_MESSAGES[b[value]] ?? `Unknown (${b[value]})`); break;
      case OPTION.PARAMETER_LIST:
        if (draft.parameterRequest.length === 0) for (let i = 0; i < length; i++) draft.parameterRequest.push(b[value + i]);
        break;
      default:
    }
    p = value + length;
  }
}
