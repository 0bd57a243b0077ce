// What every command must keep: help, JSON where it prints, documented exit codes, and a remedy for wrong arguments.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Command } from 'commander';
import { commands } from '../../src/cli/commands.generated.ts';
import { EXIT } from '../../src/cli/define-command.ts';
import { runCli } from '../../src/cli/run-cli.ts';

let dataDir = '';
before(() => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'ww-commands-'));
});
after(() => rmSync(dataDir, { recursive: true }));

async function wirewatch(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const terminal = { isTty: false, columns: 100, colour: false, out: (t: string) => void (out += t), err: (t: string) => void (err += t) };
  const code = await runCli([...args, '--data', path.join(dataDir, 'nowhere')], { terminal, env: {}, cwd: dataDir });
  return { code, out, err };
}

/** Leaves below a command with the words that call them. */
function leavesOf(command: Command, words: readonly string[]): { words: readonly string[]; leaf: Command }[] {
  return command.commands.length === 0 ? [{ words, leaf: command }] : command.commands.flatMap((c) => leavesOf(c, [...words, c.name()]));
}

for (const entry of commands) {
  describe(entry.name, () => {
    test('its help is an answer, not an error, and names every option with its meaning', async () => {
      const { code, out, err } = await wirewatch(entry.name, '--help');
      assert.deepEqual([code, err], [EXIT.ok, '']);
      assert.match(out, new RegExp(`^Usage: wirewatch ${entry.name}\\b`));
      assert.match(out, /--json /);
      const command = new Command(entry.name);
      (await entry.load()).configure(command);
      for (const { words, leaf } of leavesOf(command, [entry.name])) {
        for (const option of leaf.options) assert.ok(option.description.length > 0, `${words.join(' ')} ${option.flags}`);
        for (const argument of leaf.registeredArguments) assert.ok(argument.description.length > 0 || words.length > 1, `${words.join(' ')} <${argument.name()}>`);
      }
    });

    test('an option that does not exist is a wrong argument with what to do', async () => {
      const { code, out, err } = await wirewatch(entry.name, '--no-such-option');
      assert.deepEqual([code, out], [EXIT.usage, '']);
      assert.match(err, /--no-such-option/);
      assert.match(err, /--help/);
    });

    test('a missing argument is a wrong argument', async () => {
      const command = new Command(entry.name);
      (await entry.load()).configure(command);
      for (const { words, leaf } of leavesOf(command, [entry.name])) {
        if (!leaf.registeredArguments.some((a) => a.required)) continue;
        const { code, err } = await wirewatch(...words);
        assert.equal(code, EXIT.usage, `${words.join(' ')}: ${err}`);
      }
    });
  });
}

test('an error with --json is JSON, one line, with a code and a remedy', async () => {
  const { code, out, err } = await wirewatch('status', '--json');
  assert.deepEqual([code, out], [EXIT.unavailable, '']);
  const { error } = JSON.parse(err) as { error: { code: string; remedy: string } };
  assert.equal(error.code, 'WW_NOT_RUNNING');
  assert.ok(error.remedy.length > 0);
});

test('a command that does not exist is answered with the nearest', async () => {
  const { code, err } = await wirewatch('incidnets');
  assert.equal(code, EXIT.usage);
  assert.match(err, /did you mean "wirewatch incidents"\?/);
});
