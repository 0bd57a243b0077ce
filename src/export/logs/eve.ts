import { defineLogFormat, type LogLine } from '../log-format.ts';
import { flowEvent, recordEvents, type EveEvent } from '../eve-events.ts';

/** Suricata's EVE: all events as JSON lines in one file. */
export const eve = defineLogFormat({
  name: 'eve',
  summary: "Suricata's EVE events as JSON lines",
  create(ctx) {
    const line = (event: EveEvent): LogLine => ({ file: 'eve.json', text: `${JSON.stringify(event)}\n` });
    return { flow: (flow) => [line(flowEvent(flow, ctx))], record: (record) => recordEvents(record, ctx).map(line), head: () => '' };
  },
});
export default eve;
