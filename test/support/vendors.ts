// Servers of the services that channels speak to: each enforces what the vendor documents of its requests (method, path, login,
// schema, limits), answers in the documented form, and keeps what it was told, so that a test can read the story. Written from the
// vendors' documentation; no channel was run against the vendor itself.
import { z } from 'zod';
import type { Answer, ReceivedRequest } from './http-server.ts';

export interface Vendor {
  readonly secret: string;
  options(url: string): Record<string, unknown>;
  /** A fresh service that knows `secret`; `told` gets one line for each thing that happened in it. */
  serve(secret: string, told: string[]): (request: ReceivedRequest) => Answer;
  /** The documented answers when too much is asked, when it is broken, and when it refuses; `echo` is put into them where texts are free. */
  readonly errors: Record<'limited' | 'broken' | 'refused', (echo: string) => Answer>;
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => ({ status, body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } });
const WAIT = { 'retry-after': '7' };

/** The request's JSON, if it has the form; else why not. */
function read<T>(request: ReceivedRequest, schema: z.ZodType<T>): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string } {
  if (request.headers['content-type'] !== 'application/json') return { ok: false, why: 'not JSON' };
  const parsed = schema.safeParse(JSON.parse(request.body));
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, why: z.prettifyError(parsed.error) };
}

const basicOf = (user: string, password: string): string => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

const PAGERDUTY_EVENT = z.strictObject({
  routing_key: z.string().length(32), event_action: z.enum(['trigger', 'acknowledge', 'resolve']), dedup_key: z.string().min(1).max(255),
  payload: z.strictObject({
    summary: z.string().min(1).max(1024), source: z.string().min(1), severity: z.enum(['critical', 'error', 'warning', 'info']), timestamp: z.iso.datetime(),
    component: z.string().optional(), group: z.string().optional(), class: z.string().optional(), custom_details: z.record(z.string(), z.unknown()),
  }),
  client: z.string(), client_url: z.url().optional(), links: z.array(z.strictObject({ href: z.url(), text: z.string() })).optional(),
});

const pagerduty: Vendor = {
  secret: 'R0ut1ngKeyR0ut1ngKeyR0ut1ngKey99',
  options: (url) => ({ url, routingKey: pagerduty.secret }),
  serve: (secret, told) => {
    const keys = new Set<string>();
    return (r) => {
      const event = read(r, PAGERDUTY_EVENT);
      if (r.path !== '/v2/enqueue' || r.method !== 'POST') return { status: 404 };
      if (!event.ok) return json(400, { status: 'invalid event', message: 'Event object is invalid', errors: [event.why] });
      if (event.value.routing_key !== secret) return json(400, { status: 'invalid event', message: 'Event object is invalid', errors: [`Invalid routing key ${event.value.routing_key}`] });
      keys.add(event.value.dedup_key);
      told.push(`${event.value.event_action} of incident ${keys.size}`);
      return json(202, { status: 'success', message: 'Event processed', dedup_key: event.value.dedup_key });
    };
  },
  errors: {
    limited: (echo) => json(429, { status: 'throttle exceeded', message: `Requests for this service are arriving too quickly. ${echo}` }, WAIT),
    broken: () => json(500, { message: 'Internal Server Error' }),
    refused: (echo) => json(400, { status: 'invalid event', message: 'Event object is invalid', errors: [`Length of ${echo}`] }),
  },
};

const twilio: Vendor = {
  secret: 'a1b2c3d4e5f60718293a4b5c6d7e8f90',
  options: (url) => ({ url, accountSid: `AC${'0'.repeat(32)}`, authToken: twilio.secret, from: '+15005550006', to: '+491701234567' }),
  serve: (secret, told) => (r) => {
    const account = `AC${'0'.repeat(32)}`;
    if (r.path !== `/2010-04-01/Accounts/${account}/Messages.json` || r.method !== 'POST') return json(404, { code: 20404, message: 'The requested resource was not found', status: 404 });
    if (r.headers.authorization !== basicOf(account, secret)) return json(401, { code: 20003, message: 'Authenticate', status: 401 });
    const form = new URLSearchParams(r.body);
    if (!/^\+[1-9]\d{4,14}$/.test(form.get('To') ?? '')) return json(400, { code: 21211, message: `Invalid 'To' Phone Number: ${form.get('To')}`, status: 400 });
    const text = form.get('Body') ?? '';
    if (text === '' || text.length > 1600) return json(400, { code: text === '' ? 21602 : 21617, message: 'The body is missing or too long', status: 400 });
    if (!form.has('From') && !form.has('MessagingServiceSid')) return json(400, { code: 21603, message: "A 'From' phone number is required", status: 400 });
    told.push(text.length <= 160 ? 'one segment' : 'several segments');
    return json(201, { sid: `SM${'1'.repeat(32)}`, status: 'queued', error_code: null });
  },
  errors: {
    limited: (echo) => json(429, { code: 20429, message: `Too Many Requests ${echo}`, status: 429 }, WAIT),
    broken: () => json(503, { code: 20503, message: 'Service Unavailable', status: 503 }),
    refused: (echo) => json(400, { code: 21211, message: `Invalid 'To' Phone Number ${echo}`, status: 400 }),
  },
};

const CARD_TEXT = z.looseObject({ type: z.literal('TextBlock'), text: z.string().min(1) });
const TEAMS_MESSAGE = z.strictObject({
  type: z.literal('message'),
  attachments: z.array(z.strictObject({
    contentType: z.literal('application/vnd.microsoft.card.adaptive'), contentUrl: z.null(),
    content: z.strictObject({
      $schema: z.string(), type: z.literal('AdaptiveCard'), version: z.literal('1.2'), body: z.array(CARD_TEXT).min(1),
      actions: z.array(z.strictObject({ type: z.literal('Action.OpenUrl'), title: z.string(), url: z.url() })).optional(),
    }),
  })).length(1),
});

const teams: Vendor = {
  secret: 'sig-Zq8Kx2_workflow-signature',
  options: (url) => ({ url: `${url}/workflows/0a1b/triggers/manual/paths/invoke?api-version=1&sig=${teams.secret}` }),
  serve: (secret, told) => (r) => {
    if (new URL(r.path, 'http://x').searchParams.get('sig') !== secret) return json(401, { error: { code: 'DirectApiAuthorizationRequired', message: 'The request must be authenticated.' } });
    const message = read(r, TEAMS_MESSAGE);
    if (!message.ok || Buffer.byteLength(r.body) > 28_000) return json(400, { error: { code: 'TriggerInputSchemaMismatch', message: message.ok ? 'too large' : message.why } });
    told.push(`card ${message.value.attachments[0].content.body[0].text}`);
    return { status: 202 };
  },
  errors: {
    limited: (echo) => json(429, { error: { code: 'WorkflowRunRateLimitExceeded', message: echo } }, WAIT),
    broken: () => json(502, { error: { code: 'BadGateway', message: 'gone' } }),
    refused: (echo) => json(404, { error: { code: 'WorkflowNotFound', message: `The workflow ${echo} could not be found.` } }),
  },
};

const TELEGRAM_MESSAGE = z.strictObject({
  chat_id: z.union([z.string(), z.int()]), text: z.string().min(1).max(4096), parse_mode: z.literal('HTML'), disable_notification: z.boolean(), message_thread_id: z.int().optional(),
  link_preview_options: z.strictObject({ is_disabled: z.boolean() }), reply_parameters: z.strictObject({ message_id: z.int(), allow_sending_without_reply: z.boolean() }).optional(),
});

const telegram: Vendor = {
  secret: '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw',
  options: (url) => ({ url, token: telegram.secret, chat: '-1001234567890' }),
  serve: (secret, told) => {
    let last = 100;
    return (r) => {
      if (r.path !== `/bot${secret}/sendMessage`) return json(401, { ok: false, error_code: 401, description: 'Unauthorized' });
      const message = read(r, TELEGRAM_MESSAGE);
      const known = /<(?!\/?(b|i|a|code|pre)\b)|&(?!(amp|lt|gt|quot);)/;
      if (!message.ok) return json(400, { ok: false, error_code: 400, description: `Bad Request: ${message.why}` });
      if (known.test(message.value.text)) return json(400, { ok: false, error_code: 400, description: "Bad Request: can't parse entities" });
      told.push(`message ${++last}${message.value.reply_parameters === undefined ? '' : ` answers ${message.value.reply_parameters.message_id}`}`);
      return json(200, { ok: true, result: { message_id: last, chat: { id: -1001234567890 } } });
    };
  },
  errors: {
    limited: (echo) => json(429, { ok: false, error_code: 429, description: `Too Many Requests: retry after 7 ${echo}`, parameters: { retry_after: 7 } }),
    broken: () => json(502, { ok: false, error_code: 502, description: 'Bad Gateway' }),
    refused: (echo) => json(400, { ok: false, error_code: 400, description: `Bad Request: chat not found ${echo}` }),
  },
};

const NTFY_MESSAGE = z.strictObject({
  topic: z.string().regex(/^[-_A-Za-z0-9]{1,64}$/), title: z.string().max(250), message: z.string(), priority: z.int().min(1).max(5), tags: z.array(z.string()), click: z.url().optional(),
});

const ntfy: Vendor = {
  secret: 'tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2',
  options: (url) => ({ url, topic: 'ops-alerts', token: ntfy.secret }),
  serve: (secret, told) => (r) => {
    if (r.headers.authorization !== `Bearer ${secret}`) return json(401, { code: 40101, http: 401, error: 'unauthorized', link: 'https://ntfy.sh/docs/publish/#authentication' });
    const message = read(r, NTFY_MESSAGE);
    if (r.path !== '/' || !message.ok || Buffer.byteLength(message.value.message) > 4096) return json(400, { code: 40024, http: 400, error: 'invalid request: request body must be valid JSON' });
    told.push(`priority ${message.value.priority}`);
    return json(200, { id: 'hwQ2YpKdmg', event: 'message', topic: message.value.topic });
  },
  errors: {
    limited: (echo) => json(429, { code: 42901, http: 429, error: `limit reached: too many requests ${echo}` }, WAIT),
    broken: () => json(500, { code: 50001, http: 500, error: 'internal server error' }),
    refused: (echo) => json(403, { code: 40301, http: 403, error: `forbidden ${echo}` }),
  },
};

const MATRIX_MESSAGE = z.strictObject({
  msgtype: z.literal('m.text'), body: z.string().min(1), format: z.literal('org.matrix.custom.html'), formatted_body: z.string().min(1),
  'm.relates_to': z.strictObject({
    rel_type: z.literal('m.thread'), event_id: z.string().startsWith('$'), is_falling_back: z.literal(true), 'm.in_reply_to': z.strictObject({ event_id: z.string().startsWith('$') }),
  }).optional(),
});

const matrix: Vendor = {
  secret: 'syt_d2lyZXdhdGNo_AbCdEfGhIjKl_1pQrSt',
  options: (url) => ({ url, token: matrix.secret, room: '!abc:example.test' }),
  serve: (secret, told) => {
    const byTransaction = new Map<string, string>();
    return (r) => {
      if (r.headers.authorization !== `Bearer ${secret}`) return json(401, { errcode: 'M_UNKNOWN_TOKEN', error: 'Unrecognised access token' });
      const transaction = /^\/_matrix\/client\/v3\/rooms\/!abc%3Aexample\.test\/send\/m\.room\.message\/([^/]+)$/.exec(r.path)?.[1];
      if (r.method !== 'PUT' || transaction === undefined) return json(404, { errcode: 'M_UNRECOGNIZED', error: 'Unrecognized request' });
      const message = read(r, MATRIX_MESSAGE);
      if (!message.ok) return json(400, { errcode: 'M_BAD_JSON', error: message.why });
      if (Buffer.byteLength(r.body) > 65_000) return json(413, { errcode: 'M_TOO_LARGE', error: 'event too large' });
      const id = byTransaction.get(transaction) ?? `$event${byTransaction.size + 1}`;
      if (!byTransaction.has(transaction)) told.push(`${id}${message.value['m.relates_to'] === undefined ? '' : ` in thread ${message.value['m.relates_to'].event_id}`}`);
      byTransaction.set(transaction, id);
      return json(200, { event_id: id });
    };
  },
  errors: {
    limited: (echo) => json(429, { errcode: 'M_LIMIT_EXCEEDED', error: `Too Many Requests ${echo}`, retry_after_ms: 7000 }),
    broken: () => json(502, { errcode: 'M_UNKNOWN', error: 'Bad gateway' }),
    refused: (echo) => json(403, { errcode: 'M_FORBIDDEN', error: `not in room ${echo}` }),
  },
};

const DISCORD_MESSAGE = z.strictObject({
  content: z.string().min(1).max(2000), allowed_mentions: z.strictObject({ parse: z.array(z.string()) }),
  embeds: z.array(z.strictObject({ title: z.string().max(256), description: z.string().max(4096), color: z.int().max(0xffffff), timestamp: z.iso.datetime(), url: z.url().optional() })).max(10),
});

const discord: Vendor = {
  secret: 'wD5KvN9xTokenOfTheWebhook_0-9',
  options: (url) => ({ url: `${url}/api/webhooks/223704706495545344/${discord.secret}` }),
  serve: (secret, told) => (r) => {
    const url = new URL(r.path, 'http://x');
    if (!url.pathname.endsWith(`/${secret}`)) return json(401, { message: 'Invalid Webhook Token', code: 50027 });
    const message = read(r, DISCORD_MESSAGE);
    if (!message.ok) return json(400, { message: 'Invalid Form Body', code: 50035, errors: { _errors: [message.why] } });
    told.push(`message of ${message.value.embeds.length}`);
    return url.searchParams.get('wait') === 'true' ? json(200, { id: '1', content: message.value.content }) : { status: 204 };
  },
  errors: {
    limited: (echo) => json(429, { message: `You are being rate limited. ${echo}`, retry_after: 7, global: false }),
    broken: () => ({ status: 502, body: 'error code: 502' }),
    refused: (echo) => json(404, { message: `Unknown Webhook ${echo}`, code: 10015 }),
  },
};

const GENIE_ALERT = z.strictObject({
  message: z.string().min(1).max(130), alias: z.string().max(512), description: z.string().max(15_000), tags: z.array(z.string().max(50)).max(20), details: z.record(z.string(), z.string()),
  responders: z.array(z.looseObject({ type: z.string() })).max(50), entity: z.string().max(512), source: z.string().max(100), priority: z.enum(['P1', 'P2', 'P3', 'P4', 'P5']),
});

function genie(path: string, secret: string): Vendor {
  return {
    secret,
    options: (url) => ({ url, apiKey: secret }),
    serve: (key, told) => {
      const open = new Set<string>();
      return (r) => {
        if (r.headers.authorization !== `GenieKey ${key}`) return json(401, { message: 'Could not authenticate', took: 0.001, requestId: 'r' });
        const accepted = json(202, { result: 'Request will be processed', took: 0.1, requestId: '43a29c5c' });
        const closing = new RegExp(`^${path}/([0-9a-f]{64})/close\\?identifierType=alias$`).exec(r.path)?.[1];
        if (closing !== undefined) {
          if (!read(r, z.strictObject({ source: z.string(), note: z.string() })).ok) return json(422, { message: 'Request body is not processable.', took: 0, requestId: 'r' });
          told.push(`close ${open.delete(closing)}`);
          return accepted;
        }
        const alert = read(r, GENIE_ALERT);
        if (r.path !== path) return { status: 404 };
        if (!alert.ok) return json(422, { message: 'Request body is not processable.', errors: { body: alert.why }, took: 0, requestId: 'r' });
        told.push(open.has(alert.value.alias) ? 'count' : `create ${alert.value.priority}`);
        open.add(alert.value.alias);
        return accepted;
      };
    },
    errors: {
      limited: (echo) => json(429, { message: `You are making too many requests! ${echo}`, took: 0, requestId: 'r' }, WAIT),
      broken: () => json(503, { message: 'Service Unavailable', took: 0, requestId: 'r' }),
      refused: (echo) => json(422, { message: `Request body is not processable. ${echo}`, took: 0, requestId: 'r' }),
    },
  };
}

const SLACK_BLOCK = z.looseObject({ type: z.enum(['header', 'section', 'context']) });
const SLACK_MESSAGE = z.strictObject({
  channel: z.string(), text: z.string().min(1), blocks: z.array(SLACK_BLOCK).max(50), unfurl_links: z.boolean(), thread_ts: z.string().optional(), reply_broadcast: z.boolean().optional(),
});
const SLACK_UPDATE = z.strictObject({ channel: z.string(), ts: z.string(), text: z.string().min(1), blocks: z.array(SLACK_BLOCK).max(50) });

/** The Web API: 200 with `ok: false` for what it refuses. */
const slackBot: Vendor = {
  secret: 'xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcBrzbqgy',
  options: (url) => ({ url, token: slackBot.secret, channel: 'C0123456789' }),
  serve: (secret, told) => {
    let n = 0;
    return (r) => {
      if (r.headers.authorization !== `Bearer ${secret}`) return json(200, { ok: false, error: 'invalid_auth' });
      if (r.path === '/api/chat.update') {
        const update = read(r, SLACK_UPDATE);
        if (!update.ok) return json(200, { ok: false, error: 'invalid_arguments' });
        told.push(`update ${update.value.ts}`);
        return json(200, { ok: true, channel: 'C0123456789', ts: update.value.ts });
      }
      const message = read(r, SLACK_MESSAGE);
      if (r.path !== '/api/chat.postMessage' || !message.ok) return json(200, { ok: false, error: 'invalid_arguments' });
      told.push(`post ${++n}.0${message.value.thread_ts === undefined ? '' : ` in ${message.value.thread_ts}`}`);
      return json(200, { ok: true, channel: 'C0123456789', ts: `${n}.0` });
    };
  },
  errors: {
    limited: () => json(429, { ok: false, error: 'ratelimited' }, WAIT),
    broken: () => json(200, { ok: false, error: 'internal_error' }),
    refused: (echo) => json(200, { ok: false, error: 'is_archived', detail: echo }),
  },
};

export const VENDORS: Readonly<Record<string, Vendor>> = {
  pagerduty, twilio, teams, telegram, ntfy, matrix, discord, 'slack-bot': slackBot,
  opsgenie: genie('/v2/alerts', 'eb243592-faa2-4ba2-a551q-1afdf565c889'), jsm: genie('/jsm/ops/integration/v2/alerts', 'fa354603-aab3-4cb3-b662-2bfeg676d990'),
};
