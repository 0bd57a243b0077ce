import { RE2JS } from 're2js';
import { z } from 'zod';

/** Options that say what a response must be. */
export const ASSERTION_OPTIONS = {
  expectStatus: z.array(z.int().min(100).max(599)).default([]).describe('Status codes that are right; 200 to 299 where it is empty.'),
  expectBody: z.string().min(1).optional().describe('Text that the body must contain.'),
  refuseBody: z.string().min(1).optional().describe('Text that the body must not contain, such as an error that comes with status 200.'),
  expectBodyMatch: z.string().min(1).max(1000).optional().describe('Regular expression (RE2) that the body must match.'),
  expectHeaders: z.record(z.string().min(1), z.string()).default({}).describe('Headers that the response must have: by name, a regular expression (RE2) that some part of the value matches.'),
  expectJson: z.array(z.strictObject({
    path: z.string().min(1).max(500).describe('Keys and indexes with dots between them: `services.0.status`; `$` is the whole.'),
    equals: z.union([z.string(), z.number(), z.boolean(), z.null()]).optional(),
    match: z.string().min(1).max(1000).optional().describe('Regular expression (RE2) for the value as text.'),
    min: z.number().optional(),
    max: z.number().optional(),
  })).max(50).default([]).describe('What the body, which must then be JSON, must say; with a path alone, that the value is there.'),
  expectLocation: z.string().min(1).optional().describe('Text that the redirect, which is then not followed, must point at (contained in `Location`).'),
};

const assertions = z.object(ASSERTION_OPTIONS);
export type Assertions = z.output<typeof assertions>;

export interface Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** The value at a path of keys; `undefined` where there is none. Only own properties count. */
export function valueAt(json: unknown, path: string): unknown {
  let value = json;
  for (const key of path === '$' ? [] : path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

const matches = (pattern: string, text: string): boolean => RE2JS.compile(pattern).matcher(text).find();
const shown = (value: unknown): string => (JSON.stringify(value) ?? 'missing').slice(0, 80);

function wrongJson(body: string, wanted: Assertions['expectJson']): string | null {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return 'the body is not JSON';
  }
  for (const w of wanted) {
    const value = valueAt(json, w.path);
    if (value === undefined) return `${w.path} is missing in the body`;
    if (w.equals !== undefined && value !== w.equals) return `${w.path} is ${shown(value)}`;
    if (w.match !== undefined && !matches(w.match, typeof value === 'string' ? value : shown(value))) return `${w.path} is ${shown(value)}`;
    if ((w.min !== undefined || w.max !== undefined) && typeof value !== 'number') return `${w.path} is not a number`;
    if (w.min !== undefined && (value as number) < w.min) return `${w.path} is ${shown(value)}, below ${w.min}`;
    if (w.max !== undefined && (value as number) > w.max) return `${w.path} is ${shown(value)}, above ${w.max}`;
  }
  return null;
}

/** What of the response is not as it should be; null where all is. */
export function wrongWith(r: Response, a: Assertions): string | null {
  const location = r.headers.location;
  if (a.expectLocation !== undefined) {
    if (r.status < 300 || r.status > 399 || typeof location !== 'string') return `it is no redirect: the status is ${r.status}`;
    if (!location.includes(a.expectLocation)) return 'the redirect points elsewhere';
  }
  const right = a.expectStatus.length > 0 ? a.expectStatus.includes(r.status) : a.expectLocation !== undefined || (r.status >= 200 && r.status < 300);
  if (!right) return `the status is ${r.status}`;
  for (const [name, pattern] of Object.entries(a.expectHeaders)) {
    const value = r.headers[name.toLowerCase()];
    if (value === undefined) return `the header ${name} is missing`;
    if (![value].flat().some((v) => matches(pattern, v as string))) return `the header ${name} does not match ${pattern}`;
  }
  if (a.expectBody !== undefined && !r.body.includes(a.expectBody)) return `the body does not contain "${a.expectBody}"`;
  if (a.refuseBody !== undefined && r.body.includes(a.refuseBody)) return `the body contains "${a.refuseBody}"`;
  if (a.expectBodyMatch !== undefined && !matches(a.expectBodyMatch, r.body)) return `the body does not match ${a.expectBodyMatch}`;
  return a.expectJson.length > 0 ? wrongJson(r.body, a.expectJson) : null;
}
