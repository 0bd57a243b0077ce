import type { ChannelDefinition } from './define-channel.ts';

/** Values of the options that a channel calls secret, and their other spellings (URL-encoded, base64). */
export function secretsOf(definition: Pick<ChannelDefinition, 'secrets'>, options: unknown): string[] {
  const values = definition.secrets
    .map((name) => (options as Record<string, unknown> | undefined)?.[name])
    .flatMap((value) => (Array.isArray(value) ? value : typeof value === 'object' && value !== null ? Object.values(value) : [value]))
    .filter((value): value is string => typeof value === 'string' && value !== '');
  // The longest first, so that no part of a secret is left beside a shorter one.
  return values
    .flatMap((v) => [v, encodeURIComponent(v), Buffer.from(v).toString('base64'), ...pathOf(v)])
    .sort((a, b) => b.length - a.length);
}

/** A secret URL is secret in its path and query, as written and decoded: servers echo those. */
function pathOf(value: string): string[] {
  if (!URL.canParse(value)) return [];
  const url = new URL(value);
  const tail = `${url.pathname}${url.search}`;
  const parts = [...url.pathname.split('/'), ...url.searchParams.values()].filter((part) => part.length >= 8);
  return tail.length > 1 ? [tail, ...parts, ...parts.map(decoded)] : [];
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Text without the secrets, on one line, of bearable length. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) clean = clean.replaceAll(secret, '***');
  return clean.replace(/[\r\n\t]+/g, ' ').slice(0, 400);
}
