import type { Notification } from '../model/index.ts';
import { cut, cutEscaped } from './wording.ts';

// Block Kit's limits: header 150 characters, section 3,000; fewer here, for escaping makes text longer.
const HEADER_CHARS = 150;
const SECTION_CHARS = 2_900;

/** Slack's three characters that mean something (mrkdwn): everything else is written as it is. */
export function escapeSlack(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** A message in Block Kit: `text` is what notifications and old clients show, blocks what people see. */
export function slackMessage(n: Notification, mention: string | undefined): { readonly text: string; readonly blocks: readonly unknown[] } {
  const call = mention !== undefined && n.status === 'firing' ? `${mention} ` : '';
  const mark = n.status === 'resolved' ? ':white_check_mark:' : n.severity === 'critical' ? ':rotating_light:' : ':warning:';
  const link = n.link === null ? '' : `<${n.link.replace(/[<>|\s]/g, encodeURIComponent)}|Open incident>`;
  return {
    text: `${call}${mark} ${escapeSlack(n.subject)}`,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cut(n.subject === '' ? 'Wirewatch' : n.subject, HEADER_CHARS), emoji: false } },
      { type: 'section', text: { type: 'mrkdwn', text: `${call}${mark}\n${cutEscaped(escapeSlack(n.body), SECTION_CHARS - call.length)}` } },
      ...(link === '' ? [] : [{ type: 'context', elements: [{ type: 'mrkdwn', text: link }] }]),
    ],
  };
}
