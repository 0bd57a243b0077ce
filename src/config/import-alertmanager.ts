import { WirewatchError } from '../base/errors.ts';
import { parseTimeInterval, type TimeIntervalText } from '../base/time-interval.ts';
import type { ConfigInput } from './schema.ts';

/** An Alertmanager configuration in our own form. */
export interface TranslatedAlertmanager {
  readonly input: ConfigInput;
  /** Secrets that stood in the file: under the name of the file that is to hold each. */
  readonly secrets: ReadonlyMap<string, string>;
  /** What has no place in our form, or means something else there; one sentence each. */
  readonly notes: readonly string[];
}

type Raw = Readonly<Record<string, unknown>>;

const isRaw = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const rawsOf = (value: unknown): readonly Raw[] => listOf(value).filter(isRaw);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined);

/** Whether a document is an Alertmanager configuration: a route and receivers at the top, nothing of ours. */
export function isAlertmanagerConfig(value: unknown): boolean {
  return isRaw(value) && isRaw(value.route) && Array.isArray(value.receivers) && !('alerting' in value);
}

/** Alertmanager's default of `send_resolved`, by kind. */
const SENDS_RESOLVED: Readonly<Record<string, boolean>> = { email: false, slack: false };

class Translation {
  readonly channels: Record<string, Record<string, unknown>> = {};
  readonly receivers: Record<string, Record<string, unknown>> = {};
  readonly secrets = new Map<string, string>();
  readonly notes: string[] = [];
  readonly #global: Raw;
  readonly #names = new Map<string, string>();

  constructor(global: Raw) {
    this.#global = global;
  }

  /** A name as ours may be; two that become one are told apart. */
  nameOf(kind: string, given: string): string {
    const key = `${kind}\n${given}`;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const plain = given.replace(/[^A-Za-z0-9_.-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '').slice(0, 50) || kind;
    const taken = new Set([...this.#names].filter(([k]) => k.startsWith(`${kind}\n`)).map(([, name]) => name));
    let name = plain;
    for (let n = 2; taken.has(name); n++) name = `${plain}-${n}`;
    this.#names.set(key, name);
    if (name !== given) this.notes.push(`${kind} "${given}" is called ${name}.`);
    return name;
  }

  /** A secret by reference: the file that the configuration names, or one that the import writes. */
  secretOf(config: Raw, key: string, channel: string, option: string, fallback?: unknown): { file: string } | undefined {
    const file = textOf(config[`${key}_file`]);
    if (file !== undefined) return { file };
    const value = textOf(config[key]) ?? textOf(fallback);
    if (value === undefined) return undefined;
    const name = `${channel}.${option}`;
    this.secrets.set(name, value);
    return { file: name };
  }

  global(key: string): string | undefined {
    return textOf(this.#global[key]);
  }

  /** Options of a channel, or undefined for a kind that we do not have. */
  channelOf(kind: string, c: Raw, name: string): Record<string, unknown> | undefined {
    const secret = (key: string, option: string, globalKey?: string): { file: string } | undefined => this.secretOf(c, key, name, option, globalKey === undefined ? undefined : this.#global[globalKey]) ?? (globalKey !== undefined && this.#global[`${globalKey}_file`] !== undefined ? { file: String(this.#global[`${globalKey}_file`]) } : undefined);
    const given = (option: string, value: unknown): Record<string, unknown> => (value === undefined ? {} : { [option]: value });
    switch (kind) {
      case 'email': {
        const [, host, port] = /^(.*):(\d+)$/.exec(textOf(c.smarthost) ?? this.global('smtp_smarthost') ?? '') ?? [];
        const user = textOf(c.auth_username) ?? this.global('smtp_auth_username');
        if ((textOf(c.require_tls) ?? this.global('smtp_require_tls')) === 'false') this.notes.push(`${name}: require_tls is false; here mail leaves this machine encrypted or not at all.`);
        return {
          type: 'smtp', host: host ?? 'localhost', port: Number(port ?? 25), from: textOf(c.from) ?? this.global('smtp_from') ?? 'alertmanager@localhost',
          to: (textOf(c.to) ?? '').split(',').map((t) => t.trim()).filter((t) => t !== ''), ...given('user', user),
          ...(user === undefined ? {} : given('password', secret('auth_password', 'password', 'smtp_auth_password'))), ...given('helo', textOf(c.hello) ?? this.global('smtp_hello')),
        };
      }
      case 'slack':
        if (c.channel !== undefined) this.notes.push(`${name}: the webhook's own channel is used, not ${textOf(c.channel)}.`);
        return { type: 'slack', ...given('url', secret('api_url', 'url', 'slack_api_url')) };
      case 'pagerduty':
        if (c.service_key !== undefined) this.notes.push(`${name}: the key was one of the Events API v1; PagerDuty takes it for version 2 where the integration is of that kind.`);
        return { type: 'pagerduty', ...given('routingKey', secret('routing_key', 'routing-key') ?? secret('service_key', 'routing-key')), ...given('url', originOf(textOf(c.url) ?? this.global('pagerduty_url'))) };
      case 'webhook':
        return { type: 'webhook', ...given('url', secret('url', 'url')), ...(Number(c.max_alerts ?? 0) > 0 ? { maxAlerts: Number(c.max_alerts) } : {}), ...given('headers', this.headersOf(c, name)) };
      case 'opsgenie':
        return {
          type: 'opsgenie', ...given('apiKey', secret('api_key', 'api-key', 'opsgenie_api_key')), ...given('url', (textOf(c.api_url) ?? this.global('opsgenie_api_url'))?.replace(/\/+$/, '')),
          ...(rawsOf(c.responders).length === 0 ? {} : { responders: rawsOf(c.responders).map(({ type, name: who, id }) => ({ type, ...given('name', who), ...given('id', id) })) }),
        };
      case 'telegram':
        return { type: 'telegram', ...given('token', secret('bot_token', 'token', 'telegram_bot_token')), chat: textOf(c.chat_id) ?? '', ...given('topic', c.message_thread_id), ...(c.disable_notifications === true ? { silent: true } : {}) };
      case 'msteams':
        this.notes.push(`${name}: Office 365 connectors are being retired; make a workflow and put its address in place of this one.`);
        return { type: 'teams', ...given('url', secret('webhook_url', 'url')) };
      case 'msteamsv2':
        return { type: 'teams', ...given('url', secret('webhook_url', 'url')) };
      case 'discord':
        return { type: 'discord', ...given('url', secret('webhook_url', 'url')) };
      case 'jira': {
        const http = isRaw(c.http_config) ? c.http_config : {};
        const basic = isRaw(http.basic_auth) ? http.basic_auth : {};
        const bearer = isRaw(http.authorization) ? http.authorization : {};
        return {
          type: 'jira', ...given('url', originOf(textOf(c.api_url) ?? this.global('jira_api_url'))), project: textOf(c.project) ?? '', ...given('issueType', textOf(c.issue_type)), ...given('user', textOf(basic.username)),
          ...given('token', this.secretOf(basic, 'password', name, 'token') ?? this.secretOf(bearer, 'credentials', name, 'token')), ...given('closeBy', textOf(c.resolve_transition)),
        };
      }
      default:
        return undefined;
    }
  }

  headersOf(c: Raw, name: string): Record<string, unknown> | undefined {
    const http = isRaw(c.http_config) ? c.http_config : {};
    if (isRaw(http.authorization)) {
      const credentials = textOf(http.authorization.credentials);
      if (credentials === undefined) this.notes.push(`${name}: the credentials stand in a file; write the header authorization yourself.`);
      else {
        this.secrets.set(`${name}.authorization`, `${textOf(http.authorization.type) ?? 'Bearer'} ${credentials}`);
        return { authorization: { file: `${name}.authorization` } };
      }
    }
    if (isRaw(http.basic_auth)) {
      const [user, password] = [textOf(http.basic_auth.username) ?? '', textOf(http.basic_auth.password)];
      if (password === undefined) this.notes.push(`${name}: the password stands in a file; write the header authorization yourself.`);
      else {
        this.secrets.set(`${name}.authorization`, `Basic ${btoa(`${user}:${password}`)}`);
        return { authorization: { file: `${name}.authorization` } };
      }
    }
    return undefined;
  }

  /** Each integration of a receiver is told by itself, so each becomes a receiver of its own, told besides the first. */
  receiver(raw: Raw): void {
    const name = this.nameOf('receiver', textOf(raw.name) ?? '');
    const made: { channel: string; sendResolved: boolean }[] = [];
    for (const [key, configs] of Object.entries(raw)) {
      const kind = /^(\w+)_configs$/.exec(key)?.[1];
      if (kind === undefined) continue;
      for (const [i, config] of rawsOf(configs).entries()) {
        const channel = this.nameOf('channel', `${name}-${kind}${i === 0 ? '' : `-${i + 1}`}`);
        const options = this.channelOf(kind, config, channel);
        if (options === undefined) {
          this.notes.push(`receiver ${name}: there is no channel for ${key}; it is left out.`);
          continue;
        }
        this.channels[channel] = options;
        made.push({ channel, sendResolved: typeof config.send_resolved === 'boolean' ? config.send_resolved : (SENDS_RESOLVED[kind] ?? true) });
      }
    }
    const others = made.slice(1).map((m) => {
      const other = this.nameOf('receiver', `${name}.${m.channel}`);
      this.receivers[other] = { channels: [m.channel], sendResolved: m.sendResolved };
      return other;
    });
    this.receivers[name] = { channels: made.slice(0, 1).map((m) => m.channel), ...(others.length === 0 ? {} : { also: others }), ...(made[0] === undefined ? {} : { sendResolved: made[0].sendResolved }) };
  }

  route(raw: Raw): Record<string, unknown> {
    const given = (option: string, value: unknown): Record<string, unknown> => (value === undefined ? {} : { [option]: value });
    const matchers = matchersOf(raw, 'match', 'match_re', 'matchers');
    const names = (key: string): string[] | undefined => (Array.isArray(raw[key]) ? raw[key].map((n) => this.nameOf('time interval', String(n))) : undefined);
    return {
      ...given('receiver', raw.receiver === undefined ? undefined : this.nameOf('receiver', textOf(raw.receiver) ?? '')), ...(matchers.length === 0 ? {} : { matchers }),
      ...given('groupBy', raw.group_by === undefined ? undefined : listOf(raw.group_by).map(String)), ...given('groupWait', raw.group_wait), ...given('groupInterval', raw.group_interval),
      ...given('repeatInterval', raw.repeat_interval), ...given('continue', raw.continue), ...given('muteIntervals', names('mute_time_intervals')), ...given('activeIntervals', names('active_time_intervals')),
      ...(rawsOf(raw.routes).length === 0 ? {} : { routes: rawsOf(raw.routes).map((child) => this.route(child)) }),
    };
  }
}

/** Scheme and host of an address whose path our channels know themselves. */
function originOf(address: string | undefined): string | undefined {
  return address === undefined ? undefined : /^https?:\/\/[^/]+/.exec(address)?.[0];
}

/** The three ways in which Alertmanager has matchers, as ours. */
function matchersOf(raw: Raw, equal: string, regex: string, list: string): string[] {
  const quoted = (value: unknown): string => JSON.stringify(textOf(value) ?? '');
  return [
    ...Object.entries(isRaw(raw[equal]) ? raw[equal] : {}).map(([label, value]) => `${label}=${quoted(value)}`),
    ...Object.entries(isRaw(raw[regex]) ? raw[regex] : {}).map(([label, value]) => `${label}=~${quoted(value)}`),
    ...listOf(raw[list]).flatMap((text) => splitMatchers(String(text))),
  ];
}

/** One text may hold several, in braces, separated by commas that stand outside of quotes. */
function splitMatchers(text: string): string[] {
  const inner = text.trim().replace(/^\{([\s\S]*)\}$/, '$1');
  const one = /^\s*,?\s*(?:"((?:[^"\\]|\\.)*)"|([A-Za-z_][A-Za-z0-9_.:-]*))\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^",\s}]*))\s*/;
  const found: string[] = [];
  for (let rest = inner; rest.trim() !== '' && rest.trim() !== ',';) {
    const m = one.exec(rest);
    if (m === null || m[0] === '') throw new WirewatchError('WW_CONFIG_VALUE', `not a matcher: ${text}`, { where: text });
    found.push(`${m[1] ?? m[2]}${m[3]}"${m[4] ?? m[5]}"`);
    rest = rest.slice(m[0].length);
  }
  return found;
}

function intervalOf(raw: Raw): TimeIntervalText {
  const texts = (key: string): readonly string[] | undefined => (Array.isArray(raw[key]) ? raw[key].map(String) : undefined);
  const given = <K extends string>(option: K, value: readonly string[] | undefined): { [k in K]?: readonly string[] } => (value === undefined ? {} : { [option]: value } as { [k in K]?: readonly string[] });
  const interval: TimeIntervalText = {
    ...given('times', Array.isArray(raw.times) ? rawsOf(raw.times).map((t) => `${String(t.start_time)}-${String(t.end_time)}`) : undefined), ...given('weekdays', texts('weekdays')),
    ...given('daysOfMonth', texts('days_of_month')), ...given('months', texts('months')), ...given('years', texts('years')), ...(textOf(raw.location) === undefined ? {} : { timezone: textOf(raw.location) }),
  };
  parseTimeInterval(interval);
  return interval;
}

/** A rule's side; Alertmanager lets it be empty, which is everything. */
function sideOf(raw: Raw, side: 'source' | 'target'): string[] {
  const found = matchersOf(raw, `${side}_match`, `${side}_match_re`, `${side}_matchers`);
  return found.length === 0 ? ['alertname=~".*"'] : found;
}

/** Throws WW_CONFIG_VALUE where a matcher or an interval is not well formed. */
export function translateAlertmanager(value: unknown): TranslatedAlertmanager {
  const raw = value as Raw;
  const t = new Translation(isRaw(raw.global) ? raw.global : {});
  for (const receiver of rawsOf(raw.receivers)) t.receiver(receiver);
  const intervals = [...rawsOf(raw.time_intervals), ...rawsOf(raw.mute_time_intervals)];
  const timeIntervals = Object.fromEntries(intervals.map((i) => [t.nameOf('time interval', textOf(i.name) ?? ''), rawsOf(i.time_intervals).map(intervalOf)]));
  const inhibit = rawsOf(raw.inhibit_rules).map((rule) => ({ source: sideOf(rule, 'source'), target: sideOf(rule, 'target'), equal: listOf(rule.equal).map(String) }));
  // Alertmanager's own defaults, so that a later change of ours changes nothing here.
  const route = { groupBy: [], groupWait: '30s', groupInterval: '5m', repeatInterval: '4h', ...t.route(raw.route as Raw) };
  if (listOf(raw.templates).length > 0) t.notes.push('Templates are not carried over: `receivers.NAME.templates` has the words of messages.');
  if (t.global('resolve_timeout') !== undefined) t.notes.push('resolve_timeout is not carried over: alerts that are posted end five minutes after they were last posted, or at their endsAt.');
  const input = { version: 1, channels: t.channels, alerting: { route, receivers: t.receivers, inhibit, timeIntervals } } as unknown as ConfigInput;
  return { input, secrets: t.secrets, notes: t.notes };
}
