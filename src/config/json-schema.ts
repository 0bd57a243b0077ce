import { z } from 'zod';
import { configSchema } from './schema.ts';

/** The JSON Schema (2020-12) of the configuration as written: for editors, forms and the reference. */
export function configJsonSchema(): unknown {
  return { ...z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }), title: 'Wirewatch configuration' };
}
