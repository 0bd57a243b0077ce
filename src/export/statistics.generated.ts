// Written by `npm run gen`. Do not edit: add a file to the folder and run it again.
import conversations from './statistics/conversations.ts';
import dns from './statistics/dns.ts';
import endpoints from './statistics/endpoints.ts';
import expert from './statistics/expert.ts';
import flow from './statistics/flow.ts';
import hierarchy from './statistics/hierarchy.ts';
import http from './statistics/http.ts';
import io from './statistics/io.ts';
import lengths from './statistics/lengths.ts';
import srt from './statistics/srt.ts';

export const statistics = [
  conversations,
  dns,
  endpoints,
  expert,
  flow,
  hierarchy,
  http,
  io,
  lengths,
  srt,
];
