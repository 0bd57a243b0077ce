import { isIpv4, parseIp, type IpHex } from '../base/ip.ts';
import type { Nanos } from '../base/time.ts';
import type { UplinkVerdict } from '../model/index.ts';
import type { AnchorSpec } from './check-spec.ts';

/** Anchors of so many different operators make a verdict sure. */
export const SURE_ANCHORS = 3;

export interface UplinkEvidence {
  readonly anchors: readonly { readonly spec: AnchorSpec; readonly answered: boolean }[];
  readonly gateway: UplinkVerdict['gateway'];
  readonly link: UplinkVerdict['link'];
}

/**
 * Is the monitor itself connected? Pure.
 *
 * Any anchor that answers proves the uplink. A link that is down disproves it. Where all anchors are silent the uplink counts as
 * lost: better one statement about ourselves than false ones about everything else; with fewer than three independent anchors
 * the verdict says that it is not sure.
 */
export function judgeUplink(evidence: UplinkEvidence, time: Nanos): UplinkVerdict {
  const { anchors, gateway, link } = evidence;
  const answered = anchors.filter((a) => a.answered);
  const independent = new Set(anchors.map((a) => a.spec.operator)).size >= SURE_ANCHORS;
  const base = { time, anchorsAsked: anchors.length, anchorsAnswered: answered.length, independent, gateway, link };
  if (answered.length > 0) return { ...base, verdict: 'connected', independent: true, reason: `${answered[0].spec.address} answers.` };
  if (link === 'down') return { ...base, verdict: 'lost', independent: true, reason: 'The link of the default route is down.' };
  if (anchors.length === 0) {
    if (gateway === 'answers') return { ...base, verdict: 'connected', reason: 'The gateway answers; there are no anchors beyond it.' };
    if (gateway === 'silent') return { ...base, verdict: 'lost', reason: 'The gateway is silent and there are no anchors beyond it.' };
    return { ...base, verdict: 'unsure', reason: 'There are neither anchors nor a gateway to ask.' };
  }
  const where = gateway === 'answers' ? 'the gateway answers, so the fault lies beyond it' : gateway === 'silent' ? 'the gateway is silent too' : 'no gateway was asked';
  return { ...base, verdict: 'lost', reason: `None of ${anchors.length} anchors answers; ${where}.` };
}

/** True where the address lies in a network that this machine is part of: then its own uplink has no say about it. */
export function isOnLink(address: string, interfaces: readonly { readonly cidr: string | null }[]): boolean {
  const ip = parseIp(address.split('%')[0]);
  if (ip === undefined) return false;
  if (address.includes('%')) return true;
  return interfaces.some(({ cidr }) => cidr !== null && inCidr(ip, cidr));
}

function inCidr(ip: IpHex, cidr: string): boolean {
  const slash = cidr.lastIndexOf('/');
  const base = parseIp(cidr.slice(0, slash).split('%')[0]);
  if (base === undefined || isIpv4(base) !== isIpv4(ip)) return false;
  const prefix = Number(cidr.slice(slash + 1)) + (isIpv4(ip) ? 96 : 0);
  const shift = BigInt(128 - prefix);
  return BigInt(`0x${ip}`) >> shift === BigInt(`0x${base}`) >> shift;
}
