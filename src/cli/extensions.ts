import type { z } from 'zod';
import type { Extensions, OptionSchema } from '../config/extension-options.ts';

/** Option schemas of everything in the extension folders, for checking a configuration. Loaded late: most commands need none. */
export async function loadExtensions(): Promise<Extensions> {
  const [{ types }, { detectors }, { channels }, { actions }] = await Promise.all([
    import('../probe/types.generated.ts'),
    import('../detect/detectors.generated.ts'),
    import('../notify/channels.generated.ts'),
    import('../respond/actions.generated.ts'),
  ]);
  const bySchema = (list: readonly { readonly name: string; readonly options: z.ZodType; readonly secrets?: readonly string[] }[]): Map<string, OptionSchema> =>
    new Map(list.map((d) => [d.name, { schema: d.options, secrets: d.secrets ?? [] }]));
  return {
    probes: bySchema(types),
    channels: bySchema(channels),
    actions: bySchema(actions),
    detectors: new Map(detectors.map((d) => [d.name, { defaults: d.defaults as unknown as Readonly<Record<string, unknown>>, help: d.optionHelp }])),
  };
}
