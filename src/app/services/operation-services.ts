import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { parseMatcher, formatMatcher } from '../../alert/matcher.ts';
import { silenceState, type Silence as CoreSilence } from '../../alert/mute.ts';
import { WirewatchError } from '../../base/errors.ts';
import { uuidV7 } from '../../base/ids.ts';
import { msOf, type Nanos } from '../../base/time.ts';
import { ConfigError } from '../../config/config-issue.ts';
import type { ConfigHolder } from '../../config/config-holder.ts';
import { maskSecrets } from '../../config/explain.ts';
import type { LoadedConfig } from '../../config/load-config.ts';
import type { AuditEvent } from '../../model/index.ts';
import type { LoopRunner } from '../../pipeline/loop-runner.ts';
import type { AuditService, ConfigProblem, ConfigService, ConfigView, Silence, SilenceService } from '../../pipeline/services.ts';
import { verifyAudit } from '../../store/audit-chain.ts';
import type { StateStore } from '../../store/state-store.ts';

export function silenceService(loop: LoopRunner, now: () => Nanos, random: (bytes: number) => Uint8Array): SilenceService {
  const view = (s: CoreSilence): Silence => ({ ...s, matchers: s.matchers.map(formatMatcher), state: silenceState(s, now()) });
  return {
    list: async () => Object.values(loop.alertState.silences).map(view).sort((a, b) => (a.startsAt < b.startsAt ? 1 : -1)),
    async create(given, actor) {
      const silence: CoreSilence = { ...given, id: uuidV7(msOf(now()), random(10)), matchers: given.matchers.map(parseMatcher), createdBy: actor };
      await loop.give({ to: 'alert', input: { kind: 'silence', silence } });
      return view(silence);
    },
    async expire(id) {
      await loop.give({ to: 'alert', input: { kind: 'expire_silence', id } });
      const silence = loop.alertState.silences[id];
      if (silence === undefined) throw new WirewatchError('WW_NOT_FOUND', `there is no silence ${id}`);
      return view(silence);
    },
  };
}

/** The last refused reload, until a good one. */
export class ConfigFacade implements ConfigService {
  readonly #holder: ConfigHolder;
  readonly #read: () => LoadedConfig;
  readonly #store: StateStore;
  readonly #now: () => Nanos;
  #loadedAt: Nanos;
  #problems: readonly ConfigProblem[] = [];

  constructor(holder: ConfigHolder, read: () => LoadedConfig, store: StateStore, now: () => Nanos) {
    this.#holder = holder;
    this.#read = read;
    this.#store = store;
    this.#now = now;
    this.#loadedAt = now();
  }

  async get(): Promise<ConfigView> {
    const { current } = this.#holder;
    const text = stringify(maskSecrets(current.input), { lineWidth: 110 });
    const raw = current.file === null ? text : readIfThere(current.file);
    return { path: current.file, loadedAt: this.#loadedAt, sha256: createHash('sha256').update(raw).digest('hex'), text, problems: this.#problems };
  }

  async check(): Promise<readonly ConfigProblem[]> {
    try {
      return findingsOf(this.#read());
    } catch (error) {
      return problemsOf(error);
    }
  }

  async reload(actor: string): Promise<ConfigView> {
    const outcome = await this.#holder.reload();
    this.#problems = outcome.ok ? findingsOf(outcome.loaded) : problemsOf(outcome.error);
    if (outcome.ok) this.#loadedAt = this.#now();
    // The route audits what was done; what was refused only this knows.
    if (!outcome.ok) this.#store.appendAudit({ time: this.#now(), actor, action: 'config.reload_refused', object: this.#holder.current.file ?? 'built-in', details: { error: outcome.error.message } });
    if (!outcome.ok) throw outcome.error;
    return await this.get();
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function findingsOf(loaded: LoadedConfig): ConfigProblem[] {
  return loaded.findings.map((f) => ({ code: 'WW_CONFIG_SECRET', message: f.message, where: f.key, remedy: f.remedy, severity: 'warning' }));
}

function problemsOf(error: unknown): ConfigProblem[] {
  if (error instanceof ConfigError) {
    return error.issues.map((i) => ({
      code: error.code, message: `${i.key === '' ? '' : `${i.key}: `}${i.message}`, where: i.place === undefined ? error.file : `${error.file}:${i.place.line}:${i.place.column}`,
      remedy: i.remedy ?? null, severity: 'error',
    }));
  }
  if (error instanceof WirewatchError) return [{ code: error.code, message: error.message, where: error.where ?? null, remedy: error.remedy ?? null, severity: 'error' }];
  throw error;
}

const AUDIT_PAGE = 500;

export function auditService(store: StateStore, now: () => Nanos): AuditService {
  return {
    async list({ actor, action, limit, cursor }) {
      const rows: AuditEvent[] = [];
      // From the newest back, a page of the chain at a time.
      let end = cursor === null ? Number.MAX_SAFE_INTEGER : Number(cursor);
      const head = (store.auditHead()?.seq ?? 0);
      end = Math.min(end, head + 1);
      while (rows.length <= limit && end > 1) {
        const from = Math.max(1, end - AUDIT_PAGE);
        const page = store.readAudit(from, end - from).reverse();
        rows.push(...page.filter((e) => (actor === null || e.actor === actor) && (action === null || e.action.startsWith(action))));
        end = from;
      }
      const shown = rows.slice(0, limit);
      return { rows: shown, cursor: rows.length > limit ? String(shown.at(-1)!.seq) : null };
    },
    async verify() {
      try {
        const { events } = verifyAudit((from, limit) => store.readAudit(from, limit));
        return { ok: true, events, brokenAt: null, problem: null };
      } catch (error) {
        if (!(error instanceof WirewatchError) || error.code !== 'WW_AUDIT_CHAIN') throw error;
        return { ok: false, events: (store.auditHead()?.seq ?? 0), brokenAt: Number(/event (\d+)/.exec(error.message)?.[1] ?? 0), problem: error.message };
      }
    },
    write: async (event) => store.appendAudit({ time: now(), ...event }),
  };
}
