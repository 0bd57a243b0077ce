import { WirewatchError } from '../base/errors.ts';
import { nearestNames } from '../base/nearest.ts';
import type { ChannelDefinition } from './define-channel.ts';
import type { ChannelInstance } from './outbox-runner.ts';

/** A configured channel from its kind and options. Throws a `WirewatchError` that says which option is wrong, never its value. */
export function createChannel(name: string, type: string, options: unknown, kinds: Iterable<ChannelDefinition>): ChannelInstance {
  const all = [...kinds];
  const definition = all.find((d) => d.name === type);
  if (definition === undefined) {
    const near = nearestNames(type, all.map((d) => d.name));
    throw new WirewatchError('WW_CONFIG_VALUE', `there is no channel type ${type}`, {
      where: `channels.${name}.type`, remedy: near.length > 0 ? `Did you mean ${near[0]}?` : `One of ${all.map((d) => d.name).join(', ')}.`,
    });
  }
  const parsed = definition.options.safeParse(options);
  if (parsed.success) return { name, definition, options: parsed.data };
  const [issue] = parsed.error.issues;
  throw new WirewatchError('WW_CONFIG_VALUE', `channel ${name}: ${issue.message}`, { where: ['channels', name, ...issue.path.map(String)].join('.') });
}
