import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { defineScenario, type ScenarioContext } from './define-scenario.ts';
import { formatDrillReport } from './drill-report.ts';
import { runScenario } from './run-scenario.ts';

const never = (): Promise<never> => Promise.reject(new Error('no program in this test'));
const settings = (signal = new AbortController().signal) => ({ family: 'ipv6', signal, startProgram: never, onProgress: () => undefined }) as const;
const scenario = (run: (ctx: ScenarioContext) => Promise<void>) => defineScenario({
  name: 'test', title: 'a test', stages: [{ name: 'first', limitMs: 300 }, { name: 'second', limitMs: 400 }, { name: 'third', limitMs: 2000 }], run,
});

test('a stage that does not happen fails by its limit, one that came late too, and the later ones are still judged', async () => {
  let dir = '';
  const report = await runScenario(scenario(async (ctx) => {
    dir = ctx.dir;
    ctx.faultBegins();
    assert.equal(await ctx.stage('first', () => Promise.reject(new Error('nobody answers'))), false);
    assert.equal(await ctx.stage('second', () => Promise.resolve({ atMs: ctx.faultAtMs + 401, detail: 'it came' })), false);
    assert.equal(await ctx.stage('third', () => Promise.resolve({ atMs: ctx.faultAtMs + 7, detail: 'it came' })), true);
  }), settings());
  assert.equal(report.state, 'failed');
  assert.deepEqual(report.stages.map((s) => [s.state, s.afterMs, s.detail]), [
    ['failed', null, 'not in time: nobody answers'], ['failed', 401, 'too late: it came'], ['passed', 7, 'it came'],
  ]);
  assert.match(formatDrillReport(report), /FAILED: 1 of 3 stages in time/);
  assert.ok(!existsSync(dir));
});

test('a drill that cannot go on says why, and what it did not reach has failed', async () => {
  const report = await runScenario(scenario(async (ctx) => void (await ctx.startProgram('mon', {}))), settings());
  assert.equal(report.state, 'failed');
  assert.match(report.problem ?? '', /no program in this test/);
  assert.ok(report.stages.every((s) => s.state === 'failed' && s.detail === 'not reached'));
});

test('an abort ends the wait of a stage', async () => {
  const controller = new AbortController();
  const report = await runScenario(scenario(async (ctx) => {
    ctx.faultBegins();
    setTimeout(() => controller.abort(), 50);
    await ctx.stage('third', () => Promise.resolve(undefined));
  }), settings(controller.signal));
  assert.equal(report.problem, 'it was interrupted');
});
