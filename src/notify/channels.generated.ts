// Written by `npm run gen`. Do not edit: add a file to the folder and run it again.
import command from './channels/command.ts';
import discord from './channels/discord.ts';
import github from './channels/github.ts';
import gitlab from './channels/gitlab.ts';
import jira from './channels/jira.ts';
import journal from './channels/journal.ts';
import jsm from './channels/jsm.ts';
import matrix from './channels/matrix.ts';
import modem from './channels/modem.ts';
import ntfy from './channels/ntfy.ts';
import opsgenie from './channels/opsgenie.ts';
import pagerduty from './channels/pagerduty.ts';
import servicenow from './channels/servicenow.ts';
import slackBot from './channels/slack-bot.ts';
import slack from './channels/slack.ts';
import smtp from './channels/smtp.ts';
import syslog from './channels/syslog.ts';
import teams from './channels/teams.ts';
import telegram from './channels/telegram.ts';
import twilio from './channels/twilio.ts';
import webhook from './channels/webhook.ts';

export const channels = [
  command,
  discord,
  github,
  gitlab,
  jira,
  journal,
  jsm,
  matrix,
  modem,
  ntfy,
  opsgenie,
  pagerduty,
  servicenow,
  slackBot,
  slack,
  smtp,
  syslog,
  teams,
  telegram,
  twilio,
  webhook,
];
