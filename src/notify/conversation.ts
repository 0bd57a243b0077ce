import { z } from 'zod';
import { msOf } from '../base/time.ts';
import { authorityOf } from './authority.ts';
import type { ChannelContext, SendResult } from './define-channel.ts';
import { httpOutcome, httpPost, networkFailure, type HttpAnswer, type HttpPost } from './http-post.ts';

/** Options that every channel over HTTPS has; `url` is its own, with the vendor's address as the default. */
export const trustOptions = {
  ca: z.string().optional().describe('PEM of the authority to trust in place of the system\'s (a proxy, a server of one\'s own).'),
  caFile: z.string().optional().describe('File with that PEM.'),
};

interface Trust {
  readonly ca?: string | undefined;
  readonly caFile?: string | undefined;
}

export interface Question extends Pick<HttpPost, 'url' | 'method' | 'maxAnswer'> {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as a form. */
  readonly form?: Readonly<Record<string, string>> | undefined;
  /** How this vendor says that something went wrong; what it leaves undefined is judged by the status. */
  judge?(answer: HttpAnswer): SendResult | undefined;
  /** Statuses besides 2xx that are an answer and no failure. */
  readonly expected?: readonly number[] | undefined;
}

/** One request of the attempt: its answer, where it is a good one; anything else ends the conversation with its outcome. */
export type Ask = (question: Question) => Promise<HttpAnswer>;

/** What ends a conversation before its end. */
class Ending extends Error {
  readonly result: SendResult;

  constructor(result: SendResult) {
    super(result.outcome);
    this.result = result;
  }
}

/** What to throw where an answer is not of the documented form: a proxy's page, most likely. Tried again. */
export function foreignAnswer(whose: string): Error {
  return new Ending({ outcome: 'retry', reason: `the answer is not ${whose}'s` });
}

/** The requests of one attempt: whatever refuses, fails or does not answer becomes the outcome. */
export async function converse(ctx: ChannelContext, trust: Trust, talk: (ask: Ask) => Promise<SendResult>): Promise<SendResult> {
  const nowMs = msOf(ctx.now);
  try {
    const ca = await authorityOf(trust);
    return await talk(async ({ url, method, maxAnswer, headers, json, form, judge, expected = [] }) => {
      const type = json !== undefined ? 'application/json' : form !== undefined ? 'application/x-www-form-urlencoded' : undefined;
      const body = json !== undefined ? JSON.stringify(json) : form !== undefined ? new URLSearchParams(form).toString() : '';
      const answer = await httpPost({ url, method, maxAnswer, ca, body, signal: ctx.signal, headers: { ...(type === undefined ? {} : { 'content-type': type }), ...headers } });
      const result = judge?.(answer) ?? httpOutcome(answer, nowMs);
      if (result.outcome !== 'delivered' && !expected.includes(answer.status)) throw new Ending(result);
      return answer;
    });
  } catch (error) {
    return error instanceof Ending ? error.result : networkFailure(error, ctx.signal);
  }
}

/** The answer read as JSON of a form; undefined where it is something else (a captive portal's page). */
export function answerAs<T>(answer: HttpAnswer, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(answer.body)).data;
  } catch {
    return undefined;
  }
}

export function basicAuth(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** `path` below the configured address, which may have a path of its own. */
export function below(url: string, path: string): string {
  return `${url.replace(/\/+$/, '')}${path}`;
}
