// Written by `npm run gen`. Do not edit: add a file to the folder and run it again.
import slack from './channels/slack.ts';
import smtp from './channels/smtp.ts';
import webhook from './channels/webhook.ts';

export const channels = [
  slack,
  smtp,
  webhook,
];
