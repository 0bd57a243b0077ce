import { randomInt } from 'node:crypto';
import dgram from 'node:dgram';
import net from 'node:net';
import { z } from 'zod';
import type { ProbeFailure } from '../../model/index.ts';
import { defineProbe, failedOutcome, failure, failureOfError, type ProbeContext } from '../define-probe.ts';
import { answersQuery, dnsQuery, QUERY_TYPES, RCODES, readDnsAnswer } from '../dns-query.ts';
import { rttMeasurements, rttStatistics } from '../rtt-statistics.ts';

type Exchange = { readonly response: Buffer; readonly ns: number } | { readonly failed: ProbeFailure };

function overUdp(ctx: ProbeContext, address: string, family: 4 | 6, port: number, query: Uint8Array): Promise<Exchange> {
  return new Promise((done) => {
    // Connected, so that an ICMP "port unreachable" is heard as a refusal, and a stranger's datagram is not heard at all.
    const socket = dgram.createSocket(family === 6 ? 'udp6' : 'udp4');
    let started = 0n;
    const finish = (exchange: Exchange): void => {
      clearTimeout(timer);
      socket.close();
      done(exchange);
    };
    const timer = setTimeout(() => finish({ failed: failure('timeout', 'the name server does not answer') }), ctx.timeoutMs);
    socket.once('error', (error) => finish({ failed: failureOfError(error) }));
    socket.on('message', (response) => {
      if (answersQuery(query, response)) finish({ response, ns: Number(ctx.monotonicNs() - started) });
    });
    socket.connect(port, address, () => {
      started = ctx.monotonicNs();
      socket.send(query);
    });
  });
}

function overTcp(ctx: ProbeContext, address: string, port: number, query: Uint8Array): Promise<Exchange> {
  return new Promise((done) => {
    const started = ctx.monotonicNs();
    const socket = net.connect({ host: address, port });
    let held = Buffer.alloc(0);
    const finish = (exchange: Exchange): void => {
      clearTimeout(timer);
      socket.destroy();
      done(exchange);
    };
    const timer = setTimeout(() => finish({ failed: failure('timeout', 'the name server does not answer over TCP') }), ctx.timeoutMs);
    socket.once('error', (error) => finish({ failed: failureOfError(error) }));
    socket.once('end', () => finish({ failed: failure('protocol', 'the name server closed the connection without an answer') }));
    socket.once('connect', () => socket.write(Buffer.concat([Buffer.from([query.length >> 8, query.length & 255]), query])));
    socket.on('data', (chunk) => {
      held = Buffer.concat([held, chunk]);
      if (held.length < 2 || held.length < 2 + held.readUInt16BE(0)) return;
      const response = held.subarray(2, 2 + held.readUInt16BE(0));
      finish(answersQuery(query, response) ? { response, ns: Number(ctx.monotonicNs() - started) } : { failed: failure('protocol', 'the answer is not to the question') });
    });
  });
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
  }),
  async run(ctx, target, options) {
    const resolved = await ctx.resolve(target);
    if ('failure' in resolved) return failedOutcome(resolved.failure, 1, { measurements: { dns_seconds: resolved.seconds } });
    const { address, family } = resolved.addresses[0];
    const query = dnsQuery(randomInt(65_536), options.name, QUERY_TYPES[options.type]);
    if (query === undefined) return failedOutcome(failure('local', `"${options.name}" is not a domain name`));
    let exchange = options.transport === 'tcp' ? await overTcp(ctx, address, options.port, query) : await overUdp(ctx, address, family, options.port, query);
    const truncated = 'response' in exchange && (exchange.response[2] & 0x02) !== 0;
    if (truncated) {
      ctx.log('the answer is truncated: asking again over TCP');
      exchange = await overTcp(ctx, address, options.port, query);
    }
    if ('failed' in exchange) return failedOutcome(exchange.failed, 1, { notes: { address } });
    const rttNs = [exchange.ns];
    const base = { sent: 1, received: 1, rttNs, measurements: { response_bytes: exchange.response.length, ...rttMeasurements(rttStatistics(rttNs)) } };
    const answer = readDnsAnswer(query, exchange.response, ctx.host);
    if (answer === undefined) return { ...base, ok: false, failure: failure('protocol', 'the answer cannot be read'), notes: { address } };
    const rcode = RCODES[answer.rcode ?? 0] ?? `RCODE${answer.rcode}`;
    const notes = { address, rcode, answers: answer.answers.slice(0, 20).join(', ') };
    const wrong =
      rcode !== options.expectRcode ? `the response code is ${rcode}, not ${options.expectRcode}`
      : options.expectAnswer !== undefined && !answer.answers.includes(options.expectAnswer) ? `none of the answers is ${options.expectAnswer}`
      : null;
    return { ...base, ok: wrong === null, failure: wrong === null ? null : failure('content', wrong), notes };
  },
});
export default dns;
