import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { defineProbe, failedOutcome } from '../define-probe.ts';
import { dialUdp, exchangeUdp, leftMs } from '../dial.ts';
import { Fault, failureOf } from '../fault.ts';
import { rttMeasurements, rttStatistics } from '../rtt-statistics.ts';
import { readSnmpAnswer, SNMP_VERSIONS, snmpGet, type SnmpAnswer } from '../snmp-message.ts';
import { VIA_OPTIONS } from '../via.ts';

const SYS_UPTIME = '1.3.6.1.2.1.1.3.0';

/** SNMP get of some variables, with limits for the first of them (RFC 3416, RFC 3417). */
export const snmp = defineProbe({
  name: 'snmp',
  title: 'SNMP get',
  options: z.strictObject({
    port: z.int().min(1).max(65_535).default(161),
    version: z.enum(Object.keys(SNMP_VERSIONS) as [keyof typeof SNMP_VERSIONS, ...(keyof typeof SNMP_VERSIONS)[]]).default('v2c'),
    community: z.string().min(1).max(255).default('public').describe('Community; it goes over the wire in clear.'),
    oids: z.array(z.string().regex(/^\.?\d+(\.\d+)+$/)).min(1).max(20).default([SYS_UPTIME]).describe('Variables to ask for, in numbers; the agent\'s uptime where nothing else is wanted.'),
    expect: z.string().optional().describe('Text that the first variable must be.'),
    min: z.number().optional().describe('Least value of the first variable.'),
    max: z.number().optional().describe('Greatest value of the first variable.'),
    tries: z.int().min(1).max(5).default(2).describe('Requests before the agent counts as silent: datagrams get lost.'),
    ...VIA_OPTIONS,
  }),
  async run(ctx, target, o) {
    const startedNs = ctx.monotonicNs();
    const resolved = await ctx.resolve(target);
    if ('failure' in resolved) return failedOutcome(resolved.failure, 1, { measurements: { dns_seconds: resolved.seconds } });
    const { address, family } = resolved.addresses[0];
    const requestId = randomInt(1, 0x7fff_ffff);
    const notes: Record<string, string> = { address, port: String(o.port) };
    const rttNs: (number | null)[] = [];
    let socket: Awaited<ReturnType<typeof dialUdp>> | undefined;
    try {
      const request = snmpGet(o.version, o.community, requestId, o.oids);
      if (request === undefined) throw new Fault('local', 'one of the variables is not an object identifier');
      socket = await dialUdp({ address, family, port: o.port, via: o });
      let answer: SnmpAnswer | undefined;
      for (let i = 1; answer === undefined; i++) {
        try {
          const { response, ns } = await exchangeUdp(ctx, socket, request, i === o.tries ? leftMs(ctx, startedNs) : ctx.timeoutMs / o.tries, (r) => readSnmpAnswer(r)?.requestId === requestId);
          rttNs.push(ns);
          answer = readSnmpAnswer(response);
        } catch (error) {
          rttNs.push(null);
          if (i >= o.tries || failureOf(error).class !== 'timeout') throw error;
          ctx.log(`request ${i} is not answered, asking again`);
        }
      }
      const measurements: Record<string, number> = { dns_seconds: resolved.seconds, ...rttMeasurements(rttStatistics(rttNs)) };
      for (const v of answer.values) {
        notes[v.oid] = v.missing ?? v.text.slice(0, 200);
        if (v.number !== undefined) measurements[`oid_${v.oid.replaceAll('.', '_')}`] = v.number;
      }
      const first = answer.values[0];
      const wrong =
        answer.error !== 'noError' ? `the agent answers ${answer.error}`
        : first === undefined ? 'the agent answers without a variable'
        : answer.values.find((v) => v.missing !== undefined) !== undefined ? `there is no such variable: ${answer.values.find((v) => v.missing !== undefined)!.oid}`
        : o.expect !== undefined && first.text !== o.expect ? `${first.oid} is "${first.text.slice(0, 80)}"`
        : (o.min !== undefined || o.max !== undefined) && first.number === undefined ? `${first.oid} is not a number`
        : o.min !== undefined && first.number! < o.min ? `${first.oid} is ${first.number}, below ${o.min}`
        : o.max !== undefined && first.number! > o.max ? `${first.oid} is ${first.number}, above ${o.max}`
        : null;
      const failure = wrong === null ? null : new Fault('content', wrong).failure;
      return { ok: failure === null, failure, sent: rttNs.length, received: 1, rttNs, measurements, notes };
    } catch (error) {
      return failedOutcome(failureOf(error), Math.max(1, rttNs.length), { measurements: { dns_seconds: resolved.seconds }, notes });
    } finally {
      socket?.close();
    }
  },
});
export default snmp;
