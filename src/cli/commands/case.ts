import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { WirewatchError } from '../../base/errors.ts';
import { plural } from '../../base/text.ts';
import { isoTime, nanosFromMs } from '../../base/time.ts';
import { compareReplay, firstDifference, type ReplayFinding } from '../../case/replay.ts';
import { verifyChain } from '../../case/steps.ts';
import type { CaseStep } from '../../model/index.ts';
import {
  addStep, caseActor, caseDigests, CASE_VERBS, createCase, findCase, inputsNow, listCases, relativeArguments, resultFile, runVerb, scratchFile, sha256OfFile, type CaseFolder,
} from '../case-files.ts';
import { bigintReplacer } from '../../base/canonical-json.ts';
import { defineCommand, EXIT, type CommandContext } from '../define-command.ts';

type Options = Readonly<Record<string, unknown>>;

const caseOf = async (ctx: CommandContext, options: Options): Promise<CaseFolder> =>
  await findCase(ctx.dataDir, ctx.cwd, typeof options.case === 'string' ? options.case : undefined);
const reasonOf = (options: Options): string => (typeof options.reason === 'string' ? options.reason : '');
const now = (): bigint => nanosFromMs(Date.now());

function print(ctx: CommandContext, value: unknown, text: string): void {
  ctx.terminal.out(ctx.json ? `${JSON.stringify(value, bigintReplacer)}\n` : text);
}

function stepLine(step: CaseStep): string {
  const result = step.resultSha256 === null ? '' : `  -> ${plural(step.resultBytes, 'byte')} ${step.resultSha256.slice(0, 16)}`;
  const what = step.verb === 'note' ? `note: ${step.reason}` : `${step.verb} ${step.args.join(' ')}`;
  const why = step.verb === 'note' || step.reason === '' ? '' : `\n       ${step.reason}`;
  return `${String(step.seq).padStart(4)}  ${isoTime(step.time, 0)}  ${step.actor}  ${what}${result}${why}\n`;
}

/** `case run`: one verb, its result kept and hashed. */
async function run(ctx: CommandContext, words: readonly string[], options: Options): Promise<number> {
  const folder = await caseOf(ctx, options);
  const [verb, ...rest] = words;
  if (!(CASE_VERBS as readonly string[]).includes(verb)) {
    throw new WirewatchError('WW_ARGUMENT', `a case does not keep the results of ${verb ?? 'nothing'}`, { remedy: `One of ${CASE_VERBS.join(', ')}: wirewatch case run -- read capture.pcap -Y dns` });
  }
  const { args, inputs } = await relativeArguments(folder.dir, ctx.cwd, rest);
  const scratch = await scratchFile(folder.dir);
  try {
    const text = new StringDecoder('utf8');
    const ran = await runVerb(folder.dir, [verb, ...args], scratch.file, ctx.signal, ctx.json ? undefined : (chunk) => ctx.terminal.out(text.write(chunk)));
    if (ran.stderr !== '') ctx.terminal.err(ran.stderr);
    if (ran.exitCode > EXIT.negative) return ran.exitCode;
    const next = await addStep(folder, { time: now(), actor: caseActor(), verb, args, inputs, resultSha256: ran.sha256, resultBytes: ran.bytes, reason: reasonOf(options) }, scratch.file);
    const step = next.kept.steps[next.kept.steps.length - 1];
    if (ctx.json) print(ctx, step, '');
    else ctx.terminal.err(`step ${step.seq} of ${next.kept.title}: ${plural(ran.bytes, 'byte')}, SHA-256 ${ran.sha256}\n`);
    return ran.exitCode;
  } finally {
    await scratch.remove();
  }
}

/** Runs one step again and says whether it gave the same. */
async function replayStep(ctx: CommandContext, folder: CaseFolder, step: CaseStep): Promise<ReplayFinding> {
  const inputs = await inputsNow(folder.dir, step);
  const unchanged = Object.entries(step.inputs).every(([name, sha256]) => inputs[name] === sha256);
  if (step.resultSha256 === null || !unchanged) return compareReplay(step, { inputs, resultSha256: null, failure: null });
  const scratch = await scratchFile(folder.dir);
  try {
    const ran = await runVerb(folder.dir, [step.verb, ...step.args], scratch.file, ctx.signal);
    const failure = ran.exitCode > EXIT.negative ? `exit code ${ran.exitCode}: ${ran.stderr.split('\n')[0]}` : null;
    const finding = compareReplay(step, { inputs, resultSha256: ran.sha256, failure });
    if (finding.outcome !== 'result_differs') return finding;
    const before = await readFile(resultFile(folder.dir, step.seq), 'utf8').catch(() => undefined);
    const difference = before === undefined ? undefined : firstDifference(before, await readFile(scratch.file, 'utf8'));
    if (difference === undefined) return finding;
    return { ...finding, detail: `line ${difference.line} was ${JSON.stringify(difference.before)}, is ${JSON.stringify(difference.after)}` };
  } finally {
    await scratch.remove();
  }
}

async function replay(ctx: CommandContext, options: Options): Promise<number> {
  const folder = await caseOf(ctx, options);
  const findings: ReplayFinding[] = [];
  for (const step of folder.kept.steps) {
    const finding = await replayStep(ctx, folder, step);
    findings.push(finding);
    if (!ctx.json) ctx.terminal.out(`${String(step.seq).padStart(4)}  ${step.verb.padEnd(8)} ${finding.outcome.replace(/_/g, ' ')}${finding.detail === '' ? '' : `: ${finding.detail}`}\n`);
  }
  const unequal = findings.filter((f) => f.outcome !== 'equal' && f.outcome !== 'nothing_to_run');
  const equal = findings.filter((f) => f.outcome === 'equal').length;
  print(ctx, { case: folder.kept.id, steps: findings }, `${plural(equal, 'result')} equal, ${unequal.length} not\n`);
  return unequal.length === 0 ? EXIT.ok : EXIT.negative;
}

/** Chain, results and inputs as they are kept; nothing is run. */
async function verify(ctx: CommandContext, options: Options): Promise<number> {
  const { dir, kept } = await caseOf(ctx, options);
  const findings = verifyChain(kept, caseDigests);
  for (const step of kept.steps) {
    if (step.resultSha256 === null) continue;
    const sha256 = await sha256OfFile(resultFile(dir, step.seq)).catch(() => null);
    if (sha256 === null) findings.push({ seq: step.seq, problem: 'the kept result is not there' });
    else if (sha256 !== step.resultSha256) findings.push({ seq: step.seq, problem: 'the kept result was altered' });
  }
  for (const step of kept.steps) {
    for (const [name, sha256] of Object.entries(await inputsNow(dir, step))) {
      if (sha256 !== step.inputs[name]) findings.push({ seq: step.seq, problem: sha256 === null ? `${name} is not there` : `${name} was altered` });
    }
  }
  const text = findings.length === 0 ? `${plural(kept.steps.length, 'step')}, all as they were written\n` : findings.map((f) => `step ${f.seq}: ${f.problem}\n`).join('');
  print(ctx, { case: kept.id, steps: kept.steps.length, findings }, text);
  return findings.length === 0 ? EXIT.ok : EXIT.negative;
}

async function note(ctx: CommandContext, text: string, options: Options): Promise<number> {
  const folder = await caseOf(ctx, options);
  const next = await addStep(folder, { time: now(), actor: caseActor(), verb: 'note', args: [], inputs: {}, resultSha256: null, resultBytes: 0, reason: text });
  print(ctx, next.kept.steps.at(-1), `step ${next.kept.steps.length} of ${next.kept.title}\n`);
  return EXIT.ok;
}

async function add(ctx: CommandContext, file: string, options: Options): Promise<number> {
  const folder = await caseOf(ctx, options);
  const there = await stat(path.resolve(ctx.cwd, file)).then((s) => s.isFile(), () => false);
  if (!there) throw new WirewatchError('WW_NOT_FOUND', 'there is no such file', { where: file });
  const { args, inputs } = await relativeArguments(folder.dir, ctx.cwd, [file]);
  const next = await addStep(folder, { time: now(), actor: caseActor(), verb: 'add', args, inputs, resultSha256: null, resultBytes: 0, reason: reasonOf(options) });
  print(ctx, next.kept.steps.at(-1), `step ${next.kept.steps.length}: ${args[0]} SHA-256 ${Object.values(inputs)[0]}\n`);
  return EXIT.ok;
}

export const caseCommand = defineCommand({
  name: 'case',
  summary: 'keep an analyst\'s steps with the hashes of input and result, and run them again',
  permission: null,
  configure(command) {
    const ofCase = '--case <id>';
    const which = 'id, part of it, title or folder of the case (default: the newest)';
    const why = ['--reason <text>', 'why this is done: part of the record'] as const;
    command.command('new <title>').description('begin a case');
    command.command('run <words...>').description(`run a verb and keep its result: case run -- read FILE -Y dns (${CASE_VERBS.join(', ')})`).option(ofCase, which).option(...why);
    command.command('add <file>').description('note a file with its SHA-256').option(ofCase, which).option(...why);
    command.command('note <text>').description('write down a thought').option(ofCase, which);
    command.command('list', { isDefault: true }).description('all cases');
    command.command('show').description('the steps of a case').option(ofCase, which);
    command.command('replay').description('run every step again and say where the result is not equal').option(ofCase, which);
    command.command('verify').description('check the chain of steps, the kept results and the inputs').option(ofCase, which);
  },
  async run(ctx, [verb, ...rest], options) {
    switch (verb) {
      case 'new': {
        const { kept, dir } = await createCase(ctx.dataDir, rest[0]);
        print(ctx, { ...kept, dir }, `${kept.id}\n`);
        return EXIT.ok;
      }
      case 'run':
        return await run(ctx, rest, options);
      case 'add':
        return await add(ctx, rest[0], options);
      case 'note':
        return await note(ctx, rest[0], options);
      case 'list': {
        const all = await listCases(ctx.dataDir);
        print(ctx, all.map((c) => c.kept), all.map(({ kept }) => `${kept.id}  ${isoTime(kept.createdAt, 0)}  ${plural(kept.steps.length, 'step').padStart(9)}  ${kept.title}\n`).join(''));
        return EXIT.ok;
      }
      case 'show': {
        const { kept, dir } = await caseOf(ctx, options);
        print(ctx, kept, `${kept.title}\n${kept.id}  ${isoTime(kept.createdAt, 0)}  ${dir}\n${kept.steps.map(stepLine).join('')}`);
        return EXIT.ok;
      }
      case 'replay':
        return await replay(ctx, options);
      case 'verify':
        return await verify(ctx, options);
      default:
        throw new WirewatchError('WW_ARGUMENT', 'say what to do with the case', { remedy: 'wirewatch case --help' });
    }
  },
});

export default caseCommand;
