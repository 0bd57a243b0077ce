// What every action must keep: looking changes nothing, plans are readable, what was done can be undone, deadlines hold.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { decodeState, encodeState } from '../../src/base/state-json.ts';
import type { ActionRun, CheckState } from '../../src/model/index.ts';
import { actions } from '../../src/respond/actions.generated.ts';
import type { ActionDefinition } from '../../src/respond/define-action.ts';
import { RespondRunner, type PlanRequest } from '../../src/respond/respond-runner.ts';
import { EMPTY_RESPOND_STATE, RESPOND_DEFAULTS, type RespondPolicy, type RespondState } from '../../src/respond/respond-state.ts';
import { digestHost } from '../support/digest-host.ts';

let dir = '';
before(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'ww-actions-'));
});
after(() => rmSync(dir, { recursive: true }));

const mark = (name: string): string => path.join(dir, name);
const SHELL = '/bin/sh';
const program = (script: string, ...args: string[]): string[] => [SHELL, '-c', script, 'sh', ...args];

/** For each action: options with which it does, and undoes, something that can be seen. A new action adds its line here. */
const BENCHES: Record<string, (name: string) => { options: Record<string, unknown>; done: () => boolean }> = {
  'run-command': (name) => ({
    options: { argv: ['/usr/bin/touch', mark(name)], revert: ['/bin/rm', mark(name)], allow: ['/usr/bin/touch', '/bin/rm', SHELL], settleMs: 0 },
    done: () => existsSync(mark(name)),
  }),
};

interface Bench { runner: RespondRunner; runs: ActionRun[]; disk: { text: string }; errors: unknown[] }

/** A runner over a state that is text; the check answers what the test says at each time it is asked. */
function benchOf(checks: CheckState[] = ['DOWN', 'UP'], policy: Partial<RespondPolicy> = {}, disk = { text: encodeState(EMPTY_RESPOND_STATE) }): Bench {
  const runs: ActionRun[] = [];
  const errors: unknown[] = [];
  let asked = 0;
  const runner = new RespondRunner({
    store: {
      update(step) {
        const result = step(decodeState<RespondState>(disk.text));
        disk.text = encodeState(result.state);
        return result;
      },
    },
    actions: new Map((actions as unknown as ActionDefinition[]).map((a) => [a.name, a])), policy: { ...RESPOND_DEFAULTS, ...policy }, host: digestHost,
    now: () => process.hrtime.bigint(),
    probe: async () => await Promise.resolve({ state: checks[Math.min(asked++, checks.length - 1)], reason: 'asked' }),
    onOutputs: (outputs) => runs.push(...outputs.flatMap((o) => (o.kind === 'run' ? [o.run] : []))), onStoreError: (e) => errors.push(e),
  });
  return { runner, runs, disk, errors };
}

const requestOf = (action: string, options: Record<string, unknown>, over: Partial<PlanRequest> = {}): PlanRequest => ({
  incidentId: 'inc-1', action, options, subject: 'web', labels: { target: 'web', host: '192.0.2.1', host6: '2001:db8::1' }, checkId: 'web-icmp', drill: false, ...over,
});

async function outcome(bench: Bench, request: PlanRequest): Promise<ActionRun> {
  await bench.runner.request(request);
  await bench.runner.idle();
  await bench.runner.stop();
  return bench.runs[bench.runs.length - 1];
}

test('every action of the manifest has a bench here', () => {
  assert.deepEqual(actions.map((a) => a.name).toSorted(), Object.keys(BENCHES).toSorted());
});

for (const action of actions) {
  describe(action.name, () => {
    test('looking and planning change nothing, and the plan is sentences', async () => {
      const { options, done } = BENCHES[action.name](`${action.name}-plan`);
      const bench = benchOf();
      const plan = await bench.runner.plan(requestOf(action.name, options));
      assert.equal(done(), false);
      assert.equal(plan.revertable, true);
      for (const step of plan.steps) assert.match(step, /^[A-Z].*\.$/);
    });

    test('what the check confirms stays', async () => {
      const { options, done } = BENCHES[action.name](`${action.name}-stays`);
      const run = await outcome(benchOf(['DOWN', 'UP']), requestOf(action.name, options));
      assert.deepEqual([run.state, run.reason, done()], ['succeeded', 'verified', true]);
    });

    test('what the check does not confirm is undone', async () => {
      const { options, done } = BENCHES[action.name](`${action.name}-undone`);
      const run = await outcome(benchOf(['DOWN', 'DOWN']), requestOf(action.name, options));
      assert.deepEqual([run.state, run.reason, done()], ['reverted', 'verify_failed', false]);
    });

    test('nothing is done while the check is inconclusive', async () => {
      const { options, done } = BENCHES[action.name](`${action.name}-inconclusive`);
      const run = await outcome(benchOf(['INCONCLUSIVE']), requestOf(action.name, options));
      assert.deepEqual([run.state, run.reason, done()], ['refused', 'inconclusive', false]);
    });

    test('options that do not fit are refused before anything', async () => {
      await assert.rejects(benchOf().runner.plan(requestOf(action.name, { nonsense: 1 })), { code: 'WW_CONFIG_VALUE' });
    });
  });
}

describe('run-command', () => {
  const request = (options: Record<string, unknown>, over: Partial<PlanRequest> = {}): PlanRequest => requestOf('run-command', { allow: [SHELL, '/bin/echo', '/bin/sleep'], settleMs: 0, ...options }, over);

  test('a program that is not allowed, or not named by its path, is refused by the configuration', async () => {
    for (const argv of [['/bin/rm', '-rf', '/nowhere'], ['sh', '-c', 'true'], []]) await assert.rejects(benchOf().runner.plan(request({ argv })), { code: 'WW_CONFIG_VALUE' });
  });

  test('labels are arguments, never words of a shell', async () => {
    const evil = `$(touch ${mark('evil')}); touch ${mark('evil')} #`;
    const run = await outcome(benchOf(), request({ argv: ['/bin/echo', '{{target}}', 'x{{host6}}'] }, { labels: { target: evil, host6: '2001:db8::1' } }));
    assert.equal(run.state, 'succeeded');
    assert.equal(existsSync(mark('evil')), false);
    assert.ok(run.log.some((l) => l.text.includes(`${evil} x2001:db8::1`)));
  });

  test('a label that looks like an option, or is missing, or would be the program, is refused', async () => {
    for (const [argv, labels] of [[['/bin/echo', '{{target}}'], { target: '--help' }], [['/bin/echo', '{{gone}}'], {}]] as const) {
      await assert.rejects(benchOf().runner.plan(request({ argv }, { labels })), { code: 'WW_ACTION_REFUSED' });
    }
    await assert.rejects(benchOf().runner.plan(request({ argv: ['/bin/{{target}}'], allow: ['/bin/{{target}}'] })), { code: 'WW_ACTION_REFUSED' });
  });

  test('a command that hangs is ended with its children, and undone', async () => {
    const options = { argv: program('sleep 600 & echo $! > "$1"; wait', mark('pid')), revert: ['/bin/echo', 'undone'], timeoutMs: 300 };
    const started = performance.now();
    const run = await outcome(benchOf(), request(options));
    assert.deepEqual([run.state, run.reason], ['reverted', 'execute_failed']);
    assert.ok(performance.now() - started < 5000);
    // The child of the command has ended too; at most its entry waits for whoever adopted it.
    const stat = `/proc/${readFileSync(mark('pid'), 'utf8').trim()}/stat`;
    assert.ok(!existsSync(stat) || / Z /.test(readFileSync(stat, 'utf8')));
  });

  test('exit codes, signals and missing programs are told apart', async () => {
    const words = async (argv: string[], allow: string[]): Promise<string> => {
      const run = await outcome(benchOf(), request({ argv, allow }));
      return run.log.at(-1)?.text ?? '';
    };
    assert.match(await words(program('exit 3'), [SHELL]), /exit code 3/);
    assert.match(await words(program('kill -TERM $$'), [SHELL]), /killed by SIGTERM/);
    assert.match(await words(['/nowhere/program'], ['/nowhere/program']), /cannot be run: ENOENT/);
  });

  test('a failing precheck refuses, a failing verification undoes', async () => {
    const no = program('exit 1');
    assert.equal((await outcome(benchOf(), request({ argv: ['/bin/echo', 'x'], precheck: no }))).reason, 'precheck_failed');
    const undone = await outcome(benchOf(), request({ argv: ['/bin/echo', 'x'], verify: no, revert: ['/bin/echo', 'back'] }));
    assert.deepEqual([undone.state, undone.reason], ['reverted', 'verify_failed']);
  });

  test('the output is kept in the log, bounded', async () => {
    const run = await outcome(benchOf(), request({ argv: program('i=0; while [ $i -lt 5000 ]; do echo aaaaaaaaaaaaaaaaaaaa; i=$((i+1)); done') }));
    assert.equal(run.state, 'succeeded');
    assert.ok(encodeState(run).length < 12_000);
  });

  test('a crash while the command runs is found at the next start, and undone', async () => {
    const options = { argv: program('touch "$1"; sleep 600', mark('crashed')), revert: ['/bin/rm', mark('crashed')], allow: [SHELL, '/bin/rm'], timeoutMs: 60_000 };
    const first = benchOf();
    await first.runner.request(request(options));
    while (!existsSync(mark('crashed'))) await new Promise((resolve) => setTimeout(resolve, 10));
    // What a kill would leave: the text as it is now, with the run in the middle.
    const disk = { text: first.disk.text };
    await first.runner.stop();
    const second = benchOf(['DOWN'], {}, disk);
    await second.runner.start();
    await second.runner.idle();
    await second.runner.stop();
    const run = second.runs[second.runs.length - 1];
    assert.deepEqual([run.state, run.reason, existsSync(mark('crashed'))], ['reverted', 'crashed', false]);
    assert.ok(second.runs.some((r) => r.state === 'interrupted'));
  });

  test('the state that cannot be written stops the action before it begins', async () => {
    writeFileSync(mark('disk'), '');
    const bench = benchOf();
    const broken = new RespondRunner({
      store: { update: () => { throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' }); } },
      actions: new Map((actions as unknown as ActionDefinition[]).map((a) => [a.name, a])), policy: RESPOND_DEFAULTS, host: digestHost, now: () => process.hrtime.bigint(),
      probe: async () => await Promise.resolve({ state: 'DOWN', reason: '' }), onOutputs: () => undefined, onStoreError: (e) => bench.errors.push(e),
    });
    await assert.rejects(broken.request(request({ argv: program('rm "$1"', mark('disk')) })), { code: 'SQLITE_FULL' });
    assert.equal(existsSync(mark('disk')), true);
    assert.equal(bench.errors.length, 1);
    await broken.stop();
  });
});
