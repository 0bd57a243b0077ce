import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { z } from 'zod';
import { WirewatchError } from '../../base/errors.ts';
import { defineAction, type ActionContext, type ActionOutcome } from '../define-action.ts';

const argv = z.array(z.string().min(1)).min(1).refine((a) => a[0]?.startsWith('/') ?? false, 'the program is named by its whole path');

const options = z
  .strictObject({
    argv: argv.describe('Program and arguments; no shell reads them. `{{label}}` in an argument becomes the alert\'s label of that name.'),
    revert: argv.optional().describe('What undoes it; without it the action cannot be reverted.'),
    precheck: argv.optional().describe('Must succeed before anything is done.'),
    verify: argv.optional().describe('Must succeed afterwards, besides the check.'),
    allow: z.array(z.string()).min(1).describe('Programs that may be run; part of the configuration, never of an alert.'),
    timeoutMs: z.int().min(10).default(30_000).describe('Longest run of one command.'),
    settleMs: z.int().min(0).default(2_000).describe('Wait before verifying: a service needs its time to come up.'),
    cwd: z.string().default('/'),
    env: z.record(z.string(), z.string()).default({}).describe('The whole environment of the command besides PATH.'),
  })
  .superRefine((o, ctx) => {
    for (const key of ['argv', 'revert', 'precheck', 'verify'] as const) {
      const command = o[key];
      if (command?.[0] !== undefined && !o.allow.includes(command[0])) ctx.addIssue({ code: 'custom', path: [key], message: `${command[0]} is not in the list of allowed programs` });
    }
  });

const MAX_OUTPUT = 4096;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

type Options = z.output<typeof options>;

/** Replaces `{{label}}`; a label that begins with `-` could become an option of the program, so it is refused. */
export function fillArguments(command: readonly string[], labels: Readonly<Record<string, string>>): string[] {
  return command.map((argument, i) => argument.replace(/\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}/g, (_all, name: string) => {
    const value = labels[name];
    if (i === 0) throw refused('the program itself is never taken from an alert');
    if (value === undefined) throw refused(`the alert has no label ${name}`);
    if (value.startsWith('-') && argument.startsWith('{{')) throw refused(`label ${name} begins with a dash`);
    return value;
  }));
}

function refused(message: string): WirewatchError {
  return new WirewatchError('WW_ACTION_REFUSED', message);
}

/** The command's labels, kept by the plan among the facts, so that a revert after a crash fills in the same. */
function labelsOf(facts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(facts).filter(([k]) => k.startsWith('label.')).map(([k, v]) => [k.slice('label.'.length), v]));
}

/**
 * Waits beside the command for word from this program: a line when the command has ended. Where the pipe breaks without one, this
 * program was killed, and the command's whole group dies with it, so that nothing goes on while the next life undoes it. What has
 * left the group (a service that was started) lives on. `exec` leaves the command itself under the shell's process number.
 */
const LEASH = '( read -r _ || kill -KILL 0 ) <&3 >/dev/null 2>&1 & exec 3<&- && exec "$@"';

/** Runs one command to its end, in a process group of its own, so that its children end with it, and it with this program. */
async function run(ctx: ActionContext, command: readonly string[], o: Options): Promise<ActionOutcome> {
  const shown = command.map((a) => (/^[\w@%+=:,./-]+$/.test(a) ? a : JSON.stringify(a))).join(' ');
  const fault = await access(command[0], constants.X_OK).then(() => undefined, (error: NodeJS.ErrnoException) => error.code ?? error.message);
  if (fault !== undefined) return { ok: false, text: `${shown} cannot be run: ${fault}` };
  return await new Promise<ActionOutcome>((resolve) => {
    const child = spawn('/bin/sh', ['-c', LEASH, 'sh', ...command], { cwd: o.cwd, env: { PATH, ...o.env }, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
    const leash = child.stdio[3] as Writable;
    // The one at the other end may be gone before the word comes.
    leash.on('error', () => undefined);
    child.on('exit', () => leash.end('done\n'));
    let output = '';
    let killedFor: string | undefined;
    const keep = (part: Buffer): void => {
      if (output.length < MAX_OUTPUT) output += part.toString('utf8');
    };
    const kill = (why: string): void => {
      killedFor ??= why;
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It ended by itself in between.
      }
    };
    const timer = setTimeout(() => kill(`ran longer than ${o.timeoutMs} ms`), o.timeoutMs);
    const aborted = (): void => kill('was broken off');
    ctx.signal.addEventListener('abort', aborted, { once: true });
    if (ctx.signal.aborted) aborted();
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const done = (outcome: ActionOutcome): void => {
      clearTimeout(timer);
      ctx.signal.removeEventListener('abort', aborted);
      const said = output.trim().slice(0, MAX_OUTPUT);
      ctx.log(`${shown}: ${outcome.text}${said === '' ? '' : `\n${said}`}`);
      resolve(outcome);
    };
    child.on('error', (error: NodeJS.ErrnoException) => done({ ok: false, text: `cannot be run: ${error.code ?? error.message}` }));
    child.on('close', (code, signal) => {
      if (killedFor !== undefined) done({ ok: false, text: killedFor });
      else if (code === 0) done({ ok: true, text: 'exit code 0' });
      else done({ ok: false, text: code === null ? `killed by ${signal}` : `exit code ${code}` });
    });
  });
}

export const runCommand = defineAction({
  name: 'run-command',
  title: 'Run a command',
  impact: 'low',
  options,
  async facts(_ctx, subject) {
    return await Promise.resolve(Object.fromEntries(Object.entries(subject.labels).map(([k, v]) => [`label.${k}`, v])));
  },
  plan(_subject, facts, o) {
    const show = (command: readonly string[]): string => fillArguments(command, labelsOf(facts)).join(' ');
    return {
      steps: [
        ...(o.precheck === undefined ? [] : [`Only if this succeeds: ${show(o.precheck)}.`]),
        `Run ${show(o.argv)} (at most ${o.timeoutMs} ms).`,
        ...(o.verify === undefined ? [] : [`It worked if this succeeds: ${show(o.verify)}.`]),
        o.revert === undefined ? 'It cannot be undone.' : `If it did not help, undo it: ${show(o.revert)}.`,
      ],
      revertable: o.revert !== undefined,
    };
  },
  async precheck(ctx, plan, o) {
    return o.precheck === undefined ? { ok: true, text: 'nothing to check' } : await run(ctx, fillArguments(o.precheck, labelsOf(plan.facts)), o);
  },
  async execute(ctx, plan, o) {
    return await run(ctx, fillArguments(o.argv, labelsOf(plan.facts)), o);
  },
  async verify(ctx, plan, o) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, o.settleMs);
      ctx.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      }, { once: true });
    });
    return o.verify === undefined ? { ok: true, text: 'the command ended well' } : await run(ctx, fillArguments(o.verify, labelsOf(plan.facts)), o);
  },
  async revert(ctx, plan, o) {
    return o.revert === undefined ? { ok: false, text: 'there is no way back' } : await run(ctx, fillArguments(o.revert, labelsOf(plan.facts)), o);
  },
});

export default runCommand;
