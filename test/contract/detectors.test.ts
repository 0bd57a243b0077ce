// What every detector must keep: named techniques, the same answer to the same input, what it knows across a restart, and its bounds.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bigintReplacer } from '../../src/base/canonical-json.ts';
import { formatIp } from '../../src/base/ip.ts';
import { NS_PER_SECOND } from '../../src/base/time.ts';
import { TECHNIQUES } from '../../src/detect/attack.ts';
import { detectors } from '../../src/detect/detectors.generated.ts';
import { DetectionEngine, type AnyDetectorDefinition } from '../../src/detect/engine.ts';
import { Networks, type CheckId, type CheckState, type FlowRecord, type Signal, type StateChange, type TargetId } from '../../src/model/index.ts';
import { flowRecord, ip, T0, testHost } from '../support/records.ts';

const definitions = detectors as unknown as (AnyDetectorDefinition & { optionHelp: Record<string, string> })[];

type Input = { readonly at: bigint; readonly flow?: FlowRecord; readonly state?: StateChange };

function stateChange(second: number, check: string, to: CheckState): StateChange {
  return {
    checkId: check as CheckId, targetId: check as TargetId, time: T0 + BigInt(second) * NS_PER_SECOND, from: to === 'UP' ? 'DOWN' : 'UP', to, hard: true, causes: [], figures: {},
    labels: { name: check, host: '2001:db8::1', probe: 'icmp' }, reason: 'none of 3 echo requests was answered', steps: [],
  };
}

/** A day in which each detector has something to say, in both families, with ordinary traffic between. */
function day(): Input[] {
  const inputs: Input[] = [];
  const flow = (second: number, change: Partial<FlowRecord>): void => {
    const record = flowRecord(second, change);
    inputs.push({ at: record.time, flow: record });
  };
  for (const [src, dst, mac] of [['10.1.2.3', '198.51.100.7', '00:11:22:33:44:01'], ['fd00::3', '2001:db8::7', '00:11:22:33:44:02']] as const) {
    for (let i = 0; i < 300; i++) flow(i * 280 + 1, { srcIp: ip(src), dstIp: ip(dst), dstPort: 80, service: ['http'], srcMac: mac, srcPort: 40_000 + i });
    for (let port = 1; port <= 150; port++) flow(40_000 + port / 10, { srcIp: ip(src), dstIp: ip(src === 'fd00::3' ? 'fd00::9' : '10.1.2.9'), dstPort: port, connState: 'REJ', srcBytes: 0, dstBytes: 0, srcMac: mac });
    for (let host = 1; host <= 150; host++) flow(60_000 + host / 10, { srcIp: ip(src), dstIp: ip(src === 'fd00::3' ? `fd00::1:${host.toString(16)}` : `10.1.3.${host}`), dstPort: 22, connState: 'S0', srcBytes: 0, dstBytes: 0, srcMac: mac });
  }
  flow(89_000, { srcMac: '00:11:22:33:44:99', srcIp: ip('10.1.2.99') });
  for (const [second, to] of [[50_000, 'DOWN'], [50_600, 'UP'], [70_000, 'DOWN']] as const) inputs.push({ at: T0 + BigInt(second) * NS_PER_SECOND, state: stateChange(second, 'web', to) });
  return inputs.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

const INPUTS = day();
const END = T0 + 90_000n * NS_PER_SECOND;

function engineOf(definition: AnyDetectorDefinition, signals: Signal[], options: object = {}): DetectionEngine {
  return new DetectionEngine({ detectors: [definition], options: { [definition.name]: options }, networks: new Networks(), host: testHost }, (s) => signals.push(s));
}

/** Feeds the inputs with the ticks of a minute's grid between; a restart after input `cut` goes through JSON, as on disk. */
function run(definition: AnyDetectorDefinition, cut = -1): Signal[] {
  const signals: Signal[] = [];
  let engine = engineOf(definition, signals);
  let tick = T0;
  for (const [i, input] of INPUTS.entries()) {
    for (; tick <= input.at; tick += 60n * NS_PER_SECOND) engine.onTick(tick);
    if (input.flow !== undefined) engine.onFlow(input.flow);
    if (input.state !== undefined) engine.onState(input.state);
    if (i !== cut) continue;
    const text = JSON.stringify(engine.snapshot());
    engine = engineOf(definition, signals);
    assert.deepEqual(engine.restore(JSON.parse(text) as Record<string, unknown>), []);
  }
  engine.onEnd(END);
  return signals;
}

const plain = (signals: readonly Signal[]): string => JSON.stringify(signals, bigintReplacer);

test('every technique of the table is named by some detector, and every technique that is named is in the table', () => {
  const named = new Set(definitions.flatMap((d) => d.techniques));
  assert.deepEqual([...named].toSorted(), Object.keys(TECHNIQUES).toSorted());
  for (const [id, technique] of Object.entries(TECHNIQUES)) assert.equal(technique.id, id);
});

for (const definition of definitions) {
  describe(definition.name, () => {
    test('says something about the day, of the techniques that it declares, with its evidence and the loss under which it holds', () => {
      const signals = run(definition);
      assert.ok(signals.some((s) => s.status === 'firing'), 'the day of this test has nothing for it: add what it looks for');
      for (const s of signals) {
        for (const technique of s.techniques) assert.ok(definition.techniques.includes(technique), `${technique} is not declared`);
        assert.ok('loss' in s && s.confidence >= 0 && s.confidence <= 1);
        if (s.status === 'firing' && s.kind !== 'threshold') assert.ok(s.evidence.length > 0, s.name);
      }
    });

    test('the same input gives the same signals with the same ids', () => {
      assert.equal(plain(run(definition)), plain(run(definition)));
    });

    test('a snapshot is plain JSON and comes back as it was', () => {
      const signals: Signal[] = [];
      const engine = engineOf(definition, signals);
      for (const input of INPUTS.slice(0, 700)) {
        if (input.flow !== undefined) engine.onFlow(input.flow);
        if (input.state !== undefined) engine.onState(input.state);
      }
      const text = JSON.stringify(engine.snapshot());
      const next = engineOf(definition, []);
      assert.deepEqual(next.restore(JSON.parse(text) as Record<string, unknown>), []);
      assert.equal(JSON.stringify(next.snapshot()), text);
      for (const damaged of [null, 7, 'x', [], { version: 99 }]) {
        if (!(definition.name in engine.snapshot())) continue;
        assert.deepEqual(engineOf(definition, []).restore({ [definition.name]: damaged }), [definition.name], JSON.stringify(damaged));
      }
    });

    test('a flood of strangers stays within its bounds, and what was given up is counted', () => {
      const caps = Object.keys((definition as { defaults: object }).defaults).filter((k) => /^max[A-Z]/.test(k));
      assert.ok(caps.length > 0, 'no option caps what it holds');
      const engine = engineOf(definition, [], Object.fromEntries(caps.map((k) => [k, 100])));
      for (let i = 0; i < 20_000; i++) {
        const src = i % 2 === 0 ? `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}` : `fd00::${(i >> 8).toString(16)}:${(i & 255).toString(16)}`;
        engine.onFlow(flowRecord(i / 1000, { srcIp: ip(src), dstIp: ip('198.51.100.7'), connState: 'S0', srcMac: `00:11:22:${[i >> 16, i >> 8, i].map((n) => (n & 255).toString(16).padStart(2, '0')).join(':')}` }));
        engine.onState(stateChange(i, `check-${i} ${formatIp(ip(src))}`, 'DOWN'));
      }
      assert.ok(engine.evicted()[definition.name] > 0, 'nothing was counted as given up');
      assert.ok(JSON.stringify(engine.snapshot()).length < 2_000_000, `${JSON.stringify(engine.snapshot()).length} bytes of state`);
    });

    test('every option says what it means', () => {
      assert.deepEqual(Object.keys(definition.optionHelp).toSorted(), Object.keys((definition as { defaults: object }).defaults).toSorted());
    });
  });
}
