import { randomInt } from 'node:crypto';
import { RE2JS } from 're2js';
import { z } from 'zod';
import { Conversation } from '../conversation.ts';
import { defineProbe, failedOutcome, failure, type ProbeContext } from '../define-probe.ts';
import { dialTcp, dialUdp, exchangeUdp, type Exchanged, type Place } from '../dial.ts';
import { answersQuery, dnsQuery, QUERY_TYPES, RCODES, readDnsAnswer } from '../dns-query.ts';
import { Fault, failureOf } from '../fault.ts';
import { rttMeasurements, rttStatistics } from '../rtt-statistics.ts';
import { VIA_OPTIONS } from '../via.ts';

/** The flags that can be asked for (RFC 1035 §4.1.1, RFC 4035 §3.2.3). */
const FLAGS = { aa: [2, 0x04], tc: [2, 0x02], rd: [2, 0x01], ra: [3, 0x80], ad: [3, 0x20], cd: [3, 0x10] } as const;

async function overUdp(ctx: ProbeContext, place: Place, query: Uint8Array): Promise<Exchanged> {
  const socket = await dialUdp(place);
  try {
    return await exchangeUdp(ctx, socket, query, ctx.timeoutMs, (response) => answersQuery(query, response));
  } finally {
    socket.close();
  }
}

/** Over TCP two bytes of length come first (RFC 1035 §4.2.2). */
async function overTcp(ctx: ProbeContext, place: Place, query: Uint8Array): Promise<Exchanged> {
  const startedNs = ctx.monotonicNs();
  const { socket } = await dialTcp(ctx, place, ctx.timeoutMs);
  const talk = new Conversation(ctx, startedNs, socket);
  try {
    talk.send(Buffer.concat([Buffer.from([query.length >> 8, query.length & 255]), query]));
    const framed = await talk.take('the answer', (held) => (held.length < 2 ? undefined : 2 + held.readUInt16BE(0)));
    const response = framed.subarray(2);
    if (!answersQuery(query, response)) throw new Fault('protocol', 'the answer is not to the question');
    return { response, ns: Number(ctx.monotonicNs() - startedNs) };
  } finally {
    talk.close();
  }
}

/** A DNS query to the target: does the name server answer, how fast, and what it should (RFC 1035). */
export const dns = defineProbe({
  name: 'dns',
  title: 'DNS query',
  options: z.strictObject({
    name: z.string().min(1).max(253).default('.').describe('Name to ask for.'),
    type: z.enum(Object.keys(QUERY_TYPES) as [keyof typeof QUERY_TYPES, ...(keyof typeof QUERY_TYPES)[]]).default('A').describe('Type of record.'),
    port: z.int().min(1).max(65_535).default(53),
    transport: z.enum(['udp', 'tcp']).default('udp').describe('A truncated answer over UDP is asked for again over TCP.'),
    expectRcode: z.enum(RCODES).default('NOERROR').describe('Response code that is right.'),
    expectAnswer: z.string().min(1).optional().describe('Text that one of the answers must be: an address, a name.'),
    expectAnswers: z.array(z.string().min(1)).max(50).optional().describe('All the answers, in any order, and no other: a hijacked name has another.'),
    expectMatch: z.string().min(1).max(1000).optional().describe('Regular expression (RE2) that each of the answers must match.'),
    expectFlags: z.array(z.enum(Object.keys(FLAGS) as [keyof typeof FLAGS, ...(keyof typeof FLAGS)[]])).default([]).describe('Flags that the answer must bear: `ad` says that a validating resolver found the signatures right (DNSSEC), `aa` that the server has authority.'),
    dnssec: z.boolean().default(false).describe('Asks for signatures and for validation (DO, AD).'),
    recursion: z.boolean().default(true).describe('Asks the server to look further by itself (RD).'),
    ...VIA_OPTIONS,
  }),
  async run(ctx, target, options) {
    const resolved = await ctx.resolve(target);
    if ('failure' in resolved) return failedOutcome(resolved.failure, 1, { measurements: { dns_seconds: resolved.seconds } });
    const { address, family } = resolved.addresses[0];
    const query = dnsQuery(randomInt(65_536), options.name, QUERY_TYPES[options.type], options);
    if (query === undefined) return failedOutcome(failure('local', `"${options.name}" is not a domain name`));
    const place: Place = { address, family, port: options.port, via: options };
    let exchange: Exchanged;
    let truncated = false;
    try {
      exchange = options.transport === 'tcp' ? await overTcp(ctx, place, query) : await overUdp(ctx, place, query);
      truncated = options.transport === 'udp' && (exchange.response[2] & 0x02) !== 0;
      if (truncated) {
        ctx.log('the answer is truncated: asking again over TCP');
        exchange = await overTcp(ctx, place, query);
      }
    } catch (error) {
      return failedOutcome(failureOf(error), 1, { notes: { address } });
    }
    const rttNs = [exchange.ns];
    const { response } = exchange;
    const answer = readDnsAnswer(query, response, ctx.host);
    const measurements: Record<string, number> = { response_bytes: response.length, truncated: truncated ? 1 : 0, ...rttMeasurements(rttStatistics(rttNs)) };
    if (answer === undefined) return { ok: false, failure: failure('protocol', 'the answer cannot be read'), sent: 1, received: 1, rttNs, measurements, notes: { address } };
    const rcode = RCODES[answer.rcode ?? 0] ?? `RCODE${answer.rcode}`;
    const flags = Object.entries(FLAGS).filter(([, [at, mask]]) => (response[at] & mask) !== 0).map(([name]) => name);
    const notes = { address, rcode, flags: flags.join(' '), answers: answer.answers.slice(0, 20).join(', ') };
    measurements.answers = answer.answers.length;
    if (answer.ttls.length > 0) measurements.least_ttl_seconds = Math.min(...answer.ttls);
    const pattern = options.expectMatch === undefined ? undefined : RE2JS.compile(options.expectMatch);
    const missing = options.expectFlags.filter((f) => !flags.includes(f));
    const wanted = options.expectAnswers;
    const wrong =
      rcode !== options.expectRcode ? `the response code is ${rcode}, not ${options.expectRcode}`
      : missing.length > 0 ? `the answer lacks the flag ${missing.join(', ')}`
      : options.expectAnswer !== undefined && !answer.answers.includes(options.expectAnswer) ? `none of the answers is ${options.expectAnswer}`
      : wanted !== undefined && [...wanted].sort().join('\n') !== [...answer.answers].sort().join('\n') ? `the answers are ${notes.answers || 'none'}`
      : pattern !== undefined && (answer.answers.length === 0 || !answer.answers.every((a) => pattern.matcher(a).find())) ? `not every answer matches ${options.expectMatch}`
      : null;
    return { ok: wrong === null, failure: wrong === null ? null : failure('content', wrong), sent: 1, received: 1, rttNs, measurements, notes };
  },
});
export default dns;
