import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../../test/support/signals.ts';
import { decideNotify, type GroupView, type NotifyLogEntry } from './dedup.ts';

const options = { repeatIntervalMs: 3_600_000, sendResolved: true };
const entry = (firing: string[], resolved: string[] = []): NotifyLogEntry => ({ time: at(0), firing, resolved });
const group = (firing: string[], resolved: string[] = [], muted: string[] = []): GroupView => ({ firing, muted, resolved });

const rows: [title: string, entry: NotifyLogEntry | undefined, view: GroupView, seconds: number, sendResolved: boolean, notify: boolean, reason: string][] = [
  ['no entry and one fires: the first notification', undefined, group(['a']), 10, true, true, 'first'],
  ['no entry and one fires beside one that ended: the first notification', undefined, group(['a'], ['b']), 10, true, true, 'first'],
  ['no entry and all ended: never told, so no resolve', undefined, group([], ['a']), 10, true, false, 'never_told'],
  ['one fires that was not told: new alerts', entry(['a']), group(['a', 'b']), 10, true, true, 'new_alerts'],
  ['one fires after all had ended: first again', entry([], ['a']), group(['a']), 10, true, true, 'first'],
  ['none fires and some were told: resolved', entry(['a', 'b']), group([], ['a', 'b']), 10, true, true, 'resolved'],
  ['none fires and some were told: the log is cleared though the receiver wants no resolves', entry(['a']), group([], ['a']), 10, false, true, 'resolved'],
  ['none fires and none was told as firing: nothing', entry([], ['a']), group([], ['a']), 10, true, false, 'never_told'],
  ['none fires, none was told, the group is empty: nothing', entry([]), group([]), 10, true, false, 'nothing_new'],
  ['one of two ended: resolved', entry(['a', 'b']), group(['a'], ['b']), 10, true, true, 'resolved'],
  ['one of two ended and the receiver wants no resolves: nothing', entry(['a', 'b']), group(['a'], ['b']), 10, false, false, 'nothing_new'],
  ['an ending that was told is not told again', entry(['a'], ['b']), group(['a'], ['b']), 10, true, false, 'nothing_new'],
  ['nothing changed and the repeat interval is over: repeat', entry(['a']), group(['a']), 3600, true, true, 'repeat'],
  ['nothing changed within the repeat interval: nothing', entry(['a']), group(['a']), 3599, true, false, 'nothing_new'],
  ['a subset of what was told still fires: nothing new', entry(['a', 'b']), group(['a']), 10, true, false, 'nothing_new'],
  ['a muted alert that was never told stays untold', undefined, group([], [], ['a']), 10, true, false, 'never_told'],
  ['a muted alert that was told is not taken for resolved', entry(['a']), group([], [], ['a']), 10, true, false, 'nothing_new'],
  ['a muted alert is not repeated', entry(['a']), group([], [], ['a']), 7200, true, false, 'nothing_new'],
  ['an alert beside a muted one is told as resolved', entry(['a', 'b']), group([], ['b'], ['a']), 10, true, true, 'resolved'],
];

for (const [title, log, view, seconds, sendResolved, notify, reason] of rows) {
  test(`dedup: ${title}`, () => {
    assert.deepEqual(decideNotify(log, at(seconds), view, { ...options, sendResolved }), { notify, reason });
  });
}
