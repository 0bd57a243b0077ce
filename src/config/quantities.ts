import { z } from 'zod';
import { parseCidr, parseIp } from '../base/ip.ts';
import { parseDurationMs } from '../base/time.ts';

/** A duration as text (`"90s"`, `"1h30m"`); milliseconds inside. */
export function duration(atLeastMs = 0): z.ZodType<number, string> {
  return z
    .string()
    .meta({ format: 'duration', examples: ['90s', '1h30m'] })
    .transform((text, ctx) => {
      const ms = parseDurationMs(text);
      if (ms === undefined) {
        ctx.addIssue({ code: 'custom', message: `"${text}" is not a duration; write a number with its unit, such as "90s", "5m" or "1h30m"` });
        return z.NEVER;
      }
      if (ms < atLeastMs) {
        ctx.addIssue({ code: 'custom', message: `"${text}" is too short: at least ${atLeastMs} ms` });
        return z.NEVER;
      }
      return ms;
    }) as unknown as z.ZodType<number, string>;
}

const SIZE_UNITS: Readonly<Record<string, number>> = {
  B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, KIB: 2 ** 10, MIB: 2 ** 20, GIB: 2 ** 30, TIB: 2 ** 40,
};

/** Bytes of `512MiB`, `2 GB`, `1000B`; undefined where the text is not a size. */
export function parseSize(text: string): number | undefined {
  const found = /^\s*(\d+(?:\.\d+)?)\s*([kKmMgGtT]?[iI]?[bB])\s*$/.exec(text);
  const unit = found === null ? undefined : SIZE_UNITS[found[2].toUpperCase()];
  return found === null || unit === undefined ? undefined : Math.round(Number(found[1]) * unit);
}

/** A size as text (`"2GiB"`); bytes inside. */
export function size(atLeast = 0): z.ZodType<number, string> {
  return z
    .string()
    .meta({ format: 'size', examples: ['512MiB', '2GiB'] })
    .transform((text, ctx) => {
      const bytes = parseSize(text);
      if (bytes === undefined) {
        ctx.addIssue({ code: 'custom', message: `"${text}" is not a size; write a number with its unit, such as "512MiB" or "2GiB"` });
        return z.NEVER;
      }
      if (bytes < atLeast) {
        ctx.addIssue({ code: 'custom', message: `"${text}" is too small: at least ${atLeast} bytes` });
        return z.NEVER;
      }
      return bytes;
    }) as unknown as z.ZodType<number, string>;
}

/** A share as text (`"5%"`); 0 to 1 inside. */
export function ratio(): z.ZodType<number, string> {
  return z
    .string()
    .meta({ format: 'ratio', examples: ['5%', '0.5%'] })
    .transform((text, ctx) => {
      const found = /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(text);
      const value = found === null ? Number.NaN : Number(found[1]) / 100;
      if (!(value >= 0 && value <= 1)) {
        ctx.addIssue({ code: 'custom', message: `"${text}" is not a share; write a percentage from "0%" to "100%"` });
        return z.NEVER;
      }
      return value;
    }) as unknown as z.ZodType<number, string>;
}

/** A network such as `10.0.0.0/8` or `2001:db8::/32`. */
export const cidr = z.string().meta({ examples: ['192.0.2.0/24', '2001:db8::/32'] }).refine((text) => parseCidr(text) !== undefined, {
  error: (issue) => `"${String(issue.input)}" is not a network; write an address with its prefix length, such as "192.0.2.0/24" or "2001:db8::/32"`,
});

/** An address of either family. */
export const ipAddress = z.string().refine((text) => parseIp(text) !== undefined, {
  error: (issue) => `"${String(issue.input)}" is not an IPv4 or IPv6 address`,
});

/** A short name for people and for references: letters, digits, `-`, `_`, `.`. */
export const identifier = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/, {
  error: (issue) => `"${String(issue.input)}" is not a name; use up to 63 letters, digits, "-", "_" and ".", beginning with a letter or digit`,
});
